// Quotas of S3, KMS and Secrets Manager, EFS throughput, ports of NAT gateways: each against what
// its rule says, alone and in a small shop.
#include "models/store_limits.hpp"

#include "models/nat_link.hpp"
#include "models/nat_ports.hpp"
#include "models/page_table.hpp"
#include "models/simgrid_run.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::mean_tier_seconds;
using testing::Ran;
using testing::run;
using testing::SmallShop;

constexpr double kMebibyte = 1024.0 * 1024;

struct QuotaCase {
  const char* name;
  std::int64_t prefixes;
  bool throttles_keys;
  bool bucket_keys;
  ObjectRequests each;
  double admitted;  ///< of 10 s at 20,000 a second
};

class Quotas : public ::testing::TestWithParam<QuotaCase> {};

TEST_P(Quotas, AdmitTheRateAndOneSecondsWorthAtOnce) {
  Platform platform;
  platform.object_storage.throttling = !GetParam().throttles_keys;
  platform.object_storage.prefixes = GetParam().prefixes;
  platform.object_storage.bucket_keys = GetParam().bucket_keys;
  platform.keys.throttling = GetParam().throttles_keys;
  platform.keys.quota = {1000};
  StoreLimits limits(platform);
  double admitted = 0;
  for (std::int64_t i = 0; i < 200'000; ++i) {
    const sim::Time now{i * 50'000};
    if (limits.ask(now, GetParam().each) == Admission::admitted) ++admitted;
  }
  EXPECT_NEAR(admitted, GetParam().admitted, 2);
}

// 11 seconds' worth: what the bucket holds at the start, and what flows in.
INSTANTIATE_TEST_SUITE_P(
    Rules, Quotas,
    ::testing::Values(QuotaCase{"get", 1, false, true, {1, 0}, 11 * 5500},
                      QuotaCase{"put", 1, false, true, {0, 1}, 11 * 3500},
                      QuotaCase{"two_prefixes", 2, false, true, {1, 0}, 11 * 11'000},
                      QuotaCase{"both", 1, false, true, {1, 1}, 11 * 3500},
                      QuotaCase{"keys", 1, true, false, {1, 0}, 11 * 1000},
                      QuotaCase{"bucket_keys", 1, true, true, {1, 0}, 200'000}),
    [](const auto& row) { return row.param.name; });

struct TransferCase {
  const char* name;
  SharedFilesThroughput mode;
  double stored;
  double credits;  ///< MiB at the start
  double read, written;  ///< MiB, at once
  double seconds;
};

class Transfers : public ::testing::TestWithParam<TransferCase> {};

TEST_P(Transfers, TakeAsLongAsTheModeSays) {
  const TransferCase& c = GetParam();
  SharedFilesConfig config;
  config.throughput_mode = c.mode;
  config.throughput_limits = true;
  config.stored = {static_cast<std::int64_t>(c.stored)};
  config.burst_credits = {static_cast<std::int64_t>(c.credits * kMebibyte)};
  config.provisioned_throughput = {8 * 10 * kMebibyte};
  FileThroughput files(config);
  EXPECT_NEAR(files.transfer(sim::Time{}, c.read * kMebibyte, c.written * kMebibyte).seconds(),
              c.seconds, 1e-3);
}

constexpr double kTebibyte = kMebibyte * kMebibyte;
INSTANTIATE_TEST_SUITE_P(
    Modes, Transfers,
    ::testing::Values(
        // 100 MiB/s with credits, of which a second's worth at once: 924 MiB are left.
        TransferCase{"burst", SharedFilesThroughput::bursting, 0, 1e6, 0, 1024, 9.24},
        // 200 MiB/s for 2 TiB.
        TransferCase{"large", SharedFilesThroughput::bursting, 2 * kTebibyte, 4e6, 0, 1024, 4.12},
        // Without credits the baseline: 1 MiB/s, or 50 MiB/s for 1 TiB.
        TransferCase{"least", SharedFilesThroughput::bursting, 0, 0, 0, 11, 11},
        TransferCase{"baseline", SharedFilesThroughput::bursting, kTebibyte, 0, 0, 500, 10},
        // 60 of 110 MiB come from credits.
        TransferCase{"spent", SharedFilesThroughput::bursting, kTebibyte, 60, 0, 110, 1},
        // Reads count a third: 100 MiB, 10 at once.
        TransferCase{"reads", SharedFilesThroughput::provisioned, 0, 0, 300, 0, 9},
        TransferCase{"provisioned", SharedFilesThroughput::provisioned, 0, 0, 0, 100, 9}),
    [](const auto& row) { return row.param.name; });

TEST(FileThroughput, CreditsFlowInUpToTheirLimitAndElasticHasNone) {
  SharedFilesConfig config;
  config.throughput_limits = true;
  config.throughput_mode = SharedFilesThroughput::bursting;
  config.stored = {0};
  config.burst_credits = {0};
  FileThroughput files(config);
  EXPECT_DOUBLE_EQ(files.permitted(sim::Time{}), kMebibyte);
  EXPECT_NEAR(files.credits(sim::Time{} + 100_s), 100 * kMebibyte, 1);
  EXPECT_DOUBLE_EQ(files.permitted(sim::Time{} + 100_s), 100 * kMebibyte);
  EXPECT_NEAR(files.credits(sim::Time{} + 365_day), 2.1 * kTebibyte, 1);
  config.throughput_mode = SharedFilesThroughput::elastic;
  EXPECT_FALSE(FileThroughput(config).is_limited());
  config.throughput_mode = SharedFilesThroughput::provisioned;
  EXPECT_TRUE(FileThroughput(config).is_limited());
}

TEST(NatPorts, AreTakenUntilTheirTimeIsOver) {
  NatPorts ports(2);
  EXPECT_TRUE(ports.take(sim::Time{}, sim::Time{} + 10_s));
  EXPECT_TRUE(ports.take(sim::Time{}, sim::Time{} + 5_s));
  EXPECT_FALSE(ports.take(sim::Time{} + 4_s, sim::Time{} + 20_s));
  EXPECT_EQ(ports.open(sim::Time{} + 5_s), 1U);
  EXPECT_TRUE(ports.take(sim::Time{} + 5_s, sim::Time{} + 7_s));
  EXPECT_FALSE(ports.take(sim::Time{} + 6_s, sim::Time{} + 7_s));
  EXPECT_EQ(ports.open(sim::Time{} + 10_s), 0U);
}

TEST(NatLink, ForwardsInOrderAtItsRate) {
  NatLink link(1000);
  EXPECT_DOUBLE_EQ(link.send(sim::Time{}, 500), 0.5);
  EXPECT_DOUBLE_EQ(link.send(sim::Time{}, 1500), 2);
  EXPECT_DOUBLE_EQ(link.send(sim::Time{} + 1_s, 0), 1);  // a second's worth has left
  EXPECT_DOUBLE_EQ(link.send(sim::Time{} + 10_s, 250), 0.25);
}

/// 20 pages a second, each with one object or file; nothing else but CPU.
SmallShop shop_of(std::int64_t object_reads, std::int64_t file_writes) {
  SmallShop shop;
  PageConfig page = *find_builtin_page("home");
  page.cache_reads = 0;
  page.database_reads = 0;
  page.database_writes = 0;
  page.images = 0;
  page.object_reads = object_reads;
  page.file_writes = file_writes;
  shop.scenario.clients.pages = {page};
  shop.scenario.clients.pages_per_session = 1;
  shop.scenario.clients.retries.attempts = 0;
  shop.scenario.traffic.sessions_per_day = 1'000'000;
  shop.scenario.duration = 4_min;
  shop.platform.web.workers = 100;
  return shop;
}

double share_throttled(const Ran& ran) {
  return static_cast<double>(ran.periods.outcomes(Outcome::throttled)) /
         static_cast<double>(ran.summary.conservation.requests);
}

TEST(Throttling, S3AdmitsItsRateAndTheRestFailsAfterTheLastRetry) {
  SmallShop shop = shop_of(1, 0);
  shop.platform.object_storage.reads_per_prefix = {10};
  Ran off;
  run(shop.plan(), off);
  EXPECT_EQ(off.summary.stores.bucket_slow_downs, 0U);
  shop.platform.object_storage.throttling = true;
  Ran on;
  run(shop.plan(), on);
  // The bucket is empty since the warm-up: 10 a second, and at most one second's worth besides.
  EXPECT_LE(on.summary.usage.bucket_reads, 10 * 240 + 10);
  EXPECT_GT(on.summary.usage.bucket_reads, 0.95 * 10 * 240);
  EXPECT_GT(share_throttled(on), 0.25);  // of the recorded 4 of 6 minutes' requests
  // Three tries each, so more refusals than failures.
  EXPECT_GT(on.summary.stores.bucket_slow_downs, 3 * on.periods.outcomes(Outcome::throttled));
  EXPECT_GT(on.periods.metric(2, MetricId::s3_5xx_errors), 0.5);
  shop.platform.object_storage.prefixes = 4;
  Ran spread;
  run(shop.plan(), spread);
  EXPECT_EQ(spread.summary.stores.bucket_slow_downs, 0U);
  EXPECT_EQ(spread.periods.outcomes(Outcome::throttled), 0U);
}

TEST(Throttling, ARetryHelpsWhereTheRateIsEnoughOnAverage) {
  SmallShop shop = shop_of(1, 0);
  shop.platform.object_storage.throttling = true;
  shop.platform.object_storage.reads_per_prefix = {25};
  shop.scenario.traffic.index_of_dispersion = 20;  // bursts beyond the second's worth
  const auto failed = [&shop](std::int64_t attempts) {
    shop.platform.object_storage.retries.attempts = attempts;
    Ran ran;
    run(shop.plan(), ran);
    EXPECT_GT(ran.summary.stores.bucket_slow_downs, 0U);
    return ran.periods.outcomes(Outcome::throttled);
  };
  const std::uint64_t once = failed(1);
  const std::uint64_t five_times = failed(5);
  EXPECT_GT(once, 20U);
  EXPECT_LT(3 * five_times, once);
}

TEST(Throttling, BucketKeysTakeTheLoadFromKms) {
  SmallShop shop = shop_of(1, 0);
  shop.platform.keys.throttling = true;
  shop.platform.keys.quota = {10};
  Ran with;
  run(shop.plan(), with);
  EXPECT_EQ(with.summary.stores.key_throttles, 0U);
  shop.platform.object_storage.bucket_keys = false;
  Ran without;
  run(shop.plan(), without);
  EXPECT_GT(without.summary.stores.key_throttles, 1000U);
  EXPECT_EQ(without.summary.stores.bucket_slow_downs, 0U);
  EXPECT_GT(without.periods.outcomes(Outcome::throttled), 500U);
  // One request of KMS for each object, a hundredth with bucket keys.
  EXPECT_DOUBLE_EQ(without.summary.usage.key_requests, without.summary.usage.bucket_reads);
  EXPECT_NEAR(with.summary.usage.key_requests, with.summary.usage.bucket_reads / 100, 1e-6);
}

TEST(Throttling, ImagesOfAColdEdgeAreRefusedToo) {
  SmallShop shop;
  shop.scenario.warm_up = 0_s;
  shop.platform.object_storage.reads_per_prefix = {3};
  shop.platform.object_storage.throttling = true;
  const Plan plan = shop.plan();
  Ran ran;
  run(plan, ran);
  std::uint64_t failed = 0;
  for (const PeriodRecord& period : ran.periods.main) {
    failed += period.classes[plan.image_class].failed;
  }
  EXPECT_GT(failed, 100U);
  EXPECT_GE(ran.summary.stores.bucket_slow_downs, failed);
}

TEST(Throttling, EfsWithoutCreditsSlowsPagesDown) {
  SmallShop shop = shop_of(0, 1);
  PageConfig& page = shop.scenario.clients.pages[0];
  page.response = {100'000};  // 20 a second: 2 MB/s, of which the baseline moves 1.05
  shop.platform.shared_files.stored = {1};
  shop.platform.shared_files.throughput_mode = SharedFilesThroughput::bursting;
  shop.platform.shared_files.throughput_limits = true;
  Ran credits;
  run(shop.plan(), credits);
  shop.platform.shared_files.burst_credits = {0};
  Ran none;
  run(shop.plan(), none);
  const double quick = mean_tier_seconds(credits.periods, Tier::storage);
  EXPECT_LT(quick, 0.02);
  EXPECT_GT(mean_tier_seconds(none.periods, Tier::storage), 100 * quick);
  EXPECT_EQ(none.periods.metric(2, MetricId::efs_burst_credit_balance), 0);
  EXPECT_GT(credits.periods.metric(2, MetricId::efs_burst_credit_balance), 2e12);
  EXPECT_NEAR(none.periods.metric(2, MetricId::efs_permitted_throughput), kMebibyte, 1);
}

TEST(Throttling, ReconnectsReadTheSecretAndAQuotaHoldsThemUp) {
  SmallShop shop;
  // So quick that few connections time out before: the others are replaced by their next use.
  shop.platform.database.failover.detection = {{sim::Law::constant, 1, 0}};
  shop.platform.database.failover.promotion = {{sim::Law::constant, 1, 0}};
  shop.platform.database.failover.dns_time_to_live = 1_s;
  shop.scenario.faults = {fault_at(12_h + 2_min, DatabaseFailover{})};
  const auto ran_with = [&shop] {
    Ran ran;
    run(shop.plan(), ran);
    return ran.summary;
  };
  const RunSummary kept = ran_with();
  shop.platform.secrets.read_per_connection = true;
  const RunSummary read = ran_with();
  // Two pools of 30 connections to a primary that is gone; some of them failed before.
  const double more = read.usage.secret_requests - kept.usage.secret_requests;
  EXPECT_GT(more, 10);
  EXPECT_LE(more, 60);
  EXPECT_NEAR(read.usage.key_requests - kept.usage.key_requests, more, 2);
  EXPECT_EQ(read.stores.secret_throttles, 0U);
  shop.platform.secrets.throttling = true;
  shop.platform.secrets.quota = {1};
  EXPECT_GT(ran_with().stores.secret_throttles, 5U);
}

TEST(Throttling, CallsWaitBehindWhatElseGoesThroughTheNatGateway) {
  SmallShop shop;
  shop.scenario.clients.mix = PageMix::ordering;
  shop.scenario.traffic.sessions_per_day = 200'000;
  shop.platform.payment.enabled = true;
  shop.platform.payment.failures = {0};
  shop.platform.payment.timeout = 5_s;
  shop.platform.network.nat.limits = true;
  shop.platform.network.nat.port_held_for = 0_s;
  // About 17 pages a second and gateway: 1.4 Mbit/s.
  shop.platform.network.nat_bytes_per_request = {10'000};
  const auto run_with = [&](double bits_per_second, Ran& ran) {
    shop.platform.network.nat.bandwidth = {bits_per_second};
    run(shop.plan(), ran);
    return ran.periods.outcomes(Outcome::payment_failed);
  };
  Ran wide;
  EXPECT_EQ(run_with(100e6, wide), 0U);
  Ran narrow;  // the backlog passes five seconds within the first minute and grows
  EXPECT_GT(run_with(1e6, narrow), 500U);
}

TEST(Throttling, CallsWithoutAPortOfTheNatGatewayGetNoAnswer) {
  SmallShop shop;
  shop.scenario.clients.mix = PageMix::ordering;
  shop.scenario.traffic.sessions_per_day = 200'000;
  shop.platform.payment.enabled = true;
  shop.platform.payment.failures = {0};
  shop.platform.payment.timeout = 1_s;
  NatConfig& nat = shop.platform.network.nat;
  nat.limits = true;
  nat.connections_per_address = 100;
  const auto summary_with = [&](sim::Duration held, std::int64_t addresses, Ran& ran) {
    nat.port_held_for = held;
    nat.addresses = addresses;
    run(shop.plan(), ran);
    return ran.summary.stores.nat_port_errors;
  };
  Ran left_open;
  // About 4 calls a second through two gateways: 2 a second for 300 s want 600 ports each.
  const std::uint64_t errors = summary_with(300_s, 1, left_open);
  EXPECT_GT(errors, 500U);
  EXPECT_GE(left_open.periods.outcomes(Outcome::payment_failed), errors - 20);
  EXPECT_NEAR(left_open.periods.metric(5, MetricId::nat_active_connections), 200, 6);
  EXPECT_GT(left_open.periods.metric(5, MetricId::nat_error_port_allocation), 50);
  Ran closed;
  EXPECT_EQ(summary_with(0_s, 1, closed), 0U);
  Ran more;
  EXPECT_EQ(summary_with(300_s, 8, more), 0U);
}

TEST(Tracing, CentralRulesShareOneReservoir) {
  SmallShop shop;
  Ran local;
  run(shop.plan(), local);
  shop.platform.tracing.rules = SamplingRules::central;
  Ran central;
  run(shop.plan(), central);
  // Two servers for ten minutes: 600 fewer from the reservoir, of which 5 % are sampled after all.
  EXPECT_NEAR(local.summary.usage.traces - central.summary.usage.traces, 0.95 * 600, 1e-6);
}

TEST(Throttling, TheSecondEngineRefusesByName) {
  struct Refused {
    const char* key;
    void (*change)(Platform&);
  };
  const Refused cases[] = {
      {"object_storage.throttling", [](Platform& p) { p.object_storage.throttling = true; }},
      {"keys.throttling", [](Platform& p) { p.keys.throttling = true; }},
      {"shared_files.throughput_limits",
       [](Platform& p) { p.shared_files.throughput_limits = true; }},
      {"secrets.read_per_connection", [](Platform& p) { p.secrets.read_per_connection = true; }},
      {"network.nat.limits", [](Platform& p) { p.network.nat.limits = true; }},
  };
  for (const Refused& refused : cases) {
    SmallShop shop;
    refused.change(shop.platform);
    EXPECT_NE(simgrid_obstacle(shop.platform, shop.scenario).find(refused.key),
              std::string::npos)
        << refused.key;
  }
}

}  // namespace
}  // namespace shopsim::models
