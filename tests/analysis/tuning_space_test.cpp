#include <gmock/gmock.h>

#include "analysis/tuning_space.hpp"
#include "sim/config_writer.hpp"
#include "tests/analysis/tuning_files.hpp"

namespace shopsim::analysis {
namespace {

using testing::TuningFiles;
using ::testing::HasSubstr;

std::string findings_of(const TuningFiles& files) {
  sim::Diagnostics diagnostics;
  const auto problem = files.load(diagnostics);
  if (problem && !diagnostics.has_errors()) {
    problem->maker->list([](const auto&, const auto&) {}, diagnostics);
  }
  return sim::to_text(diagnostics);
}

bool holds_on(const std::string& text, const std::string& platform) {
  sim::Diagnostics diagnostics;
  const auto document = sim::parse_document(platform, "platform", diagnostics);
  std::string problem;
  const auto constraint = parse_constraint(text, problem);
  EXPECT_TRUE(constraint.has_value()) << problem;
  const auto result = holds(*constraint, document->root, problem);
  EXPECT_TRUE(result.has_value()) << problem;
  return result.value_or(false);
}

TEST(TuningSpace, ConstraintsCompareSumsOfProductsWithUnits) {
  const std::string platform = "a: {b: 3, c: 2 min, d: 70 %}\nlist: [{x: 5}]\n";
  EXPECT_TRUE(holds_on("a.b <= 3", platform));
  EXPECT_FALSE(holds_on("a.b < 3", platform));
  EXPECT_TRUE(holds_on("a.c == 120 s", platform));
  EXPECT_TRUE(holds_on("a.b * list[0].x - 5 >= 10", platform));   // 3 * 5 - 5
  EXPECT_FALSE(holds_on("2 * a.b + 1 != 7", platform));
  EXPECT_TRUE(holds_on("a.d > 0.5", platform));
}

TEST(TuningSpace, WhatIsNoConstraintSaysWhy) {
  std::string problem;
  EXPECT_FALSE(parse_constraint("web.scaling.minimum", problem));
  EXPECT_THAT(problem, HasSubstr("compares nothing"));
  EXPECT_FALSE(parse_constraint("a <= ", problem));
  EXPECT_THAT(problem, HasSubstr("missing"));
  EXPECT_FALSE(parse_constraint("a <= 5 parsecs", problem));
  EXPECT_THAT(problem, HasSubstr("no number"));
}

TEST(TuningSpace, EveryAllowedCombinationIsVisitedOnce) {
  const TuningFiles files;
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  sim::Diagnostics diagnostics;
  std::set<Choices> seen;
  const auto count = problem->maker->list(
      [&](const Choices& choices, const models::Platform& platform) {
        seen.insert(choices);
        EXPECT_EQ(platform.web.scaling.desired, platform.web.scaling.minimum);
        EXPECT_EQ(problem->maker->platform(choices).web.instance_type,
                  platform.web.instance_type);
      },
      diagnostics);
  EXPECT_EQ(count.combinations, 9U);  // three types, minimum 1 to 3
  EXPECT_EQ(count.allowed, 9U);
  EXPECT_EQ(seen.size(), 9U);
}

TEST(TuningSpace, ConstraintsAndTheMissionRefuse) {
  const TuningFiles files;
  files.write("space.yaml", R"(tunables:
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    from: 1
    to: 6
constraints: [web.scaling.minimum <= 5]
mission: {servers_least: 2}
)");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  sim::Diagnostics diagnostics;
  const auto count = problem->maker->list([](const auto&, const auto&) {}, diagnostics);
  EXPECT_EQ(count.allowed, 2U);  // 2, 3: 1 by the mission, 4 and 5 by the platform
  EXPECT_EQ(count.refused.at("constraint `web.scaling.minimum <= 5`"), 1U);
}

TEST(TuningSpace, ALiftedBoundNeedNotHold) {
  const TuningFiles files;
  const std::string space = R"(tunables:
  - path: database.multi_az
    values: ["true", "false"]
  - path: database.storage
    values: [450 GB, 500 GB]
mission: {servers_least: 1, lift: [LIFT]}
)";
  const auto allowed = [&](const std::string& lift) {
    std::string text = space;
    text.replace(text.find("LIFT"), 4, lift);
    files.write("space.yaml", text);
    const auto problem = files.load();
    sim::Diagnostics diagnostics;
    return problem->maker->list([](const auto&, const auto&) {}, diagnostics).allowed;
  };
  EXPECT_EQ(allowed(""), 1U);
  EXPECT_EQ(allowed("multi_az"), 2U);
  EXPECT_EQ(allowed("multi_az, storage"), 4U);
}

TEST(TuningSpace, MistakesAreReportedAtTheirPlacesAllAtOnce) {
  const TuningFiles files;
  files.write("space.yaml", R"(tunables:
  - path: web.instance_type
    values: [m7g.lagre, c7g.large]
  - path: web.scaling.minimom
    values: [2]
  - path: web.scaling.maximum
    values: [4, 99]
)");
  const std::string text = findings_of(files);
  EXPECT_THAT(text, HasSubstr("space.yaml:3:14"));
  EXPECT_THAT(text, HasSubstr("m7g.large"));  // the suggestion
  EXPECT_THAT(text, HasSubstr("minimom"));
  EXPECT_THAT(text, HasSubstr("99"));
}

TEST(TuningSpace, MistakesOfEveryKindAreReportedAtOnce) {
  const TuningFiles files;
  files.write("space.yaml", R"(nmae: typo
tunables:
  - path: web.workers
    values: [16, 32]
    form: 8
  - path: web.scaling.maximum
    from: 9
    to: 4
  - path: web.instance_type
    also: [web.instance_tpye]
    values: [c7g.lagre]
  - name: scaling
    alternatives:
      - {name: one, set: {web.scaling.minimum: 99}}
      - {name: two, set: ["web.scaling.minimun=2", "web.workers=64"]}
  - path: web.workers
    values: [64]
constraints:
  - web.workers <> 4
  - {web.workers: 5}
mission: {lift: [sevrers]}
indifference: 20
)");
  const std::string text = findings_of(files);
  const std::string file = files.path("space.yaml");
  for (const char* const place : {":1:1", ":5:5", ":6:5", ":10:12", ":11:14", ":14:27", ":15:27",
                                  ":17:14", ":19:5", ":20:5", ":21:18", ":22:15"}) {
    EXPECT_THAT(text, HasSubstr(file + place));
  }
  // Each once: what could not be read is not reported again as missing.
  std::size_t errors = 0;
  for (std::size_t at = text.find(": error: "); at != std::string::npos;
       at = text.find(": error: ", at + 1)) {
    ++errors;
  }
  EXPECT_EQ(errors, 12U) << text;
}

TEST(TuningSpace, APathIsChosenByOneTunable) {
  const TuningFiles files;
  files.write("space.yaml", R"(tunables:
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    values: [1, 2]
  - name: size
    alternatives:
      - {name: small, set: {web.scaling.maximum: 3, web.scaling.desired: 2}}
mission: {servers_least: 1}
)");
  const std::string text = findings_of(files);
  EXPECT_THAT(text, HasSubstr("'web.scaling.desired' is chosen by 'web.scaling.minimum' already"));
  EXPECT_THAT(text, HasSubstr("space.yaml:7:"));
}

/// Policies, scheduled actions and a section as values, in both ways to write them.
const char* const kListSpace = R"(tunables:
  - path: web.scaling.policies
    values:
      - - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}
      - - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 40}
        - predictive_scaling: {name: forecast, target_value: 40}
  - name: evening
    alternatives:
      - name: as today
        set: {web.scaling.scheduled: []}
      - name: more before eight
        set:
          web.scaling.scheduled: [{name: evening, at: "19:30", minimum: 2}]
          web.scaling.instance_warm_up: 60 s
  - path: database.proxy
    values:
      - {enabled: false}
      - {enabled: true, borrow_timeout: 5 s}
