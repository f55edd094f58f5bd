// Rules about alarms: what they watch exists, can breach, and reaches somebody.
#include <algorithm>
#include <array>
#include <set>

#include "generator/check_metrics.hpp"
#include "generator/check_region.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"
#include "generator/check_watched.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kAlarm =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-cloudwatch-alarm.html";
constexpr std::string_view kServices =
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
    "aws-services-cloudwatch-metrics.html";
constexpr std::string_view kStatistics =
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html";
constexpr double kDay = 86'400;
constexpr double kHour = 3'600;

std::string named(const Resource& resource) { return sim::shown(resource.id); }

std::vector<WatchedMetric> watched_in(const StackSet& set) {
  std::vector<WatchedMetric> result;
  for (const Resource* alarm : set.of_type("AWS::CloudWatch::Alarm")) {
    const Value& all = alarm->properties();
    if (all.at("MetricName").given()) {
      const Value& statistic =
          all.at("Statistic").given() ? all.at("Statistic") : all.at("ExtendedStatistic");
      result.push_back({alarm, &all.at("Namespace"), &all.at("MetricName"), &all.at("Dimensions"),
                        &statistic, &all.at("Unit")});
    }
    for (const Value* one : all.at("Metrics").each()) {
      const Value& stat = one->at("MetricStat");
      const Value& metric = stat.at("Metric");
      if (!metric.given()) continue;
      result.push_back({alarm, &metric.at("Namespace"), &metric.at("MetricName"),
                        &metric.at("Dimensions"), &stat.at("Stat"), &stat.at("Unit")});
    }
  }
  return result;
}

void check_metric(const Checked& checked, Report& report) {
  for (const WatchedMetric& one : watched_in(checked.set)) {
    if (!one.name_space->is_literal() || !one.name->is_literal()) continue;
    const std::string& name_space = one.name_space->text;
    const std::string& name = one.name->text;
    if (!knows_namespace(name_space)) {
      if (!name_space.starts_with("AWS/")) {
        if (const std::string wrong = missing_custom_metric(checked.set, one); !wrong.empty()) {
          report.add(*one.alarm, *one.name, wrong);
        }
      }
      continue;
    }
    if (knows_metric(name_space, name)) continue;
    const std::string_view nearest = nearest_metric(name_space, name);
    report.add(*one.alarm, *one.name, sim::shown(name_space) + " has no metric " +
                                          sim::shown(name) +
                                          (nearest.empty() ? "" : "; did you mean " +
                                                                      sim::shown(nearest) + "?"));
  }
}

std::vector<std::string_view> dimension_names(const Value& dimensions) {
  std::vector<std::string_view> names;
  for (const Value* one : dimensions.each()) names.push_back(one->at("Name").text);
  std::sort(names.begin(), names.end());
  return names;
}

std::string joined(const std::vector<std::string_view>& names) {
  if (names.empty()) return "none";
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : " + ") + std::string(name);
  }
  return text;
}

void check_dimensions(const Checked& checked, Report& report) {
  for (const WatchedMetric& one : watched_in(checked.set)) {
    if (!one.name_space->is_literal() || !one.name->is_literal()) continue;
    const auto sets = dimension_sets(one.name_space->text, one.name->text);
    if (sets.empty() || !knows_metric(one.name_space->text, one.name->text)) continue;
    const auto given = dimension_names(*one.dimensions);
    if (std::find(sets.begin(), sets.end(), given) != sets.end()) continue;
    std::string allowed;
    for (const auto& set : sets) allowed += (allowed.empty() ? "" : ", or ") + joined(set);
    report.add(*one.alarm, one.dimensions->given() ? *one.dimensions : *one.name,
               one.name->text + " is published under " + allowed + "; given " + joined(given));
  }
}

