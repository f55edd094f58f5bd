#include "models/cloudwatch_metrics.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace shopsim::models {
namespace {

using namespace sim::literals;

TEST(CloudWatchMetrics, AreDeclaredOnceEach) {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const auto& definition : all_metrics()) {
    EXPECT_TRUE(names.emplace(definition.name_space, definition.name).second) << definition.name;
    EXPECT_EQ(find_metric(definition.name_space, definition.name), definition.id);
    EXPECT_EQ(&metric(definition.id), &definition);
  }
  EXPECT_EQ(all_metrics().size(), kMetricCount);
}

TEST(CloudWatchMetrics, AreCompleteRows) {
  for (const auto& definition : all_metrics()) {
    EXPECT_TRUE(definition.name_space.starts_with("AWS/")) << definition.name;
    EXPECT_FALSE(definition.dimensions.empty()) << definition.name;
    EXPECT_TRUE(definition.statistics.contains(definition.usual)) << definition.name;
    EXPECT_GE(definition.period, 60_s) << definition.name;  // S-CW-CONC: standard resolution
    EXPECT_GT(definition.delivery_lag.b, 0) << definition.name;
    EXPECT_TRUE(definition.source.starts_with("S-")) << definition.name;
  }
}

TEST(CloudWatchMetrics, KnowTheRulesOfTheBalancersMetrics) {
  const auto& per_target = metric(MetricId::alb_request_count_per_target);
  EXPECT_TRUE(per_target.statistics.contains(Statistic::sum));  // S-ALB-CW: the only valid one
  EXPECT_FALSE(per_target.statistics.contains(Statistic::average));
  EXPECT_EQ(metric(MetricId::alb_request_count).emission, Emission::with_traffic);
  EXPECT_EQ(metric(MetricId::alb_elb_503).emission, Emission::nonzero);
  EXPECT_EQ(metric(MetricId::alb_healthy_hosts).emission, Emission::always);
  EXPECT_TRUE(metric(MetricId::alb_target_response_time).statistics.contains(Statistic::p99));
  EXPECT_EQ(metric(MetricId::ec2_cpu_credit_balance).period, 5_min);
}

TEST(CloudWatchMetrics, AreFoundByTheirAwsNames) {
  EXPECT_EQ(find_metric("AWS/EC2", "CPUUtilization"), MetricId::ec2_cpu_utilization);
  EXPECT_EQ(find_metric("AWS/RDS", "CPUUtilization"), MetricId::rds_cpu_utilization);
  EXPECT_EQ(find_metric("AWS/RDS", "EBSIOBalance%"), MetricId::rds_ebs_io_balance);
  EXPECT_EQ(find_metric("AWS/EC2", "cpuutilization"), std::nullopt);
  EXPECT_EQ(find_metric("AWS/SQS", "CPUUtilization"), std::nullopt);
}

TEST(CloudWatchMetrics, SpellStatisticsAsCloudWatchDoes) {
  EXPECT_EQ(to_text(Statistic::sample_count), "SampleCount");
  EXPECT_EQ(to_text(Statistic::p95), "p95");
  EXPECT_EQ(percentile_of(Statistic::p95), 0.95);
  EXPECT_EQ(percentile_of(Statistic::average), std::nullopt);
}

}  // namespace
}  // namespace shopsim::models