mission: {servers_least: 1}
)";

TEST(TuningSpace, ListsAndSectionsAreValues) {
  const TuningFiles files;
  files.write("space.yaml", kListSpace);
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  sim::Diagnostics diagnostics;
  const auto count = problem->maker->list([](const auto&, const auto&) {}, diagnostics);
  EXPECT_EQ(count.allowed, 8U);
  const models::Platform today = problem->maker->platform({0, 0, 0});
  EXPECT_EQ(today.web.scaling.policies.size(), 1U);
  EXPECT_FALSE(today.database.proxy.enabled);
  const models::Platform other = problem->maker->platform({1, 1, 1});
  ASSERT_EQ(other.web.scaling.policies.size(), 2U);
  EXPECT_EQ(models::name_of(other.web.scaling.policies[1]), "forecast");
  ASSERT_EQ(other.web.scaling.scheduled.size(), 1U);
  EXPECT_EQ(other.web.scaling.scheduled[0].minimum, 2);
  EXPECT_EQ(other.web.scaling.warm_up(), sim::Duration{60'000'000'000});
  EXPECT_TRUE(other.database.proxy.enabled);
}

TEST(TuningSpace, ALaterTunableChangesAPartOfWhatAnEarlierOneWrote) {
  const TuningFiles files;
  files.write("space.yaml", R"(tunables:
  - path: web.scaling.policies
    values:
      - - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}
      - - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}
        - predictive_scaling: {name: forecast, target_value: 45}
  - path: web.scaling.policies[0].target_tracking.target_value
    values: [30, 60]
mission: {servers_least: 1}
)");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  for (std::uint16_t list = 0; list < 2; ++list) {
    for (std::uint16_t target = 0; target < 2; ++target) {
      const models::Platform platform = problem->maker->platform({list, target});
      const auto& policies = platform.web.scaling.policies;
      ASSERT_EQ(policies.size(), list + 1U);
      EXPECT_EQ(std::get<models::TargetTrackingConfig>(policies[0]).target_value,
                target == 0 ? 30 : 60);
      if (list == 0) continue;
      EXPECT_EQ(std::get<models::PredictiveScalingConfig>(policies[1]).target_value, 45);
    }
  }
}