void check_dimension_values(const Checked& checked, Report& report) {
  for (const WatchedMetric& one : watched_in(checked.set)) {
    for (const Value* dimension : one.dimensions->each()) {
      const Value& name = dimension->at("Name");
      const Value& value = dimension->at("Value");
      const std::string wrong =
          objection_to_dimension(checked.set, one, name.text, value);
      if (!wrong.empty()) report.add(*one.alarm, value, wrong);
    }
  }
}

void check_statistic(const Checked& checked, Report& report) {
  for (const Resource* alarm : checked.set.of_type("AWS::CloudWatch::Alarm")) {
    const Value& plain = alarm->property("Statistic");
    const Value& extended = alarm->property("ExtendedStatistic");
    if (plain.given() && extended.given()) {
      report.add(*alarm, extended, "Statistic and ExtendedStatistic exclude each other");
    }
    if (plain.is_literal() && !is_plain_statistic(plain.text)) {
      report.add(*alarm, plain, "Statistic is Average, Sum, Minimum, Maximum or SampleCount, "
                                "given " +
                                    sim::shown(plain.text));
    }
    if (extended.is_literal() &&
        (!is_statistic(extended.text) || is_plain_statistic(extended.text))) {
      report.add(*alarm, extended, sim::shown(extended.text) +
                                       " is no extended statistic such as p99 or tm95");
    }
    if (alarm->property("MetricName").given() && !plain.given() && !extended.given()) {
      report.add(*alarm, named(*alarm) + " has no Statistic");
    }
    for (const Value* one : alarm->property("Metrics").each()) {
      const Value& stat = one->at("MetricStat").at("Stat");
      if (stat.is_literal() && !is_statistic(stat.text)) {
        report.add(*alarm, stat, sim::shown(stat.text) + " is no statistic");
      }
    }
  }
}

void check_sense(const Checked& checked, Report& report) {
  for (const WatchedMetric& one : watched_in(checked.set)) {
    if (!one.statistic->is_literal()) continue;
    if (!is_senseless(one.name_space->text, one.name->text, one.statistic->text)) continue;
    report.add(*one.alarm, *one.statistic, one.statistic->text + " of " + one.name->text +
                                               " says nothing: the service publishes it for "
                                               "another statistic");
  }
}

void check_unit(const Checked& checked, Report& report) {
  for (const WatchedMetric& one : watched_in(checked.set)) {
    const auto unit = unit_of(one.name_space->text, one.name->text);
    if (!one.unit->is_literal() || !unit || one.unit->text == *unit) continue;
    report.add(*one.alarm, *one.unit, one.name->text + " is published in " + std::string(*unit) +
                                          ", not in " + one.unit->text);
  }
}

bool is_period(double seconds) {
  return seconds == 10 || seconds == 20 || seconds == 30 ||
         (seconds >= 60 && seconds == 60 * static_cast<double>(static_cast<int>(seconds / 60)));
}

void check_window(const Checked& checked, Report& report) {
  for (const Resource* alarm : checked.set.of_type("AWS::CloudWatch::Alarm")) {
    std::vector<const Value*> periods{&alarm->property("Period")};
    for (const Value* one : alarm->property("Metrics").each()) {
      periods.push_back(&one->at("MetricStat").at("Period"));
      periods.push_back(&one->at("Period"));
    }
    const Value& points = alarm->property("EvaluationPeriods");
    const Value& needed = alarm->property("DatapointsToAlarm");
    for (const Value* period : periods) {
      const auto seconds = period->number();
      if (!seconds) continue;
      if (!is_period(*seconds)) {
        report.add(*alarm, *period, "a period is 10, 20, 30 or a multiple of 60 seconds, given " +
                                        period->text);
      }
      const double longest = *seconds >= kHour ? 7 * kDay : kDay;
      if (points.number() && *seconds * *points.number() > longest) {
        report.add(*alarm, points, "an alarm looks back one day at most (seven with periods of an "
                                   "hour), given " + points.text + " x " + period->text +
                                       " seconds");
      }
    }
    if (needed.number() && points.number() && *needed.number() > *points.number()) {
      report.add(*alarm, needed, "DatapointsToAlarm " + needed.text + " of EvaluationPeriods " +
                                     points.text + " can never be reached");
    }
  }
}

