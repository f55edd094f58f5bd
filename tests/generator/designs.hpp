#pragma once
/// The shipped shop as a design, and its templates as JSON.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "generator/deployment.hpp"
#include "models/load.hpp"

namespace shopsim::generator::testing {

/// `scenarios/platforms/shop.yaml` with these `path=value` laid over it.
inline Design shop(std::vector<std::string> sets = {}) {
  models::LoadOptions options;
  options.sets = std::move(sets);
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_platform(
      std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios/platforms/shop.yaml", options,
      diagnostics);
  EXPECT_TRUE(loaded) << sim::to_text(diagnostics);
  return {.platform = loaded->platform,
          .catalogue = loaded->catalogue,
          .platform_file = "shop.yaml"};
}

inline nlohmann::json template_of(const Design& design, const std::string& stack) {
  const Deployment deployment = make_deployment(design);
  for (const DeploymentFile& file : deployment.files) {
    if (file.path == "templates/json/" + stack + ".template.json") {
      return nlohmann::json::parse(file.content);
    }
  }
  ADD_FAILURE() << "no template " << stack;
  return {};
}

}  // namespace shopsim::generator::testing
