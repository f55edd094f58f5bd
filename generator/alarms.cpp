#include "generator/alarms.hpp"

#include <algorithm>

#include "models/number_text.hpp"
#include "sim/decimal.hpp"

namespace shopsim::generator {

namespace {

using models::AlarmSeverity;

Value dimension_list(const Map& dimensions) {
  List list;
  for (const Entry& entry : dimensions) {
    list.push_back(map({{"Name", entry.key}, {"Value", entry.value}}));
  }
  return list;
}

std::string statistic_of(const AlarmPlan& plan) {
  if (!plan.stat_text.empty()) return plan.stat_text;
  return std::string(
      enum_names(plan.config.statistic)[static_cast<std::size_t>(plan.config.statistic)]);
}

Value actions(const AlarmTopics& topics, AlarmSeverity severity) {
  return list({severity == AlarmSeverity::critical ? topics.critical : topics.warning});
}

/// A description AWS accepts: at most 1024 characters. Where the threshold differs between
/// environments, both numbers are said: this one's and the one that was derived.
Value description(const AlarmPlan& plan) {
  const std::string after = plan.config.severity == AlarmSeverity::critical && !plan.silent
                                ? " What to do: RUNBOOK.md, " + plan.config.name + '.'
                                : std::string();
  if (plan.threshold_parameter.empty()) {
    return (plan.meaning + " Threshold: " + plan.derivation + after).substr(0, 1024);
  }
  const std::string derived = (plan.derivation + after).substr(0, 800);
  return text(literally(plan.meaning) + " Threshold: ${" + plan.threshold_parameter +
              "}, in production " + literally(derived));
}

std::int64_t period_seconds(const AlarmPlan& plan) {
  return plan.config.period.nanoseconds / 1'000'000'000;
}

/// Whole numbers without a decimal point, as a person would write them.
Value threshold_value(double threshold) {
  const auto whole = static_cast<std::int64_t>(threshold);
  if (static_cast<double>(whole) == threshold) return whole;
  return threshold;
}

Value math_queries(const AlarmPlan& plan) {
  List list;
  std::vector<MetricQuery> queries = plan.share->whole;
  for (const MetricQuery& part : plan.share->parts) {
    const bool known = std::any_of(queries.begin(), queries.end(),
                                   [&](const MetricQuery& one) { return one.id == part.id; });
    if (!known) queries.push_back(part);
  }
  for (const MetricQuery& query : queries) {
    list.push_back(map({{"Id", query.id},
                        {"ReturnData", false},
                        {"MetricStat",
                         map({{"Metric", map({{"Namespace", plan.config.name_space},
                                              {"MetricName", query.metric},
                                              {"Dimensions", dimension_list(plan.dimensions)}})},
                              {"Period", period_seconds(plan)},
                              {"Stat", statistic_of(plan)}})}}));
  }
  list.push_back(map({{"Id", "result"},
                      {"Label", plan.config.metric},
                      {"Expression", expression_of(*plan.share)},
                      {"ReturnData", true}}));
  return list;
}

void add_alarm(StackBuilder& builder, const AlarmPlan& plan, const AlarmTopics& topics) {
  const models::AlarmConfig& config = plan.config;
  Map properties = {{"AlarmName", builder.name(config.name)},
                    {"AlarmDescription", description(plan)},
                    {"ActionsEnabled", !plan.silent}};
  if (!plan.share) {
    properties.push_back({"Namespace", config.name_space});
    properties.push_back({"MetricName", config.metric});
    if (!plan.dimensions.empty()) {  // some numbers are the account's
      properties.push_back({"Dimensions", dimension_list(plan.dimensions)});
    }
    const std::string statistic = statistic_of(plan);
    properties.push_back({statistic.starts_with('p') ? "ExtendedStatistic" : "Statistic",
                          statistic});
    properties.push_back({"Period", period_seconds(plan)});
  } else {
    properties.push_back({"Metrics", math_queries(plan)});
  }
  properties = joined(
      std::move(properties),
      {{"ComparisonOperator", std::string(enum_names(config.comparison)[static_cast<std::size_t>(
                                  config.comparison)])},
       {"Threshold", plan.threshold_parameter.empty() ? threshold_value(config.threshold)
                                                      : ref(plan.threshold_parameter)},
       {"EvaluationPeriods", config.evaluation_periods},
       {"DatapointsToAlarm", config.datapoints_to_alarm},
       {"TreatMissingData",
        std::string(enum_names(config.treat_missing_data)[static_cast<std::size_t>(
            config.treat_missing_data)])}});
  Resource resource = {.id = alarm_id(config.name),
                       .type = "AWS::CloudWatch::Alarm",
                       .why = plan.meaning,
                       .source = plan.source,
                       .requirements = config.because,
                       .properties = std::move(properties)};
  if (plan.silent) {
    resource.exemptions.push_back({"CKV_AWS_319", "one half of a composite alarm, which acts"});
  } else {
    resource.properties.push_back({"AlarmActions", actions(topics, config.severity)});
    resource.properties.push_back({"OKActions", actions(topics, config.severity)});
  }
  builder.add(std::move(resource));
}

void add_composite(StackBuilder& builder, const CompositePlan& plan, const AlarmTopics& topics) {
  std::string rule;
  for (const auto& all : plan.any_of_all) {
    std::string part;
    for (const std::string& name : all) {
      part += (part.empty() ? "" : " AND ") + std::string("ALARM(\"${") + alarm_id(name) + "}\")";
    }
    rule += (rule.empty() ? "(" : " OR (") + part + ')';
  }
  std::string about = plan.meaning;
  if (plan.severity == AlarmSeverity::critical) {
    about += " What to do: RUNBOOK.md, " + plan.name + '.';
  }
  builder.add({.id = alarm_id(plan.name),
               .type = "AWS::CloudWatch::CompositeAlarm",
               .why = plan.why,
               .source = "alarms",
               .properties = {{"AlarmName", builder.name(plan.name)},
                              {"AlarmDescription", about.substr(0, 1024)},
                              {"ActionsEnabled", true},
                              {"AlarmRule", text(rule)},
                              {"AlarmActions", actions(topics, plan.severity)},
                              {"OKActions", actions(topics, plan.severity)}}});
}

}  // namespace

std::string condition_text(const AlarmPlan& plan) {
  const models::AlarmConfig& config = plan.config;
  const auto comparison = static_cast<std::size_t>(config.comparison);
  static constexpr const char* kSigns[] = {">", ">=", "<", "<="};
  return config.name_space + ' ' + config.metric + ' ' + statistic_of(plan) + ' ' +
         kSigns[comparison] + ' ' +
         models::number_text(config.threshold) + " in " +
         std::to_string(config.datapoints_to_alarm) + " of " +
         std::to_string(config.evaluation_periods) + " periods of " +
         sim::to_text(config.period);
}

std::string rule_text(const CompositePlan& plan) {
  std::string rule;
  for (const auto& all : plan.any_of_all) {
    std::string part;
    for (const std::string& name : all) {
      part += (part.empty() ? "" : " AND ") + std::string("ALARM(\"") + name + "\")";
    }
    rule += (rule.empty() ? "(" : " OR (") + part + ')';
  }
  return rule;
}

std::string expression_of(const ShareOf& share) {
  const auto sum = [](const std::vector<MetricQuery>& metrics) {
    std::string text;
    for (const MetricQuery& one : metrics) {
      text += (text.empty() ? "(FILL(" : " + FILL(") + one.id + ", 0)";
    }
    return text + ')';
  };
  return "100 * " + sum(share.parts) + " / " + sum(share.whole);
}

ShareOf failed_requests() {
  return {.parts = {{"target", "HTTPCode_Target_5XX_Count"},
                    {"balancer", "HTTPCode_ELB_5XX_Count"}},
          // A request for which the balancer finds no server is not in RequestCount (S-ALB-CW).
          .whole = {{"requests", "RequestCount"}, {"balancer", "HTTPCode_ELB_5XX_Count"}}};
}

std::string alarm_id(const std::string& name) {
  std::string id;
  bool upper = true;
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool plain = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) id += upper && lower ? static_cast<char>(c - 'a' + 'A') : c;
    upper = !plain;
  }
  return id + "Alarm";
}

void add_alarms(StackBuilder& builder, const AlarmSet& set, const AlarmTopics& topics) {
  for (const AlarmPlan& plan : set.alarms) add_alarm(builder, plan, topics);
  for (const CompositePlan& plan : set.composites) add_composite(builder, plan, topics);
}

void add_edge_alarms(StackBuilder& builder) {
  add_alarms(builder, edge_alarms(builder.design()), {ref("EdgeTopic"), ref("EdgeWarningTopic")});
}

}  // namespace shopsim::generator
