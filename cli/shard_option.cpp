#include "cli/shard_option.hpp"

#include <charconv>

namespace shopsim::cli {
namespace {

constexpr std::size_t kMostShards = 10'000;

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<analysis::Shard> shard_option(const Arguments& arguments,
                                            sim::Diagnostics& diagnostics) {
  const auto text = arguments.value("shard");
  if (!text) return std::nullopt;
  const std::size_t slash = text->find('/');
  if (slash != std::string::npos) {
    const auto number = whole_number(std::string_view(*text).substr(0, slash));
    const auto of = whole_number(std::string_view(*text).substr(slash + 1));
    if (number && of && *number >= 1 && *number <= *of && *of <= kMostShards) {
      return analysis::Shard{*number, *of};
    }
  }
  diagnostics.error("bad-shard", {"command line", 0, 0},
                    "--shard " + sim::shown(*text) + " is no share of the work",
                    "write 1/3, 2/3 and 3/3 for three calls");
  return std::nullopt;
}

}  // namespace shopsim::cli
