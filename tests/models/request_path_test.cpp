// Every cause of an error and every switch on a request's way, each alone, in a small world.
#include <cmath>

#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::mean_tier_seconds;
using testing::Ran;
using testing::run;
using testing::SmallShop;

sim::DurationDistribution constant(double seconds) { return {{sim::Law::constant, seconds, 0}}; }

/// A shop whose database dies at 12:01 and stays dead, with customers who wait long.
SmallShop shop_without_database() {
  SmallShop shop;
  shop.scenario.duration = 4_min;
  shop.scenario.clients.timeout = 20_s;
  shop.scenario.clients.patience = constant(600);
  shop.platform.database.failover.detection = constant(3000);
  shop.platform.database.pool.socket_timeout = 60_s;
  shop.platform.database.pool.acquire_timeout = 60_s;
  shop.scenario.faults = {fault_at(12_h + 1_min, DatabaseFailover{})};
  return shop;
}

void set_servers(SmallShop& shop, std::int64_t count) {
  shop.platform.web.scaling.minimum = count;
  shop.platform.web.scaling.maximum = count;
  shop.platform.web.scaling.desired = count;
}

TEST(RequestPath, AFullAcceptQueueGives502) {
  SmallShop shop;
  shop.scenario.duration = 2_min;
  shop.scenario.clients.retries.attempts = 0;
  shop.scenario.traffic.sessions_per_day = 300'000;
  shop.platform.web.workers = 1;
  shop.platform.web.accept_queue = 0;
  Ran full;
  run(shop.plan(), full);
  EXPECT_GT(full.periods.outcomes(Outcome::accept_queue_full), 100U);
  // All 502 of the balancer have this one cause.
  EXPECT_EQ(full.periods.metric(1, MetricId::alb_elb_502),
            static_cast<double>(full.periods.outcomes(Outcome::accept_queue_full, 1, 2)));
  shop.platform.web.accept_queue = 1000;
  Ran roomy;
  run(shop.plan(), roomy);
  EXPECT_EQ(roomy.periods.outcomes(Outcome::accept_queue_full), 0U);
  EXPECT_TRUE(std::isnan(roomy.periods.metric(1, MetricId::alb_elb_502)));
}

TEST(RequestPath, NoRegisteredTargetGives503) {
  SmallShop shop;
  shop.scenario.duration = 5_min;
  InstanceCrash crash;
  crash.count = 2;
  crash.silent = false;
  shop.scenario.faults = {fault_at(12_h + 1_min + 50_s, crash)};
  Ran ran;
  run(shop.plan(), ran);
  // At 12:02 the status checks find both gone: they are deregistered and replaced, and until the
  // new ones run (19.9 s at the earliest) no target is registered.
  EXPECT_GT(ran.periods.outcomes(Outcome::no_target, 2, 3), 100U);
  EXPECT_EQ(ran.periods.metric(2, MetricId::alb_elb_503),
            static_cast<double>(ran.periods.outcomes(Outcome::no_target, 2, 3)));
  EXPECT_EQ(ran.periods.outcomes(Outcome::no_target, 0, 2), 0U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::no_target, 3), 0U);
}

TEST(RequestPath, ATargetThatDoesNotAnswerGives504AfterTheConnectTimeout) {
  SmallShop shop;
  shop.scenario.clients.timeout = 30_s;  // longer than the balancer's 10 s
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;  // half of the traffic
  shop.scenario.faults = {fault_at(12_h + 3_min, InstanceCrash{})};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::connect_timeout), 50U);
  EXPECT_EQ(ran.periods.metric(3, MetricId::alb_elb_504),
            static_cast<double>(ran.periods.outcomes(Outcome::connect_timeout, 3, 4)));
}

TEST(RequestPath, TheBalancersIdleTimeoutGives504AndNobodyAsksAgain) {
  SmallShop shop = shop_without_database();
  shop.scenario.clients.retries.attempts = 0;
  shop.platform.balancer.idle_timeout = 5_s;
  Ran idle;
  run(shop.plan(), idle);
  EXPECT_GT(idle.periods.outcomes(Outcome::origin_timeout), 200U);
  EXPECT_EQ(idle.summary.conservation.attempts, idle.summary.conservation.requests);
  // When CloudFront's patience ends first, it sends a GET up to three times.
  shop.platform.balancer.idle_timeout = 60_s;
  shop.platform.cdn.response_timeout = 5_s;
  Ran cloudfront;
  run(shop.plan(), cloudfront);
  EXPECT_GT(cloudfront.summary.conservation.attempts,
            cloudfront.summary.conservation.requests + 200);
}