TEST(TuningSpace, AWinnersListsAndSectionsAreWrittenInPlace) {
  const TuningFiles files;
  files.write("space.yaml", kListSpace);
  files.write("platform.yaml", R"(# the small shop
name: small
web:
  instance_type: t3.medium  # what it runs on
  scaling:
    minimum: 1
    maximum: 3
    desired: 1
    policies:  # how it grows
      - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}  # per cent
database:
  storage: 500 GB  # enough
)");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  sim::Diagnostics diagnostics;
  // Today's choices, in whatever words: nothing changes.
  EXPECT_EQ(winner_text(*problem, {0, 0, 0}, {}, diagnostics), problem->platform_text);
  const auto text = winner_text(*problem, {1, 1, 1}, {}, diagnostics);
  ASSERT_TRUE(text.has_value()) << sim::to_text(diagnostics);
  EXPECT_EQ(*text, R"(# the small shop
name: small
web:
  instance_type: t3.medium  # what it runs on
  scaling:
    minimum: 1
    maximum: 3
    desired: 1
    policies:  # how it grows
      - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 40}  # per cent
      - predictive_scaling:
          name: forecast
          target_value: 40
    scheduled:
      - name: evening
        at: "19:30"
        minimum: 2
    instance_warm_up: 60 s
database:
  storage: 500 GB  # enough
  proxy:
    enabled: true
    borrow_timeout: 5 s
)");
  files.write("winner.yaml", *text);
  const auto loaded = models::load_platform(files.path("winner.yaml"), {}, diagnostics);
  ASSERT_TRUE(loaded.has_value()) << sim::to_text(diagnostics);
  EXPECT_EQ(sim::to_canonical_yaml(loaded->platform),
            sim::to_canonical_yaml(problem->maker->platform({1, 1, 1})));
}

TEST(TuningSpace, AListThatTheFileLeavesAtItsDefaultIsWrittenWhole) {
  const TuningFiles files;
  files.write("platform.yaml", "name: small\nweb:\n  scaling: {minimum: 1, maximum: 3, "
                               "desired: 1}\n");
  files.write("space.yaml", R"(tunables:
  - path: web.scaling.policies[0].target_tracking.target_value
    values: [40, 60]
mission: {servers_least: 1}
)");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  sim::Diagnostics diagnostics;
  const auto text = winner_text(*problem, {1}, {}, diagnostics);
  ASSERT_TRUE(text.has_value()) << sim::to_text(diagnostics);
  EXPECT_THAT(*text, HasSubstr("target_value: 60"));
  files.write("winner.yaml", *text);
  const auto loaded = models::load_platform(files.path("winner.yaml"), {}, diagnostics);
  ASSERT_TRUE(loaded.has_value()) << sim::to_text(diagnostics);
  EXPECT_EQ(sim::to_canonical_yaml(loaded->platform),
            sim::to_canonical_yaml(problem->maker->platform({1})));
}

TEST(TuningSpace, EmptyAndContradictorySpacesAreRefused) {
  const TuningFiles files;
  files.write("space.yaml", "tunables: []\n");
  EXPECT_THAT(findings_of(files), HasSubstr("[empty-space]"));
  files.write("space.yaml", "tunables:\n  - path: web.workers\n    from: 8\n    to: 4\n");
  EXPECT_THAT(findings_of(files), HasSubstr("holds no value"));
  files.write("space.yaml", "tunables:\n  - path: web.scaling.minimum\n    values: [2, 3]\n"
                            "constraints: [web.scaling.minimum > web.scaling.maximum]\n");
  const std::string text = findings_of(files);
  EXPECT_THAT(text, HasSubstr("[empty-space]"));
  EXPECT_THAT(text, HasSubstr("2 times: constraint"));
  files.write("space.yaml", "tunables:\n  - path: web.workers\n    from: 1\n    to: 1000000\n");
  EXPECT_THAT(findings_of(files), HasSubstr("[large-space]"));
}

