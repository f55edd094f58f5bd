// Warm pools, lifecycle hooks and deployments that AWS would refuse or that make no sense.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "models/load.hpp"
#include "shop_files.hpp"

namespace shopsim::models {
namespace {

struct Mistake {
  const char* name;
  std::vector<std::string> sets;  ///< on the shipped platform
  const char* code;
  const char* words;  ///< in the finding; empty: there is none
  sim::Severity severity = sim::Severity::error;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class CheckInstances : public ::testing::TestWithParam<Mistake> {};

TEST_P(CheckInstances, FindsTheMistake) {
  const Mistake& mistake = GetParam();
  LoadOptions options;
  options.sets = mistake.sets;
  sim::Diagnostics diagnostics;
  const auto loaded = load_platform(test::shipped_scenarios() / "platforms/shop.yaml", options,
                                    diagnostics);
  if (*mistake.words == '\0') {
    EXPECT_TRUE(loaded && diagnostics.all().empty()) << test::all_text(diagnostics);
    return;
  }
  const auto found = test::with_code(diagnostics, mistake.code);
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_NE(found[0].message.find(mistake.words), std::string::npos) << found[0].message;
  EXPECT_EQ(found[0].severity, mistake.severity);
  EXPECT_FALSE(found[0].hint.empty());
  EXPECT_EQ(loaded.has_value(), mistake.severity != sim::Severity::error);
}

const std::string kPool = "web.scaling.warm_pool.enabled=true";
const std::string kHibernated = "web.scaling.warm_pool.state=hibernated";

const std::vector<Mistake> kMistakes = {
    {"AStoppedPool", {kPool}, "warm-pool", ""},
    {"AHibernatedPool", {kPool, kHibernated}, "warm-pool", ""},
    {"ATypeThatCannotHibernate", {kPool, kHibernated, "web.instance_type=c8g.large"}, "warm-pool",
     "c8g.large cannot hibernate"},
    // 16 GiB of memory and 8 GB for the system do not fit into 20 GB.
    {"ADiskTooSmallForTheMemory",
     {kPool, kHibernated, "web.instance_type=m7g.xlarge", "web.root_volume=20 GB"}, "warm-pool",
     "does not hold the memory"},
    {"TheSameDiskUnderAStoppedPool",
     {kPool, "web.instance_type=m7g.xlarge", "web.root_volume=20 GB"}, "warm-pool", ""},
    {"APoolThatIsAlwaysEmpty",
     {kPool, "web.scaling.minimum=4", "web.scaling.desired=4",
      "web.scaling.warm_pool.maximum_prepared=3"}, "warm-pool", "always empty"},
    {"TheSameWithAMinimum",
     {kPool, "web.scaling.minimum=4", "web.scaling.desired=4",
      "web.scaling.warm_pool.maximum_prepared=3", "web.scaling.warm_pool.minimum=1"}, "warm-pool",
     ""},
    {"TwoHooksOfOneName", {"web.scaling.lifecycle_hooks=[{name: a}, {name: a}]"},
     "duplicate-name", "stands twice"},
    {"AHookThatIsNeverDoneInTime",
     {"web.scaling.lifecycle_hooks=[{name: a, heartbeat_timeout: 30 s, work: 60 s}]"},
     "lifecycle-hook", "takes longer", sim::Severity::warning},
    {"AnUnknownRollbackAlarm", {"web.deployment.rollback_alarms=[server-error]"}, "unknown-alarm",
     "no alarm 'server-error'"},
    {"AKnownOne", {"web.deployment.rollback_alarms=[server-errors]"}, "unknown-alarm", ""},
};

INSTANTIATE_TEST_SUITE_P(Rows, CheckInstances, ::testing::ValuesIn(kMistakes),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace shopsim::models
