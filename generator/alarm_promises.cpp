// Alarms on what surrounds the servers, on the scenario's promises, and the composites.
#include <algorithm>
#include <cmath>

#include "generator/alarm_catalogue.hpp"
#include "generator/alarm_sets.hpp"
#include "generator/web_acl.hpp"
#include "models/number_text.hpp"

namespace shopsim::generator {

using models::AlarmSeverity;
using models::Comparison;
using models::MissingData;
using models::number_text;
using models::Statistic;

namespace {

constexpr sim::Duration kMinute{60'000'000'000};
constexpr double kDefaultSuccess = 0.999;  // where no scenario promises anything
constexpr double kFirstTextMessageLimitUsd = 1;  // of a new account and month (S-SNS-QUOTA)
constexpr double kTextMessageShare = 0.8;  // assumption: early enough to have it raised

}  // namespace

void AlarmSets::around() {
  if (platform_.shared_files.enabled &&
      platform_.shared_files.throughput_mode == models::SharedFilesThroughput::bursting) {
    recommended({"files-io-limit", "AWS/EFS", "PercentIOLimit", Statistic::average,
                 Comparison::greater_or_equal, 100, 60, 15, MissingData::missing,
                 AlarmSeverity::warning, "AWS's recommendation (S-CW-ALARMS)", "shared_files"});
    recommended({"files-burst-credit", "AWS/EFS", "BurstCreditBalance", Statistic::average,
                 Comparison::less_or_equal, 0, 60, 15, MissingData::missing,
                 AlarmSeverity::warning, "AWS's recommendation (S-CW-ALARMS)", "shared_files"});
  }
  recommended({"nat-ports", "AWS/NATGateway", "ErrorPortAllocation", Statistic::sum,
               Comparison::greater, 0, 60, 15, MissingData::missing, AlarmSeverity::warning,
               "AWS's recommendation (S-CW-ALARMS)", "network"});
  const auto gateways = dimensions_of(platform_, "AWS/NATGateway", "PacketsDropCount");
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    const AlarmAdvice advice = advice_for("AWS/NATGateway", "PacketsDropCount");
    set_.alarms.push_back({.config = {.name = "nat-drops-" + std::to_string(i + 1),
                           .name_space = "AWS/NATGateway",
                           .metric = "dropped packets, per cent",
                           .statistic = Statistic::sum,
                           .comparison = Comparison::greater,
                           .threshold = 0.01,
                           .period = kMinute,
                           .evaluation_periods = 5,
                           .datapoints_to_alarm = 5,
                           .treat_missing_data = MissingData::not_breaching},
                .dimensions = gateways[i],
                .share = ShareOf{.parts = {{"dropped", "PacketsDropCount"}},
                                 .whole = {{"sent", "PacketsOutToDestination"},
                                           {"received", "PacketsInFromDestination"}}},
                .derivation = "0.01 % of the packets (S-CW-ALARMS).",
                .source = "network",
                .meaning = std::string(advice.meaning),
                .first_steps = std::string(advice.first_steps)});
  }
  for (const char* metric : {"4xxErrors", "5xxErrors"}) {
    const bool refused = metric[0] == '4';
    recommended({refused ? "bucket-refusals" : "bucket-errors", "AWS/S3", metric,
                 Statistic::average, Comparison::greater, 0.05, 60, 15, MissingData::missing,
                 AlarmSeverity::warning, "5 % of the requests (S-CW-ALARMS)", "object_storage"});
  }
  recommended({"firewall-blocks", "AWS/WAFV2", "BlockedRequests", Statistic::sum,
               Comparison::greater, firewall_limit(), 300, 3, MissingData::not_breaching,
               AlarmSeverity::warning, firewall_derivation(), "waf"});
  if (platform_.backup.enabled) {
    recommended({"backup-failed", "AWS/Backup", "NumberOfBackupJobsFailed", Statistic::sum,
                 Comparison::greater, 0, 3600, 1, MissingData::not_breaching,
                 AlarmSeverity::critical, "any failed job", "backup"});
  }
  for (const char* topic : {"Critical", "Warning"}) {
    const AlarmAdvice advice = advice_for("AWS/SNS", "NumberOfNotificationsFailed");
    set_.alarms.push_back({.config = {.name = topic[0] == 'C' ? "critical-messages-lost"
                                                              : "warning-messages-lost",
                                      .name_space = "AWS/SNS",
                                      .metric = "NumberOfNotificationsFailed",
                                      .statistic = Statistic::sum,
                                      .comparison = Comparison::greater,
                                      .threshold = 0,
                                      .period = kMinute,
                                      .evaluation_periods = 5,
                                      .datapoints_to_alarm = 1,
                                      .treat_missing_data = MissingData::not_breaching},
                           .dimensions = {{"TopicName",
                                           ref(std::string(topic) + "TopicName")}},
                           .derivation = "any message that did not arrive.",
                           .source = "notifications",
                           .meaning = std::string(advice.meaning),
                           .first_steps = std::string(advice.first_steps)});
  }
  text_messages();
}

/// Beyond the account's monthly limit SNS sends no text message, and says so to nobody.
void AlarmSets::text_messages() {
  if (platform_.notifications.phones.empty()) return;
  const AlarmAdvice advice = advice_for("AWS/SNS", "SMSMonthToDateSpentUSD");
  AlarmPlan plan{.config = {.name = "text-message-spend",
                            .name_space = "AWS/SNS",
                            .metric = "SMSMonthToDateSpentUSD",
                            .statistic = Statistic::maximum,
                            .comparison = Comparison::greater,
                            .threshold = kTextMessageShare * kFirstTextMessageLimitUsd,
                            .period = kMinute * 60,
                            .evaluation_periods = 1,
                            .datapoints_to_alarm = 1,
                            .treat_missing_data = MissingData::missing},
                 .dimensions = {},  // it is the account's
                 .threshold_parameter = "TextMessageSpendThreshold",
                 .derivation = "80 % of the account's monthly limit, which is 1 USD until it is "
                               "raised.",
                 .source = "notifications.phones",
                 .meaning = std::string(advice.meaning),
                 .first_steps = std::string(advice.first_steps)};
  set_.alarms.push_back(std::move(plan));
}

/// The firewall before CloudFront: most attacks end there, and the balancer's never sees them.
void AlarmSets::edge_firewall() {
  const AlarmAdvice advice = advice_for("AWS/WAFV2", "BlockedRequests");
  AlarmPlan plan{.config = {.name = "edge-firewall-blocks",
                            .name_space = "AWS/WAFV2",
                            .metric = "BlockedRequests",
                            .statistic = Statistic::sum,
                            .comparison = Comparison::greater,
                            .threshold = firewall_limit(),
                            .period = kMinute * 5,
                            .evaluation_periods = 3,
                            .datapoints_to_alarm = 3,
                            .treat_missing_data = MissingData::not_breaching},
                 .dimensions = {{"WebACL", text(web_acl_metric(platform_, WafScope::edge))},
                                {"Rule", "ALL"}},
                 .derivation = firewall_derivation() + '.',
                 .source = "waf",
                 .meaning = std::string(advice.meaning),
                 .first_steps = std::string(advice.first_steps)};
  plan.derivation += simulated_note(plan.config);
  set_.alarms.push_back(std::move(plan));
}

/// Requests that one address may send at all, or well above what was simulated.
double AlarmSets::firewall_limit() const {
  const double limit = static_cast<double>(platform_.waf.rate_limit_per_address);
  const auto blocked = design_.simulated
                           ? design_.simulated->find(models::MetricId::waf_blocked_requests)
                           : std::nullopt;
  return blocked ? std::max(limit, 3 * blocked->maximum) : limit;
}

std::string AlarmSets::firewall_derivation() const {
  const bool seen = design_.simulated &&
                    design_.simulated->find(models::MetricId::waf_blocked_requests);
  return seen ? "three times the simulated maximum, at least one address's limit"
              : "as many in 5 minutes as one address may send at all";
}

void AlarmSets::latency_promise() {
  const models::SloConfig* loosest = nullptr;
  for (const models::SloConfig& slo : design_.slos) {
    if (slo.metric != models::SloMetric::latency || !slo.limit_time) continue;
    if (!loosest || *slo.limit_time > *loosest->limit_time) loosest = &slo;
  }
  if (!loosest) return;
  const AlarmAdvice advice = advice_for("AWS/ApplicationELB", "TargetResponseTime");
  const std::string wanted = 'p' + number_text(loosest->percentile);
  std::optional<Statistic> recorded;
  for (const models::RecordedPercentile& one : models::kRecordedPercentiles) {
    if (to_text(one.statistic) == wanted) recorded = one.statistic;
  }
  AlarmPlan plan{
      .config = {.name = "latency-promise",
                 .name_space = "AWS/ApplicationELB",
                 .metric = "TargetResponseTime",
                 .statistic = recorded.value_or(Statistic::p99),
                 .comparison = Comparison::greater,
                 .threshold = loosest->limit_time->seconds(),
                 .period = kMinute,
                 .evaluation_periods = 5,
                 .datapoints_to_alarm = 3,
                 .treat_missing_data = MissingData::not_breaching,
                 .severity = AlarmSeverity::critical,
                 .because = loosest->because},
      .dimensions = dimensions_of(platform_, "AWS/ApplicationELB", "TargetResponseTime").front(),
      .stat_text = recorded ? "" : wanted,
      .derivation = "the loosest latency promise of the scenario, `" + loosest->name +
                    "`: beyond it every promise is broken.",
      .source = "slos." + loosest->name,
      .meaning = std::string(advice.meaning),
      .first_steps = std::string(advice.first_steps)};
  plan.derivation += simulated_note(plan.config);
  set_.alarms.push_back(std::move(plan));
}

void AlarmSets::burn_rate(const models::SloConfig* slo) {
  const double promise = slo ? slo->limit_share->value : kDefaultSuccess;
  const double budget_percent = 100 * (1 - promise);
  struct Window {
    const char* name;
    std::int64_t seconds;
    double factor;
  };
  for (const Window window : {Window{"error-budget-1h", 3600, 14.4},
                              Window{"error-budget-5m", 300, 14.4},
                              Window{"error-budget-6h", 21600, 6},
                              Window{"error-budget-30m", 1800, 6}}) {
    AlarmPlan plan{
        .config = {.name = window.name,
                   .name_space = "AWS/ApplicationELB",
                   .metric = "failed requests, per cent",
                   .statistic = Statistic::sum,
                   .comparison = Comparison::greater,
                   .threshold = std::round(window.factor * budget_percent * 1e6) / 1e6,
                   .period = {window.seconds * 1'000'000'000},
                   .evaluation_periods = 1,
                   .datapoints_to_alarm = 1,
                   .treat_missing_data = MissingData::not_breaching,
                   .severity = AlarmSeverity::critical,
                   .because = slo ? slo->because : std::vector<std::string>{}},
        .dimensions = dimensions_of(platform_, "AWS/ApplicationELB", "RequestCount").front(),
        .share = failed_requests(),
        .source = slo ? "slos." + slo->name : "slos",
        .meaning = "The errors of a month are being used up too fast.",
        .silent = true};
    plan.derivation = number_text(window.factor, 1) + " times the budget of " +
                      number_text(budget_percent) + " % (" +
                      (slo ? "promise `" + slo->name + "`" : "99.9 %, no promise was given") +
                      "), the multi-window burn rate of the Site Reliability Workbook.";
    set_.alarms.push_back(std::move(plan));
  }
}

/// Whatever the cause: more than half of all requests fail, two minutes of three.
void AlarmSets::outage() {
  set_.alarms.push_back(
      {.config = {.name = "most-requests-fail",
                  .name_space = "AWS/ApplicationELB",
                  .metric = "failed requests, per cent",
                  .statistic = Statistic::sum,
                  .comparison = Comparison::greater,
                  .threshold = 50,
                  .period = kMinute,
                  .evaluation_periods = 3,
                  .datapoints_to_alarm = 2,
                  .treat_missing_data = MissingData::not_breaching,
                  .severity = AlarmSeverity::critical},
       .dimensions = dimensions_of(platform_, "AWS/ApplicationELB", "RequestCount").front(),
       .share = failed_requests(),
       .derivation = "every other request: nobody can shop.",
       .source = "alarms",
       .meaning = "More requests fail than succeed.",
       .silent = true});
}

void AlarmSets::promises() {
  const models::SloConfig* strictest = nullptr;
  for (const models::SloConfig& slo : design_.slos) {
    if (slo.metric != models::SloMetric::success_ratio || !slo.limit_share) continue;
    if (slo.limit_share->value >= 1) continue;  // a budget of nothing cannot burn
    if (!strictest || *slo.limit_share > *strictest->limit_share) strictest = &slo;
  }
  burn_rate(strictest);
  outage();
  latency_promise();
}

void AlarmSets::composites() {
  set_.composites.push_back(
      {.name = "errors-fast",
       .why = "pages when a month's errors would be used up within two days",
       .any_of_all = {{"error-budget-1h", "error-budget-5m"}},
       .meaning = "Customers get errors at 14.4 times the promised rate, in the last hour and "
                  "still now.",
       .first_steps = "Begin with server-errors and balancer-errors: which of them rises says "
                      "whether application or servers are the cause."});
  set_.composites.push_back(
      {.name = "errors-slow",
       .why = "tells in office hours when a month's errors would be used up within five days",
       .any_of_all = {{"error-budget-6h", "error-budget-30m"}},
       .severity = AlarmSeverity::warning,
       .meaning = "Customers get errors at 6 times the promised rate, for hours.",
       .first_steps = "Find the path with errors in the query `errors by path`; fix it today."});
  std::vector<std::vector<std::string>> down = {{"most-requests-fail"},
                                                {"error-budget-5m", "healthy-servers"}};
  if (has("servers-in-service")) down.push_back({"error-budget-5m", "servers-in-service"});
  if (has("database-connections")) down.push_back({"error-budget-5m", "database-connections"});
  set_.composites.push_back(
      {.name = "shop-is-down",
       .why = "one page for what would be ten: errors now, and a cause that explains them",
       .any_of_all = std::move(down),
       .meaning = "The shop is down or nearly so: most requests fail, or customers get errors and "
                  "servers or database connections are missing.",
       .first_steps = "Tell support first. Open the dashboard: the first row shows since when, the "
                      "second which tier. Servers missing: see servers-in-service. Database: see "
                      "database-connections; during a failover wait 2 minutes before acting."});
}

}  // namespace shopsim::generator