TEST(TuningSpace, AScenarioWithoutPromisesIsRefused) {
  const TuningFiles files;
  std::string text = testing::small_scenario("small", 10'000, 1);
  text.erase(text.find("slos:"), text.find("replications:") - text.find("slos:"));
  files.write("scenario.yaml", text);
  EXPECT_THAT(findings_of(files), HasSubstr("[no-promises]"));
}

TEST(TuningSpace, TheShippedSpacesHoldThousandsAndAHandfulOnTheShippedPlatform) {
  struct Shipped {
    const char* file;
    double combinations;
    std::size_t allowed;
  };
  for (const Shipped& shipped : {Shipped{"space.yaml", 36'288, 25'920},
                                 Shipped{"spaces/sizes.yaml", 144, 144},
                                 Shipped{"spaces/cpu_grid.yaml", 504, 360}}) {
    sim::Diagnostics diagnostics;
    const std::string scenarios = SHOPSIM_SOURCE_DIR "/scenarios/";
    const auto problem = load_tuning_problem(
        {{scenarios + "black_friday.yaml"}, scenarios + shipped.file, {}, "test"}, diagnostics);
    ASSERT_NE(problem, nullptr) << sim::to_text(diagnostics);
    EXPECT_EQ(problem->space.combinations(), shipped.combinations) << shipped.file;
    const auto count = problem->maker->examine([](auto, const auto&, const auto&) {}, 2, nullptr,
                                               diagnostics);
    EXPECT_EQ(count.allowed, shipped.allowed) << shipped.file;
  }
}

/// Predictive scaling knows the days before, not the sale: else a search would buy what no forecast
/// of AWS can give.
TEST(TuningSpace, SaleDaysAreNotWhatTheirForecastHasLearnt) {
  for (const char* name : {"black_friday", "zone_loss", "db_failover", "cache_loss", "server_loss",
                           "payment_slow", "retry_storm", "flash_sale", "launch_outage"}) {
    sim::Diagnostics diagnostics;
    const auto loaded = models::load_scenario(
        std::string(SHOPSIM_SOURCE_DIR "/scenarios/") + name + ".yaml", {}, diagnostics);
    ASSERT_TRUE(loaded.has_value()) << sim::to_text(diagnostics);
    EXPECT_EQ(loaded->scenario.traffic.history_growth, 1.0) << name;
    EXPECT_GT(loaded->scenario.traffic.growth, 1.0) << name;
  }
}

TEST(TuningSpace, StrengthComparesMachinesCountsAndTargetsOnly) {
  const TuningFiles files;
  files.write("space.yaml", R"(tunables:
  - path: web.instance_type
    values: [c7g.large, c7g.xlarge, m7g.large]
  - path: web.scaling.minimum
    values: [2, 4]
  - path: web.scaling.policies[0].target_tracking.target_value
    values: [40, 60]
  - path: web.workers
    values: [16, 32]
)");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const StrengthOrder order(problem->space, problem->catalogue());
  EXPECT_TRUE(order.weaker({0, 0, 0, 0}, {0, 1, 0, 0}));   // fewer servers
  EXPECT_TRUE(order.weaker({0, 0, 1, 0}, {0, 0, 0, 0}));   // a later threshold
  EXPECT_FALSE(order.weaker({0, 1, 0, 0}, {0, 0, 0, 0}));
  EXPECT_FALSE(order.weaker({0, 0, 0, 0}, {0, 0, 0, 0}));  // equal
  EXPECT_FALSE(order.weaker({0, 1, 1, 0}, {0, 0, 0, 0}));  // stronger in one, weaker in another
  EXPECT_FALSE(order.weaker({0, 0, 0, 0}, {0, 0, 0, 1}));  // workers have no direction
  // c7g.xlarge has twice the vCPUs of m7g.large but each is slower: neither is weaker.
  EXPECT_FALSE(order.weaker({1, 0, 0, 0}, {2, 0, 0, 0}));
  EXPECT_FALSE(order.weaker({2, 0, 0, 0}, {1, 0, 0, 0}));
}

}  // namespace
}  // namespace shopsim::analysis
