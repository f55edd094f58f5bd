// Health checks and fail-open; source ids as in facts 1.2.
#include "models/health_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shopsim::models {
namespace {

using namespace sim::literals;
using enum TargetState;

TEST(HealthCheck, HasTheDefaultsOfAnInstanceTarget) {
  const HealthCheckConfig config;  // S-ALB-HC
  EXPECT_EQ(config.interval, 30_s);
  EXPECT_EQ(config.timeout, 5_s);
  EXPECT_EQ(config.healthy_threshold, 5);
  EXPECT_EQ(config.unhealthy_threshold, 2);
  EXPECT_EQ(config.matcher, "200");
}

TEST(HealthCheck, MovesATargetBetweenItsStates) {
  // 'p' a passed, 'f' a failed check, 'd' deregistration; defaults: 5 to recover, 2 to fail.
  const struct {
    std::string_view checks;
    TargetState state;
    std::string_view source;
  } rows[] = {
      {"", initial, "S-ALB-HC: newly registered"},
      {"p", healthy, "S-ALB-HC: one pass is enough for a new target"},
      {"f", initial, "S-ALB-HC: unhealthy threshold 2"},
      {"ff", unhealthy, "S-ALB-HC: unhealthy threshold 2"},
      {"fp", healthy, "S-ALB-HC: one pass is enough for a new target"},
      {"pf", healthy, "S-ALB-HC"},
      {"pff", unhealthy, "S-ALB-HC"},
      {"pfpf", healthy, "S-ALB-HC: consecutive"},
      {"ffpppp", unhealthy, "S-ALB-HC: recovery needs the healthy threshold"},
      {"ffppppp", healthy, "S-ALB-HC: recovery needs the healthy threshold"},
      {"ffppppfppppp", healthy, "S-ALB-HC: consecutive"},
      {"ffppppfpppp", unhealthy, "S-ALB-HC: consecutive"},
      {"ppd", draining, "S-ALB-EDIT"},
      {"pdffff", draining, "S-ALB-EDIT: status stays draining"},
  };
  const HealthCheckConfig config;
  for (const auto& row : rows) {
    TargetHealth target;
    for (const char c : row.checks) {
      if (c == 'd') {
        target.start_draining();
        continue;
      }
      const TargetState before = target.state();
      const bool changed =
          target.observe(config, c == 'p' ? CheckResult::passed : CheckResult::failed);
      EXPECT_EQ(changed, target.state() != before) << row.checks;
    }
    EXPECT_EQ(target.state(), row.state) << row.checks << ": " << row.source;
  }
}

TEST(HealthCheck, PassesAnAcceptedStatusBeforeTheTimeoutOnly) {
  const HealthCheckConfig config;
  const auto matcher = StatusMatcher::parse("200").value();
  EXPECT_EQ(judge(config, matcher, 10_ms, 200), CheckResult::passed);
  EXPECT_EQ(judge(config, matcher, 10_ms, 503), CheckResult::failed);
  EXPECT_EQ(judge(config, matcher, 4999_ms, 200), CheckResult::passed);
  EXPECT_EQ(judge(config, matcher, 5_s, 200), CheckResult::failed);
  EXPECT_EQ(judge(config, matcher, std::nullopt, 0), CheckResult::failed);
}

TEST(HealthCheck, UnderstandsStatusLists) {
  const auto ranges = StatusMatcher::parse("200-204,302");
  ASSERT_TRUE(ranges.has_value());
  for (const int status : {200, 204, 302}) EXPECT_TRUE(ranges->matches(status)) << status;
  for (const int status : {199, 205, 301, 303}) EXPECT_FALSE(ranges->matches(status)) << status;
  for (const auto* text : {"", "199", "500", "200-", "-200", "204-200", "200,,201", "ok", "200 "}) {
    EXPECT_FALSE(StatusMatcher::parse(text).has_value()) << text;
  }
}

TEST(HealthCheck, KeepsItsGridWhateverTheTargetDoes) {
  HealthCheckConfig config;
  config.interval = 10_s;
  EXPECT_EQ(next_check(config, sim::Time{}, 3_s), sim::Time{} + 3_s);
  EXPECT_EQ(next_check(config, sim::Time{} + 3_s, 3_s), sim::Time{} + 13_s);
  EXPECT_EQ(next_check(config, sim::Time{} + 7_s, 3_s), sim::Time{} + 13_s);
}

TEST(HealthCheck, DetectsASilentFailureWithinTheDocumentedTime) {
  // facts 1.2: U(0, interval) + (unhealthy - 1) * interval + timeout: 35-65 s with the defaults,
  // 15-25 s with 10 s / 2 / 5 s. The extremes: failure just before and just after a check.
  const struct {
    sim::Duration interval, earliest, latest;
  } rows[] = {{30_s, 35_s, 65_s}, {10_s, 15_s, 25_s}};
  for (const auto& row : rows) {
    HealthCheckConfig config;
    config.interval = row.interval;
    for (const auto failure : {row.interval - 1_ns, row.interval}) {
      TargetHealth target;
      target.observe(config, CheckResult::passed);
      sim::Time at = next_check(config, sim::Time{} + failure, 0_s);
      while (!target.observe(config, CheckResult::failed)) at = next_check(config, at, 0_s);
      const sim::Duration delay = at + config.timeout - (sim::Time{} + failure);
      EXPECT_EQ(delay, failure == row.interval ? row.latest : row.earliest + 1_ns);
    }
  }
}

std::vector<TargetView> targets_of(std::initializer_list<TargetState> states) {
  std::vector<TargetView> targets;
  for (const auto state : states) {
    const auto index = static_cast<std::uint32_t>(targets.size());
    targets.push_back({index, static_cast<std::uint16_t>(index % 2), state});
  }
  return targets;
}

TEST(HealthCheck, FailsOpenWhenNoTargetIsHealthy) {
  using Targets = std::vector<std::uint32_t>;
  const struct {
    std::vector<TargetView> targets;
    std::int64_t minimum;
    Targets eligible;
    bool open;
  } rows[] = {
      {targets_of({healthy, unhealthy, healthy}), 1, {0, 2}, false},   // S-ALB-HC
      {targets_of({unhealthy, unhealthy}), 1, {0, 1}, true},           // S-ALB-HC fail-open
      {targets_of({unhealthy, draining, initial}), 1, {0, 2}, true},
      {targets_of({healthy, initial, draining}), 1, {0}, false},
      {targets_of({healthy, unhealthy, unhealthy}), 2, {0, 1, 2}, true},  // S-ALB-TGH routing
      {targets_of({draining}), 1, {}, false},                             // 503 (S-ALB-TROUBLE)
      {targets_of({}), 1, {}, false},                                     // 503 (S-ALB-TROUBLE)
  };
  for (const auto& row : rows) {
    HealthCheckConfig config;
    config.routing_minimum_healthy = row.minimum;
    const auto result = eligible_targets(config, row.targets);
    EXPECT_EQ(result.targets, row.eligible);
    EXPECT_EQ(result.failed_open, row.open);
  }
}

TEST(HealthCheck, WithdrawsAZoneFromDnsUnlessAllZonesAreUnhealthy) {
  using Zones = std::vector<bool>;
  const HealthCheckConfig config;
  // Targets alternate between zones 0 and 1.
  EXPECT_EQ(zones_in_dns(config, targets_of({healthy, healthy}), 2), (Zones{true, true}));
  EXPECT_EQ(zones_in_dns(config, targets_of({healthy, unhealthy}), 2), (Zones{true, false}));
  EXPECT_EQ(zones_in_dns(config, targets_of({unhealthy, unhealthy}), 2), (Zones{true, true}));
  EXPECT_EQ(zones_in_dns(config, targets_of({}), 2), (Zones{true, true}));
}

TEST(HealthCheck, ReportsEveryMistakeOfItsConfigurationAtOnce) {
  HealthCheckConfig config;
  config.timeout = 30_s;
  config.matcher = "2xx";
  config.routing_minimum_healthy = 3;
  sim::Diagnostics found;
  check(config, {"platform.yaml", 4, 1}, found);
  ASSERT_EQ(found.all().size(), 3U);
  EXPECT_EQ(found.all()[0].code, "health-check-timeout");
  EXPECT_EQ(found.all()[1].code, "health-check-matcher");
  EXPECT_EQ(found.all()[2].code, "health-check-minimum");
  sim::Diagnostics none;
  check({}, {}, none);
  EXPECT_TRUE(none.all().empty());
}

}  // namespace
}  // namespace shopsim::models
