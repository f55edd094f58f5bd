#include "models/check.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "models/cidr.hpp"
#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using test::ShopFiles;

enum class File : std::uint8_t { scenario, platform };

/// One mistake put into the shipped files: the finding it must give, and where.
struct Mistake {
  const char* name;
  File file;
  const char* from;   ///< replaced in the shipped file
  const char* to;     ///< by this
  const char* code;   ///< of the finding
  const char* where;  ///< text whose line the finding stands at
  sim::Severity severity = sim::Severity::error;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class Check : public testing::TestWithParam<Mistake> {};

TEST_P(Check, ReportsTheMistakeAtItsLine) {
  const Mistake& mistake = GetParam();
  ShopFiles files;
  const bool platform = mistake.file == File::platform;
  if (platform) {
    files.change_platform(mistake.from, mistake.to);
  } else {
    files.change_scenario(mistake.from, mistake.to);
  }
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics);
  const auto found = test::with_code(diagnostics, mistake.code);
  ASSERT_FALSE(found.empty()) << "findings:\n" << test::all_text(diagnostics);
  EXPECT_EQ(found[0].severity, mistake.severity);
  EXPECT_EQ(found[0].place.file,
            (platform ? files.platform_file() : files.scenario_file()).string());
  EXPECT_EQ(found[0].place.line, platform ? files.platform_line(mistake.where)
                                          : files.scenario_line(mistake.where))
      << test::all_text(diagnostics);
  EXPECT_GT(found[0].place.column, 0U);
  EXPECT_EQ(loaded.has_value(), mistake.severity != sim::Severity::error);
}

constexpr auto kWarning = sim::Severity::warning;
constexpr auto kPlatform = File::platform;
constexpr auto kScenario = File::scenario;

/// What the line of a changed value is found by: the new text itself.
Mistake at_change(const char* name, File file, const char* from, const char* to,
                  const char* code, sim::Severity severity = sim::Severity::error) {
  return {name, file, from, to, code, to, severity};
}

// clang-format off
std::vector<Mistake> network_mistakes() {
  return {
      at_change("NotARange", kPlatform, "web_subnet: 10.20.16.0/20", "web_subnet: 10.20.16/20", "cidr"),
      at_change("BitsBeyondThePrefix", kPlatform, "web_subnet: 10.20.16.0/20", "web_subnet: 10.20.17.0/20", "cidr"),
      at_change("SubnetTooSmall", kPlatform, "public_subnet: 10.20.0.0/24", "public_subnet: 10.20.0.0/29", "cidr"),
      at_change("SubnetOutsideTheVpc", kPlatform, "web_subnet: 10.20.32.0/20", "web_subnet: 10.21.32.0/20", "cidr-outside"),
      at_change("SubnetsOverlap", kPlatform, "web_subnet: 10.20.32.0/20", "web_subnet: 10.20.16.0/21", "cidr-overlap"),
      at_change("ZoneTwice", kPlatform, "name: us-east-1b", "name: us-east-1a  # again", "duplicate-name"),
      at_change("ZoneOfAnotherRegion", kPlatform, "name: us-east-1b", "name: us-west-2b", "zone-region"),
      at_change("RegionWithoutPrices", kPlatform, "region: us-east-1\n", "region: mars-north-1\n", "unknown-region"),
  };
}

std::vector<Mistake> edge_mistakes() {
  return {
      {"SharesDoNotSumToOne", kPlatform, "viewer_share: 10 %", "viewer_share: 11 %", "viewer-shares", "- name: north-america-east"},
      at_change("EdgeTwice", kPlatform, "name: asia-pacific", "name: europe  # again", "duplicate-name"),
      at_change("RateWindowWafDoesNotHave", kPlatform, "rate_window: 300 s", "rate_window: 90 s", "rate-window"),
      at_change("DnsIntervalRoute53DoesNotHave", kPlatform, "health_check_interval: 30 s", "health_check_interval: 20 s", "dns-interval"),
  };
}