TEST(RequestPath, AClientThatLeavesFirstIsA460AndItsAnswerComesLate) {
  SmallShop shop = shop_without_database();
  shop.scenario.clients.timeout = 3_s;
  shop.scenario.clients.retries.attempts = 0;
  shop.platform.database.pool.socket_timeout = 20_s;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::client_timeout), 200U);
  // The work goes on: statements fail 20 s after they were sent, long after the client has left.
  EXPECT_GT(ran.periods.total(&ClassRecord::late_replies), 50U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable), 0U);
}

TEST(RequestPath, NoConnectionInTimeIsA500OfTheApplication) {
  SmallShop shop = shop_without_database();
  shop.platform.database.pool.connections = 2;
  shop.platform.database.pool.acquire_timeout = 1_s;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::pool_timeout), 200U);
  // Four statements that hung on the database from the start fail in that minute too.
  EXPECT_NEAR(ran.periods.metric(3, MetricId::alb_target_5xx),
              static_cast<double>(ran.periods.outcomes(Outcome::pool_timeout, 3, 4)), 4);
  EXPECT_TRUE(std::isnan(ran.periods.metric(3, MetricId::alb_elb_5xx)));
}

TEST(RequestPath, WhatIsInFlightWhenDrainingEndsGets502) {
  SmallShop shop = shop_without_database();
  // Four servers for a load of less than one: the low alarm's 15 points are full after 15 min of
  // simulated time, 13 min of the record. Half a minute earlier every request begins to hang.
  shop.scenario.duration = 15_min;
  shop.scenario.faults = {fault_at(12_h + 12_min + 30_s, DatabaseFailover{})};
  shop.scenario.clients.timeout = 300_s;
  shop.platform.web.scaling.minimum = 2;
  shop.platform.web.scaling.desired = 4;
  shop.platform.database.pool.socket_timeout = 600_s;
  shop.platform.database.pool.acquire_timeout = 600_s;
  shop.platform.cdn.response_timeout = 120_s;
  shop.platform.balancer.idle_timeout = 4000_s;
  shop.platform.balancer.deregistration_delay = 10_s;
  shop.platform.balancer.health_check.unhealthy_threshold = 10;
  Ran ran;
  run(shop.plan(), ran);
  const auto resets = ran.periods.outcomes(Outcome::connection_reset);
  EXPECT_GT(resets, 10U);
  bool scaled_in = false;
  for (const auto& activity : ran.summary.scaling) {
    scaled_in = scaled_in || activity.description.starts_with("terminating");
  }
  EXPECT_TRUE(scaled_in);
}

TEST(RequestPath, AScaleInLosesNothingThatMayFinish) {
  SmallShop shop;
  shop.scenario.duration = 20_min;
  shop.platform.web.scaling.minimum = 2;
  shop.platform.web.scaling.desired = 4;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(19, MetricId::group_in_service_instances), 2);
  for (std::size_t outcome = 1; outcome < kOutcomes; ++outcome) {
    EXPECT_EQ(ran.periods.outcomes(static_cast<Outcome>(outcome)), 0U) << outcome;
  }
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
}

TEST(RequestPath, WithoutAHealthyTargetTheBalancerFailsOpen) {
  SmallShop shop = shop_without_database();
  shop.scenario.duration = 8_min;
  shop.scenario.clients.timeout = 60_s;
  // The workers hang on the database; checks wait in the accept queue and fail. They come back as
  // soon as statements run again, since nobody replaces the servers.
  shop.platform.web.workers = 8;
  shop.platform.web.accept_queue = 10'000;
  shop.platform.web.scaling.health_check_type = HealthCheckType::ec2;
  shop.platform.database.failover.detection = constant(120);
  shop.platform.database.failover.promotion = constant(20);
  shop.platform.database.pool.socket_timeout = 15_s;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(2, MetricId::alb_unhealthy_hosts), 2);
  EXPECT_EQ(ran.periods.metric(2, MetricId::alb_healthy_hosts), 0);
  EXPECT_EQ(ran.periods.outcomes(Outcome::no_target), 0U);
  EXPECT_GT(ran.periods.metric(2, MetricId::alb_request_count), 100);
  EXPECT_EQ(ran.periods.metric(7, MetricId::alb_healthy_hosts), 2);
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 7, 8), 500U);
}

TEST(RequestPath, TheFirewallAddsItsLatencyToEveryDynamicRequest) {
  SmallShop shop;
  shop.scenario.duration = 2_min;
  shop.platform.waf.latency = constant(0.1);
  Ran with;
  run(shop.plan(), with);
  shop.platform.waf.enabled = false;
  Ran without;
  run(shop.plan(), without);
  // The same customers and draws; only pages at the edges of the run differ: 100 ms within 1 ms.
  EXPECT_NEAR(mean_tier_seconds(with.periods, Tier::edge) -
                  mean_tier_seconds(without.periods, Tier::edge),
              0.1, 0.001);
  EXPECT_GT(with.periods.metric(1, MetricId::waf_allowed_requests), 1000);
  EXPECT_TRUE(std::isnan(without.periods.metric(1, MetricId::waf_allowed_requests)));
  EXPECT_EQ(without.summary.usage.waf_requests, 0);
}