void check_words(const Checked& checked, Report& report) {
  constexpr std::array<std::string_view, 4> kMissing{"breaching", "notBreaching", "ignore",
                                                     "missing"};
  constexpr std::array<std::string_view, 7> kOperators{
      "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold",
      "LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold",
      "LessThanLowerThreshold", "GreaterThanUpperThreshold"};
  for (const Resource* alarm : checked.set.of_type("AWS::CloudWatch::Alarm")) {
    const Value& missing = alarm->property("TreatMissingData");
    if (missing.is_literal() &&
        std::find(kMissing.begin(), kMissing.end(), missing.text) == kMissing.end()) {
      report.add(*alarm, missing, "TreatMissingData is breaching, notBreaching, ignore or missing; "
                                  "given " + sim::shown(missing.text));
    }
    const Value& comparison = alarm->property("ComparisonOperator");
    if (comparison.is_literal() && std::find(kOperators.begin(), kOperators.end(),
                                             comparison.text) == kOperators.end()) {
      report.add(*alarm, comparison, "there is no operator " + sim::shown(comparison.text));
    }
    if (!alarm->property("Threshold").given() && !alarm->property("ThresholdMetricId").given()) {
      report.add(*alarm, named(*alarm) + " has no Threshold");
    }
  }
}

bool is_identifier(std::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// RDS enlarges storage when a tenth of it is left: an alarm there rings each time, and what share
/// of the storage its fixed number of bytes is changes with every enlargement.
void check_growing_storage(const Checked& checked, Report& report) {
  constexpr double kGibibyte = 1024.0 * 1024 * 1024;
  for (const WatchedMetric& one : watched_in(checked.set)) {
    if (!one.name->is("FreeStorageSpace") || !one.name_space->is("AWS/RDS")) continue;
    const Value& threshold = one.alarm->property("Threshold");
    for (const Value* dimension : one.dimensions->each()) {
      const Resource* instance = checked.set.target(dimension->at("Value"));
      if (instance == nullptr || instance->type != "AWS::RDS::DBInstance") continue;
      const auto storage = instance->property("AllocatedStorage").number();
      const auto most = instance->property("MaxAllocatedStorage").number();
      if (!storage || !most || *most <= *storage || !threshold.number()) continue;
      if (*threshold.number() < 0.1 * *storage * kGibibyte) continue;
      report.add(*one.alarm, threshold,
                 named(*instance) + " is enlarged by RDS when a tenth of its storage is left; this "
                                    "alarm rings at that point or before it");
    }
  }
}

void check_expressions(const Checked& checked, Report& report) {
  for (const Resource* alarm : checked.set.of_type("AWS::CloudWatch::Alarm")) {
    const Value& list = alarm->property("Metrics");
    if (!list.given()) continue;
    std::set<std::string_view> ids;
    for (const Value* one : list.each()) {
      const Value& id = one->at("Id");
      if (id.is_literal() && !is_identifier(id.text)) {
        report.add(*alarm, id, "an id begins with a lower-case letter, given " +
                                   sim::shown(id.text));
      }
      if (!ids.insert(id.text).second) report.add(*alarm, id, "the id is there twice");
    }
    std::size_t returned = 0;
    for (const Value* one : list.each()) {
      if (!one->at("ReturnData").is_false()) ++returned;
      const Value& expression = one->at("Expression");
      if (!expression.is_literal()) continue;
      for (const std::string& word : words_of(expression.text)) {
        if (ids.contains(word)) continue;
        report.add(*alarm, expression, "the expression uses " + sim::shown(word) +
                                           ", which is no id of this alarm");
      }
    }
    const bool band = alarm->property("ThresholdMetricId").given();
    if (returned != 1 && !(band && returned == 2)) {
      report.add(*alarm, list, "exactly one metric returns data (ReturnData), given " +
                                   std::to_string(returned));
    }
  }
}

void check_actions(const Checked& checked, Report& report) {
  for (const Resource* alarm : alarms_of(checked.set)) {
    for (const std::string_view name :
         {"AlarmActions", "OKActions", "InsufficientDataActions"}) {
      const auto actions = alarm->property(name).each();
      if (actions.size() > 5) {
        report.add(*alarm, alarm->property(name), "an alarm has 5 actions a state at most");
      }
      for (const Value* action : actions) {
        if (action->is_text() && !is_arn(checked.set, *action)) {
          report.add(*alarm, *action,
                     "an action is an ARN, given " + sim::shown(readable(action->text)));
        }
        const Resource* target = checked.set.target(*action);
        if (target == nullptr) continue;
        const bool home = asserts_home_region(checked.set, alarm->stack);
        const bool other = top_of(checked.set, alarm->stack) != top_of(checked.set, target->stack);
        if (home && other && !asserts_home_region(checked.set, target->stack)) {
          report.add(*alarm, *action, named(*target) + " may lie in another region; an alarm acts "
                                                       "in its own only");
        }
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"alarm-metric", "An alarm watches a metric that exists",
     "It stays in INSUFFICIENT_DATA for ever; nothing reports it.", kServices,
     "correct Namespace or MetricName; for a metric of your own, make the metric filter",
     sim::Severity::error, check_metric},
    {"alarm-dimensions", "An alarm names the dimensions the metric is published under",
     "CloudWatch does not aggregate: another set of dimensions is another, empty metric.",
     kServices, "use one of the sets of dimensions of the service's page", sim::Severity::error,
     check_dimensions},
    {"alarm-dimension-value", "A dimension's value is what the service publishes",
     "An ARN instead of a full name, or a group instead of its node, is another, empty metric.",
     kServices, "use the attribute the service publishes, and switch the metric on where it is off",
     sim::Severity::error, check_dimension_values},
    {"alarm-statistic", "An alarm has a statistic that CloudWatch computes",
     "The alarm is refused.", kStatistics,
     "use Average, Sum, Minimum, Maximum or SampleCount; percentiles under ExtendedStatistic",
     sim::Severity::error, check_statistic},
    {"alarm-sense", "The statistic means something for the metric",
     "The Average of a count that is published as ones is one.", kStatistics,
     "use the statistic the service recommends", sim::Severity::warning, check_sense},
    {"alarm-unit", "An alarm's unit is the metric's",
     "Datapoints of another unit are not looked at: the alarm stays without data.", kAlarm,
     "remove Unit", sim::Severity::error, check_unit},
    {"alarm-window", "Periods are possible and the alarm can be reached",
     "`Metrics cannot be checked across more than a day`; or M of N with M above N never fires.",
     kAlarm, "correct Period, EvaluationPeriods or DatapointsToAlarm", sim::Severity::error,
     check_window},
    {"alarm-storage", "An alarm on free storage lies below the point at which RDS enlarges it",
     "It rings whenever storage grows as it should, and drifts with the storage's size: nobody "
     "believes it when the growth fails.",
     "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html",
     "take a threshold below 10 % of AllocatedStorage, such as 5 %", sim::Severity::warning,
     check_growing_storage},
    {"alarm-words", "Operator, threshold and treatment of missing data are given and exist",
     "The alarm is refused.", kAlarm, "correct the word", sim::Severity::error, check_words},
    {"alarm-expression", "Metric math uses ids that are there and returns one result",
     "The alarm is refused.",
     "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
     "correct the ids; set ReturnData: false on all but the result", sim::Severity::error,
     check_expressions},
    {"alarm-action", "An alarm acts on ARNs, at most five, in its own region",
     "The alarm is refused, or fires and tells nobody.", kAlarm,
     "use the ARN of a topic of the same region", sim::Severity::error, check_actions},
};

}  // namespace

std::span<const Rule> alarm_rules() { return kRules; }

}  // namespace shopsim::generator::checker