std::vector<Mistake> balancer_and_web_mistakes() {
  return {
      at_change("SlowStartWithLeastOutstanding", kPlatform, "idle_timeout: 60 s", "slow_start: 60 s", "slow-start"),
      at_change("SlowStartTooShort", kPlatform, "idle_timeout: 60 s", "slow_start: 20 s", "slow-start"),
      {"TimeoutReachesInterval", kPlatform, "interval: 10 s  #", "interval: 5 s  #", "health-check-timeout", "interval: 5 s  #"},
      at_change("UnknownInstanceType", kPlatform, "instance_type: m7g.large", "instance_type: m7g.lrage", "unknown-type"),
      {"MinimumAboveMaximum", kPlatform, "minimum: 2", "minimum: 9", "scaling-bounds", "minimum: 9"},
      {"DesiredOutside", kPlatform, "desired: 4", "desired: 9", "scaling-bounds", "desired: 9"},
      at_change("OneServerOnly", kPlatform, "minimum: 2", "minimum: 1", "scaling-range", kWarning),
      at_change("MoreThanEightServers", kPlatform, "maximum: 8", "maximum: 9", "scaling-range", kWarning),
  };
}

std::vector<Mistake> data_mistakes() {
  return {
      at_change("UnknownCacheNode", kPlatform, "node_type: cache.m7g.large", "node_type: cache.m7g.larger", "unknown-type"),
      at_change("UnknownDatabaseClass", kPlatform, "instance_class: db.m7g.xlarge", "instance_class: db.m7g.xxlarge", "unknown-type"),
      // 8 x 208 = 1664 > 1661 of 16 GiB; 8 x 207 = 1656 fits, but leaves less than 20 %.
      at_change("PoolsLargerThanMaxConnections", kPlatform, "connections: 30 ", "connections: 208 ", "pool-connections"),
      at_change("PoolsAlmostMaxConnections", kPlatform, "connections: 30 ", "connections: 207 ", "pool-connections", kWarning),
      {"PoolsLargerThanAStatedLimit", kPlatform, "storage_maximum: 1 TB", "max_connections: 239\n  storage_maximum: 1 TB", "pool-connections", "connections: 30 "},
      at_change("TooFewIopsForItsSize", kPlatform, "iops: 12000 ", "iops: 6000 ", "storage-iops"),
      {"IopsCannotBeChangedBelow400GiB", kPlatform, "storage: 500 GB", "storage: 100 GB", "storage-iops", "iops: 12000 "},
      at_change("ThroughputNeedsIops", kPlatform, "throughput: 500 MiB/s", "throughput: 3500 MiB/s", "storage-ratio"),
      at_change("TooSlowForItsSize", kPlatform, "throughput: 500 MiB/s", "throughput: 125 MiB/s", "storage-throughput"),
      at_change("LimitBelowStorage", kPlatform, "storage_maximum: 1 TB", "storage_maximum: 400 GB", "storage-maximum"),
      at_change("NotADailyWindow", kPlatform, "backup_window: 07:30-08:00", "backup_window: 07:30-24:00", "window"),
      at_change("NotAWeeklyWindow", kPlatform, "maintenance_window: sun:08:30-", "maintenance_window: day:08:30-", "window"),
      {"ReplicasLargerThanMaxConnections", kPlatform, "storage_maximum: 1 TB", "replicas: {count: 2, connections: 416}\n  storage_maximum: 1 TB", "pool-connections", "replicas: {count: 2"},  // 8 x 416 = 3328 > 2 x 1661
      {"UnknownClassOfReplicas", kPlatform, "storage_maximum: 1 TB", "replicas: {count: 1, instance_class: db.m7g.xxlarge}\n  storage_maximum: 1 TB", "unknown-type", "replicas: {count: 1"},
      {"ReplicasWithoutBackups", kPlatform, "backup_retention_days: 14", "replicas: {count: 1}\n  backup_retention_days: 0", "replicas-backup", "backup_retention_days: 0"},
      {"ClusterOfAClassWithoutDisks", kPlatform, "storage_maximum: 1 TB", "cluster: {enabled: true}\n  storage_maximum: 1 TB", "cluster", "cluster: {enabled"},
      at_change("ConnectionsThatNeverRunOut", kPlatform, "dns_time_to_live: 5 s", "unresponsive_after: 30 s", "unresponsive-never", kWarning),
      at_change("ExpiresBeforeItIsArchived", kPlatform, "archive_after_days: 30\n", "archive_after_days: 800\n", "lifecycle"),
      {"BucketTwice", kPlatform, "name: user-uploads", "name: backups  # too", "duplicate-name", "name: backups\n"},
      at_change("AlarmTwice", kPlatform, "name: web-cpu", "name: servers-in-service  # too", "duplicate-name"),
  };
}

