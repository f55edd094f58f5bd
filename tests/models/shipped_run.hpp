#pragma once
/// Runs of the shipped scenarios, cut to a window.
#include <string>
#include <utility>
#include <vector>

#include "models/load.hpp"
#include "shop_files.hpp"
#include "small_world.hpp"

namespace shopsim::models::testing {

/// Loads a shipped scenario with what is set, and runs its first replication.
inline void run_shipped(const char* name, std::vector<std::string> sets, Ran& ran) {
  LoadOptions options;
  options.sets = std::move(sets);
  sim::Diagnostics diagnostics;
  const auto file = test::shipped_scenarios() / (std::string(name) + ".yaml");
  const auto loaded = load_scenario(file, options, diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  const auto plan = compile({loaded->platform, loaded->scenario, loaded->catalogue}, diagnostics);
  ASSERT_TRUE(plan) << test::all_text(diagnostics);
  run(*plan, ran);
}

}  // namespace shopsim::models::testing