TEST(RequestPath, ASlowStartKeepsTheLoadAwayFromANewServer) {
  SmallShop shop;
  // 165 pages/s of 10 ms on 2 vCPUs each: 41 % on two servers, 83 % on one.
  shop.scenario.traffic.sessions_per_day = 780'000;
  shop.scenario.duration = 10_min;
  set_servers(shop, 2);
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;
  shop.platform.web.scaling.launch.application = constant(40);
  InstanceCrash crash;
  crash.silent = false;
  shop.scenario.faults = {fault_at(12_h + 2_min + 50_s, crash)};
  Ran at_once;
  run(shop.plan(), at_once);
  shop.platform.balancer.slow_start = 900_s;
  Ran slowly;
  run(shop.plan(), slowly);
  // Replaced at 12:03, answering at about 12:04:05. In minutes 5 to 7 its share has risen to 6 to
  // 22 % of that of the other, which still carries nearly everything.
  EXPECT_GT(mean_tier_seconds(slowly.periods, Tier::web, 5, 8),
            1.5 * mean_tier_seconds(at_once.periods, Tier::web, 5, 8));
  EXPECT_EQ(slowly.periods.metric(7, MetricId::alb_healthy_hosts), 2);
}

TEST(RequestPath, EveryAlgorithmKeepsTwoServersEquallyBusy) {
  for (const auto algorithm : {BalancingAlgorithm::round_robin,
                               BalancingAlgorithm::least_outstanding_requests,
                               BalancingAlgorithm::weighted_random}) {
    SmallShop shop;
    shop.scenario.traffic.sessions_per_day = 780'000;
    shop.scenario.duration = 3_min;
    shop.platform.balancer.algorithm = algorithm;
    Ran ran;
    run(shop.plan(), ran);
    EXPECT_EQ(ran.summary.conservation.failed, 0U);
    // One server with all of the load would be at 83 %, and the mean of both at 41 %.
    EXPECT_NEAR(ran.periods.metric(2, MetricId::ec2_cpu_utilization), 41, 4);
    // Two balanced servers at 41 % answer nearly as fast as idle ones (M/G/2-PS: 1 / (1 - rho^2)
    // = 1.2); an unbalanced 60:20 split would give 1.4 or more.
    EXPECT_LT(mean_tier_seconds(ran.periods, Tier::web), 0.0103 * 1.35);
  }
}

TEST(RequestPath, WithoutCrossZoneBalancingAZoneOfIllServersLeavesDns) {
  SmallShop shop;
  shop.scenario.duration = 8_min;
  set_servers(shop, 4);
  shop.platform.balancer.cross_zone = false;
  shop.platform.web.scaling.health_check_type = HealthCheckType::ec2;
  shop.platform.web.scaling.impairment_wait = 3600_s;  // nobody replaces them in this run
  InstanceCrash crash;
  crash.count = 2;
  crash.zone = "us-east-1b";
  shop.scenario.faults = {fault_at(12_h + 1_min, crash)};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::client_timeout, 1, 3), 50U);
  // Found ill after two checks (at most 65 s at 30 s, 5 s), out of DNS, and 60 s later no edge
  // location knows the zone's node any more.
  EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout, 5, 8), 0U);
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 5, 8), 1000U);
}

TEST(RequestPath, WithoutCloudFrontImagesComeFromTheBucket) {
  SmallShop shop;
  shop.scenario.duration = 2_min;
  shop.platform.cdn.enabled = false;
  shop.platform.object_storage.first_byte = constant(0.13);
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.summary.image_misses, ran.summary.image_requests);
  EXPECT_EQ(ran.summary.usage.cdn_requests, 0);
  EXPECT_TRUE(std::isnan(ran.periods.metric(1, MetricId::cdn_requests)));
  // One GET an image, and one for each of the few receipts.
  const auto images = static_cast<double>(ran.periods.main[1].classes.back().succeeded);
  EXPECT_GE(ran.periods.metric(1, MetricId::s3_get_requests), images);
  EXPECT_LE(ran.periods.metric(1, MetricId::s3_get_requests), 1.01 * images);
}