std::vector<Mistake> traffic_and_client_mistakes() {
  return {
      at_change("NoSuchDay", kScenario, "date: \"2026-11-27\"", "date: \"2026-11-31\"", "date"),
      {"AnHourWithoutAnybody", kScenario, "0.32, 0.30,", "0.32, 0.00,", "hourly-shape", "0.32, 0.00,"},
      at_change("SpikeOutside", kScenario, "start: 20:00", "start: 02:00", "traffic-outside", kWarning),
      at_change("UnknownPage", kScenario, "pages_per_session: 12", "transitions: [{from: hoem, to: [home], weights: [1]}]", "unknown-page"),
      at_change("UnknownPageInARow", kScenario, "pages_per_session: 12", "transitions: [{from: receipt, to: [hoem], weights: [1]}]", "unknown-page"),
      at_change("WeightsDoNotMatch", kScenario, "pages_per_session: 12", "transitions: [{from: receipt, to: [home], weights: [1, 2]}]", "page-weights"),
      at_change("NoWeight", kScenario, "pages_per_session: 12", "transitions: [{from: receipt, to: [home], weights: [0]}]", "page-weights"),
      at_change("RowTwice", kScenario, "pages_per_session: 12", "transitions: [{from: receipt, to: [home], weights: [1]}, {from: receipt, to: [home], weights: [1]}]", "duplicate-name"),
      at_change("NewPageNobodyReaches", kScenario, "pages_per_session: 12", "transitions: [{from: island, to: [home], weights: [1]}]\n  pages: [{name: island, request_class: browse}]", "unreachable-page"),
      {"NewPageWithoutARow", kScenario, "pages_per_session: 12", "transitions: [{from: home, to: [island, search_request, best_sellers, new_products, order_inquiry, shopping_cart], weights: [1, 1, 1, 1, 1, 1]}]\n  pages: [{name: island, request_class: browse}]", "page-row", "pages: [{name: island"},
      at_change("UnknownClassOfAPage", kScenario, "pages_per_session: 12", "pages: [{name: home, request_class: browsing}]", "unknown-class"),
      at_change("LockOfAPageThatNeverWrites", kScenario, "pages_per_session: 12", "pages: [{name: home, lock: stock}]", "lock-nothing"),
      {"FirstBackoffAboveTheLongest", kScenario, "cap: 5 s", "cap: 100 ms", "backoff", "cap: 100 ms"},
  };
}

std::vector<Mistake> fault_mistakes() {
  return {
      at_change("FaultBeforeTheStart", kScenario, "at: 20:20", "at: 02:20", "fault-outside"),
      at_change("FaultAfterTheEnd", kScenario, "at: 20:20", "at: 22:00", "fault-outside"),
      {"FaultWithoutATime", kScenario, "    at: 20:20\n", "", "fault-time", "- name: server dies"},
      {"FaultWithTwoTimes", kScenario, "at: 20:20", "at: 20:20\n    after: server dies", "fault-time", "after: server dies"},
      {"DelayWithAClockTime", kScenario, "at: 20:20", "at: 20:20\n    delay: 5 min", "fault-time", "delay: 5 min"},
      at_change("AfterAnUnknownFault", kScenario, "at: 20:20", "after: server dise", "unknown-fault"),
      at_change("FaultAfterItself", kScenario, "at: 20:20", "after: server dies", "fault-circle"),
      at_change("UnknownZone", kScenario, "instance_crash: {count: 1, silent: true}", "zone_loss: {zone: us-east-1c}", "unknown-zone"),
      at_change("UnknownShard", kScenario, "instance_crash: {count: 1, silent: true}", "cache_node_loss: {shard: 1}", "unknown-shard"),
      at_change("MoreServersThanThereAre", kScenario, "instance_crash: {count: 1, silent: true}", "instance_crash: {count: 9}", "fault-count"),
      at_change("UnknownLock", kScenario, "instance_crash: {count: 1, silent: true}", "row_lock: {lock: stock}", "unknown-lock"),
      {"FaultTwice", kScenario, "faults:\n", "faults:\n  - {name: server dies, at: 20:30, cache_flush: {}}\n", "duplicate-name", "  - name: server dies\n    at: 20:20"},
  };
}

