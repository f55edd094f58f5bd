#include "cli/load_options.hpp"

namespace shopsim::cli {

std::vector<Option> load_option_list() {
  return {
      {"platform", 'p', "FILE", "use this platform instead of the one the scenario names"},
      {"set", 's', "PATH=VALUE", "change one value, e.g. web.scaling.minimum=4", true},
      {"prices", 0, "FILE", "prices that override the built-in catalogue"},
  };
}

models::LoadOptions load_options(const Arguments& arguments, sim::Diagnostics& diagnostics) {
  models::LoadOptions options;
  if (const auto platform = arguments.value("platform")) options.platform = *platform;
  if (const auto prices = arguments.value("prices")) options.prices = *prices;
  options.sets = arguments.values("set");
  options.seed = arguments.number("seed", 0, 9'000'000'000'000'000, diagnostics);
  return options;
}

}  // namespace shopsim::cli