TEST(RequestPath, BothImageModelsMissEquallyOften) {
  const auto miss_ratio = [](ImageModel model) {
    SmallShop shop;
    shop.scenario.traffic.sessions_per_day = 400'000;
    shop.scenario.duration = 8_min;
    shop.platform.cdn.image_time_to_live = 90_s;
    shop.platform.cdn.image_model = model;
    Ran ran;
    run(shop.plan(), ran);
    EXPECT_GT(ran.summary.image_misses, 20'000U);
    return static_cast<double>(ran.summary.image_misses) /
           static_cast<double>(ran.summary.image_requests);
  };
  const double exact = miss_ratio(ImageModel::exact);
  // 20,000 misses or more each: 3 % are 3 standard errors of the difference.
  EXPECT_NEAR(miss_ratio(ImageModel::thinned), exact, 0.03 * exact);
  // Everything fits, so `auto` takes the thinned one.
  EXPECT_EQ(miss_ratio(ImageModel::automatic), miss_ratio(ImageModel::thinned));
}

TEST(RequestPath, AKeyTraceRulesProductsAndTheirImages) {
  SmallShop shop;
  shop.scenario.duration = 2_min;
  const std::vector<std::uint64_t> counts = {900, 90, 10};
  sim::Diagnostics diagnostics;
  const Catalogue catalogue = *load_catalogue("us-east-1", {}, {}, diagnostics);
  const auto plan =
      compile({shop.platform, shop.scenario, catalogue, nullptr, &counts}, diagnostics);
  ASSERT_TRUE(plan) << sim::to_text(diagnostics);
  EXPECT_EQ(plan->images->images(), 3U);
  EXPECT_NEAR(plan->images->popularity().probability(0), 0.9, 1e-9);
  Ran ran;
  run(*plan, ran);
  // Three images in four edge locations: after the warm-up everything is there.
  EXPECT_GT(ran.summary.image_requests, 10'000U);
  EXPECT_EQ(ran.summary.image_misses, 0U);
}

TEST(RequestPath, ATTypeWithoutCreditsBuysMoreOrFallsToItsBaseline) {
  SmallShop shop;
  shop.scenario.traffic.sessions_per_day = 780'000;
  shop.scenario.duration = 8_min;
  set_servers(shop, 2);
  shop.platform.web.instance_type = "t3.medium";  // baseline 20 %, no credits at launch
  shop.platform.web.scaling.health_check_type = HealthCheckType::ec2;  // slow ones stay
  InstanceCrash crash;
  crash.count = 2;
  crash.silent = false;
  shop.scenario.faults = {fault_at(12_h + 50_s, crash)};
  Ran unlimited;
  run(shop.plan(), unlimited);
  EXPECT_GT(unlimited.summary.usage.web_surplus_credit_vcpu_seconds, 60);
  EXPECT_GT(unlimited.periods.metric(7, MetricId::ec2_cpu_utilization), 50);
  shop.platform.web.unlimited_credits = false;
  Ran standard;
  run(shop.plan(), standard);
  EXPECT_EQ(standard.summary.usage.web_surplus_credit_vcpu_seconds, 0);
  // Fully busy, but the hypervisor gives 20 % of each core and CloudWatch shows just that.
  EXPECT_NEAR(standard.periods.metric(7, MetricId::ec2_cpu_utilization), 20, 1);
  EXPECT_GT(mean_tier_seconds(standard.periods, Tier::web, 6, 8),
            3 * mean_tier_seconds(unlimited.periods, Tier::web, 6, 8));
}

TEST(RequestPath, PoolsOpenNoMoreConnectionsThanTheDatabaseGrants) {
  SmallShop shop;
  shop.scenario.duration = 2_min;
  shop.platform.database.max_connections = 50;  // 2 x 30 are wanted
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(1, MetricId::rds_connections), 50);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
}

TEST(RequestPath, TheVolumeIsCappedByIopsThroughputAndClass) {
  const auto iops = [](std::int64_t volume, double mebibytes, const char* type) {
    SmallShop shop;
    shop.platform.database.iops = volume;
    shop.platform.database.throughput.bits_per_second = mebibytes * 8 * 1048576;
    shop.platform.database.instance_class = type;
    return shop.plan().database.iops;
  };
  // facts 4.3: class baselines 3,600 (large), 6,000 (xlarge), 12,000 (2xlarge); pages of 8 KiB.
  EXPECT_EQ(iops(12'000, 500, "db.m7g.large"), 3'600);
  EXPECT_EQ(iops(12'000, 500, "db.m7g.xlarge"), 6'000);
  EXPECT_EQ(iops(12'000, 500, "db.m7g.2xlarge"), 12'000);
  EXPECT_EQ(iops(3'000, 500, "db.m7g.2xlarge"), 3'000);
  EXPECT_EQ(iops(12'000, 10, "db.m7g.2xlarge"), 1'280);  // 10 MiB/s / 8 KiB
}

}  // namespace
}  // namespace shopsim::models