std::vector<Mistake> promise_mistakes() {
  return {
      {"LatencyWithoutALimit", kScenario, "    limit_time: 1 s\n", "", "slo-incomplete", "- name: checkout p99"},
      {"LatencyWithoutAClass", kScenario, "    request_class: checkout\n", "", "slo-incomplete", "- name: checkout p99"},
      at_change("UnknownClass", kScenario, "request_class: search", "request_class: serach", "unknown-class"),
      at_change("PercentileHundred", kScenario, "percentile: 99\n", "percentile: 100\n", "slo-percentile"),
      {"ShareForALatency", kScenario, "limit_time: 1 s", "limit_time: 1 s\n    limit_share: 99 %", "slo-field", "limit_share: 99 %"},
      {"SuccessWithoutAShare", kScenario, "    limit_share: 99.9 %\n", "", "slo-incomplete", "- name: checkout success"},
      at_change("RecoveryFromNothing", kScenario, "    fault: server dies", "    fault: server lives", "unknown-fault"),
      at_change("WindowLongerThanTheRun", kScenario, "window: 5 min  #", "window: 5 h  #", "slo-window"),
      at_change("WindowNotInPeriods", kScenario, "window: 5 min  #", "window: 90 s  #", "slo-window"),
      at_change("PromiseTwice", kScenario, "name: browse p95", "name: checkout p99  # too", "duplicate-name"),
      at_change("LeastAboveMost", kScenario, "least: 5\n", "least: 21\n", "replications"),
      {"PeriodDoesNotDivideAMinute", kScenario, "replications:\n", "recording: {period: 7 s}\nreplications:\n", "recording-period", "recording: {period"},
  };
}
// clang-format on

std::string name_of(const testing::TestParamInfo<Mistake>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Network, Check, testing::ValuesIn(network_mistakes()), name_of);
INSTANTIATE_TEST_SUITE_P(Edge, Check, testing::ValuesIn(edge_mistakes()), name_of);
INSTANTIATE_TEST_SUITE_P(Web, Check, testing::ValuesIn(balancer_and_web_mistakes()), name_of);
INSTANTIATE_TEST_SUITE_P(Data, Check, testing::ValuesIn(data_mistakes()), name_of);
INSTANTIATE_TEST_SUITE_P(Clients, Check, testing::ValuesIn(traffic_and_client_mistakes()), name_of);
INSTANTIATE_TEST_SUITE_P(Faults, Check, testing::ValuesIn(fault_mistakes()), name_of);
INSTANTIATE_TEST_SUITE_P(Promises, Check, testing::ValuesIn(promise_mistakes()), name_of);

TEST(Checks, AStandbyNeedsASecondZone) {
  ShopFiles files;
  files.change_platform("    - name: us-east-1b\n      public_subnet: 10.20.1.0/24\n"
                        "      web_subnet: 10.20.32.0/20\n      database_subnet: 10.20.5.0/24\n",
                        "");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto found = test::with_code(diagnostics, "multi-az");
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].place.line, files.platform_line("multi_az: true"));
  EXPECT_EQ(test::with_code(diagnostics, "one-zone").size(), 1U);
}

TEST(Checks, CpuTrackingNeedsDetailedMonitoring) {
  ShopFiles files;
  files.change_platform("detailed: true", "detailed: false");
  sim::Diagnostics diagnostics;
  EXPECT_TRUE(files.load(diagnostics));
  const auto found = test::with_code(diagnostics, "monitoring-period");
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].severity, sim::Severity::warning);
  EXPECT_EQ(found[0].place.line, files.platform_line("- target_tracking:"));
  files.change_platform("metric: asg_average_cpu", "metric_period: 5 min");
  sim::Diagnostics slow;
  EXPECT_TRUE(files.load(slow));
  EXPECT_TRUE(test::with_code(slow, "monitoring-period").empty());
}

TEST(Checks, FaultsNeedWhatTheyBreak) {
  ShopFiles files;
  files.change_platform("multi_az: true", "multi_az: false");
  files.change_platform("cache:  # ElastiCache, look-aside\n  because: []\n  enabled: true",
                        "cache:\n  enabled: false");
  files.change_scenario("faults:\n",
                        "faults:\n  - {name: a, at: 20:30, database_failover: {}}\n"
                        "  - {name: b, at: 20:31, cache_flush: {}}\n"
                        "  - {name: c, at: 20:32, cache_node_loss: {}}\n");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto found = test::with_code(diagnostics, "fault-disabled");
  ASSERT_EQ(found.size(), 3U) << test::all_text(diagnostics);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found[i].place.line, files.scenario_line("name: a, at") + i);
  }
}

