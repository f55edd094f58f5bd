#include "models/assumptions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "shop_files.hpp"
#include "sim/config_schema.hpp"
#include "sim/field_tree.hpp"

namespace shopsim::models {
namespace {

LoadedScenario shipped(const std::string& name, std::vector<std::string> sets = {}) {
  sim::Diagnostics diagnostics;
  LoadOptions options;
  options.sets = std::move(sets);
  auto loaded =
      load_scenario(test::shipped_scenarios() / (name + ".yaml"), options, diagnostics);
  EXPECT_TRUE(loaded) << test::all_text(diagnostics);
  return *loaded;
}

bool is_number(sim::ValueKind kind) {
  using sim::ValueKind;
  switch (kind) {
    case ValueKind::integer:
    case ValueKind::real:
    case ValueKind::duration:
    case ValueKind::bytes:
    case ValueKind::rate:
    case ValueKind::bit_rate:
    case ValueKind::money:
    case ValueKind::fraction:
    case ValueKind::duration_distribution:
    case ValueKind::size_distribution:
    case ValueKind::money_distribution:
    case ValueKind::count_distribution: return true;
    default: return false;
  }
}

/// Every number that is marked as an assumption, as `platform.` or `scenario.` path.
std::vector<std::string> assumed_numbers() {
  std::vector<std::string> list;
  const auto add = [&list](const sim::FieldTree& tree, const std::string& file) {
    for (const std::string& path : sim::paths_of(tree.root)) {
      const sim::FieldNode* field = sim::find_field(tree.root, path);
      if (field != nullptr && is_number(field->kind) &&
          field->confidence == sim::Confidence::assumption) {
        list.push_back(file + path);
      }
    }
  };
  add(sim::field_tree(Platform{}), "platform.");
  add(sim::field_tree(Scenario{}), "scenario.");
  return list;
}

TEST(Assumptions, EveryNumberMarkedAsOneHasTwoEndsOrAReasonWhyNot) {
  for (const std::string& path : assumed_numbers()) {
    const bool has_ends =
        std::any_of(assumptions().begin(), assumptions().end(),
                    [&path](const Assumption& of) { return path == of.key; });
    const bool is_excused =
        std::any_of(decisions().begin(), decisions().end(),
                    [&path](const NoAssumption& of) { return path.starts_with(of.prefix); });
    EXPECT_NE(has_ends, is_excused) << path;
  }
}

TEST(Assumptions, EveryKeyIsAFieldAndStandsThereOnce) {
  const auto platform = sim::field_paths(Platform{});
  const auto scenario = sim::field_paths(Scenario{});
  std::set<std::string_view> seen;
  for (const Assumption& of : assumptions()) {
    const bool on_platform = of.key.starts_with("platform.");
    const auto& paths = on_platform ? platform : scenario;
    const std::string path(of.key.substr(9));  // both prefixes are as long
    EXPECT_NE(std::find(paths.begin(), paths.end(), path), paths.end()) << of.key;
    EXPECT_TRUE(seen.insert(of.key).second) << of.key;
  }
  for (const NoAssumption& of : decisions()) {
    const auto& paths = of.prefix.starts_with("platform.") ? platform : scenario;
    const bool known = std::any_of(paths.begin(), paths.end(), [&of](const std::string& path) {
      return path.starts_with(of.prefix.substr(9));
    });
    EXPECT_TRUE(known) << of.prefix;
  }
}

const Assumption& named(std::string_view key) {
  const auto all = assumptions();
  return *std::find_if(all.begin(), all.end(), [key](const auto& of) { return of.key == key; });
}

TEST(Assumptions, AnEndMovesTheValueAndNothingElse) {
  const LoadedScenario loaded = shipped("zone_loss");
  LoadedScenario moved = loaded;
  const Assumption& promotion = named("platform.database.failover.promotion");
  EXPECT_EQ(move_to(moved, promotion, promotion.high), 1U);
  const auto& before = loaded.platform.database.failover;
  const auto& after = moved.platform.database.failover;
  EXPECT_DOUBLE_EQ(after.promotion.a, 2 * before.promotion.a);
  EXPECT_EQ(after.promotion.b, before.promotion.b);  // sigma is no time
  EXPECT_EQ(after.detection, before.detection);
  EXPECT_EQ(moved.platform.database.round_trip, loaded.platform.database.round_trip);
}

TEST(Assumptions, MissesAreWhatIsMultipliedOfAHitRatio) {
  LoadedScenario moved = shipped("normal_day", {"database.buffer_hit_ratio=0.9"});
  const Assumption& hits = named("platform.database.buffer_hit_ratio");
  move_to(moved, hits, hits.high);
  EXPECT_DOUBLE_EQ(moved.platform.database.buffer_hit_ratio.value, 0.8);
}

TEST(Assumptions, OnlyWhatAScenarioHasMatters) {
  const LoadedScenario day = shipped("normal_day");
  const LoadedScenario zone = shipped("zone_loss");
  EXPECT_FALSE(matters(named("platform.database.failover.promotion"), day));
  EXPECT_TRUE(matters(named("platform.database.failover.promotion"), zone));
  EXPECT_FALSE(matters(named("platform.payment.latency"), day));
  EXPECT_FALSE(matters(named("scenario.clients.order_value"), day));
  EXPECT_TRUE(matters(named("platform.database.commit"), day));
}

TEST(Assumptions, ThePresentValueHasItsUnit) {
  const LoadedScenario loaded = shipped("normal_day", {"database.reads_per_vcpu=1200 /s"});
  EXPECT_EQ(present_value(loaded, named("platform.database.reads_per_vcpu")), "1200 /s");
  EXPECT_NE(present_value(loaded, named("scenario.clients.pages[].cpu")).find(" values"),
            std::string::npos);
}

}  // namespace
}  // namespace shopsim::models