TEST(Checks, FaultsMayFollowOneAnotherButNotInACircle) {
  ShopFiles files;
  files.change_scenario("faults:\n",
                        "faults:\n  - {name: a, after: b, cache_flush: {}}\n"
                        "  - {name: b, after: a, cache_flush: {}}\n"
                        "  - {name: c, after: a, cache_flush: {}}\n"
                        "  - {name: d, after: server dies, delay: 10 min, cache_flush: {}}\n"
                        "  - {name: e, after: d, delay: 2 h, cache_flush: {}}\n");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  EXPECT_EQ(test::with_code(diagnostics, "fault-circle").size(), 2U)
      << test::all_text(diagnostics);
  // 20:20 + 10 min + 2 h = 22:30, but the run ends at 22:00; d at 20:30 is fine.
  const auto outside = test::with_code(diagnostics, "fault-outside");
  ASSERT_EQ(outside.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(outside[0].place.line, files.scenario_line("name: e, after"));
}

TEST(Checks, TheNextDayIsSpokenOfOnlyWhereTheRunHasThatTimeOfIt) {
  const auto hint_of = [](const std::string& duration, const std::string& code,
                          const std::string& from, const std::string& to) {
    ShopFiles files;  // begins at 19:00
    files.change_scenario("duration: 3 h", "duration: " + duration);
    files.change_scenario(from, to);
    sim::Diagnostics diagnostics;
    (void)files.load(diagnostics);
    const auto found = test::with_code(diagnostics, code);
    return found.size() == 1 ? found[0].hint : test::all_text(diagnostics);
  };
  const std::string spike = "traffic-outside";
  EXPECT_EQ(hint_of("3 h", spike, "start: 20:00", "start: 02:00"), "");
  EXPECT_EQ(hint_of("7 h", spike, "start: 20:00", "start: 02:00"), "");  // ends at 02:00
  EXPECT_EQ(hint_of("8 h", spike, "start: 20:00", "start: 02:00"),
            "that time on the next day is written +1d 02:00");
  EXPECT_EQ(hint_of("3 h", spike, "start: 20:00", "start: 23:00"), "");
  EXPECT_EQ(hint_of("3 h", "fault-outside", "at: 20:20", "at: 02:20"),
            "move it, or begin earlier (`start`)");
  EXPECT_EQ(hint_of("8 h", "fault-outside", "at: 20:20", "at: 02:20"),
            "that time on the next day is written +1d 02:20");
  EXPECT_EQ(hint_of("3 h", "fault-outside", "at: 20:20", "at: 23:20"),
            "move it, or lengthen `duration`");
}

TEST(Checks, SuggestsTheNearestKnownType) {
  ShopFiles files;
  files.change_platform("instance_type: m7g.large", "instance_type: m7g.lrage");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  EXPECT_EQ(test::with_code(diagnostics, "unknown-type").at(0).hint, "did you mean 'm7g.large'?");
}

TEST(Checks, ReportsEverythingInBothFilesAtOnce) {
  ShopFiles files;
  files.change_platform("instance_type: m7g.large", "instance_type: m7g.lrage");
  files.change_platform("rate_window: 300 s", "rate_window: 90 s");
  files.change_platform("workers: 64", "wrokers: 64");
  files.change_scenario("at: 20:20", "at: 02:20");
  files.change_scenario("limit_time: 1 s", "limit_time: 1");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  for (const char* code : {"unknown-type", "rate-window", "unknown-key", "fault-outside"}) {
    EXPECT_EQ(test::with_code(diagnostics, code).size(), 1U) << code;
  }
  EXPECT_NE(test::all_text(diagnostics).find("limit_time"), std::string::npos);
}

TEST(Cidr, KnowsItsBounds) {
  const auto range = parse_cidr("10.20.16.0/20");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 0x0A141000U);
  EXPECT_EQ(range->last(), 0x0A141FFFU);
  EXPECT_EQ(range->usable_addresses(), 4096 - 5);
  EXPECT_TRUE(parse_cidr("0.0.0.0/0")->contains(*range));
  EXPECT_FALSE(range->contains(*parse_cidr("10.20.0.0/16")));
  EXPECT_TRUE(range->overlaps(*parse_cidr("10.20.0.0/16")));
  EXPECT_FALSE(range->overlaps(*parse_cidr("10.20.32.0/20")));
  for (const char* wrong : {"", "10.20.0.0", "10.20.0/16", "10.20.0.256/24", "10.20.0.0/33",
                            "10.20.0.1/24", "10.20.0.0/16 ", "010.20.0.0/16", "a.b.c.d/8"}) {
    EXPECT_FALSE(parse_cidr(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace shopsim::models
