/// The Auto Scaling group: policies that contradict each other, steps with gaps, actions by the
/// clock that cannot happen.
#include <algorithm>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "models/check.hpp"
#include "models/number_text.hpp"
#include "models/timestamp.hpp"

namespace shopsim::models {

namespace {

using namespace sim::literals;

constexpr double kEndless = std::numeric_limits<double>::infinity();
constexpr std::string_view kPolicies = "web.scaling.policies";
constexpr std::string_view kScheduled = "web.scaling.scheduled";

/// Where a policy acts: from which value of its metric on it adds instances, and up to which value
/// it removes some.
struct ActsAt {
  TargetMetric metric = TargetMetric::asg_average_cpu;
  std::optional<double> adds_from;
  std::optional<double> removes_to;
};

ActsAt acts_at(const TargetTrackingConfig& policy) {
  ActsAt at{policy.metric, policy.target_value, {}};
  if (!policy.disable_scale_in) {
    at.removes_to = policy.target_value * (1 - policy.scale_in_gap.value);
  }
  return at;
}

ActsAt acts_at(const StepScalingConfig& policy) {
  ActsAt at{policy.alarm.metric, {}, {}};
  if (policy.adjustment_type == AdjustmentType::exact_capacity) return at;
  const double threshold = policy.alarm.threshold;
  for (const StepAdjustment& step : policy.steps) {
    const double from = step.from.value_or(-kEndless);
    const double to = step.to.value_or(kEndless);
    const bool above = from >= 0;
    if (step.adjustment > 0 && above) {
      at.adds_from = std::min(at.adds_from.value_or(kEndless), threshold + from);
    }
    if (step.adjustment < 0 && !above) {
      at.removes_to = std::max(at.removes_to.value_or(-kEndless), threshold + to);
    }
  }
  return at;
}

bool is_above(Comparison comparison) {
  return comparison == Comparison::greater || comparison == Comparison::greater_or_equal;
}

ActsAt acts_at(const SimpleScalingConfig& policy) {
  ActsAt at{policy.alarm.metric, {}, {}};
  if (policy.adjustment_type == AdjustmentType::exact_capacity) return at;
  const bool above = is_above(policy.alarm.comparison);
  if (policy.adjustment > 0 && above) at.adds_from = policy.alarm.threshold;
  if (policy.adjustment < 0 && !above) at.removes_to = policy.alarm.threshold;
  return at;
}

ActsAt acts_at(const PredictiveScalingConfig& policy) { return {policy.metric, {}, {}}; }

ActsAt acts_at(const ScalingPolicyConfig& policy) {
  return std::visit([](const auto& kind) { return acts_at(kind); }, policy);
}

/// A value at which one policy adds and another one removes makes the group swing for ever.
void check_conflicts(const std::vector<ScalingPolicyConfig>& policies, const CheckSink& sink) {
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const ActsAt out = acts_at(policies[i]);
    for (std::size_t k = 0; k < policies.size() && out.adds_from; ++k) {
      const ActsAt in = acts_at(policies[k]);
      if (k == i || in.metric != out.metric || !in.removes_to) continue;
      if (*in.removes_to < *out.adds_from) continue;
      sink.error("scaling-conflict", item_path(kPolicies, std::max(i, k)),
                 "policy '" + name_of(policies[i]) + "' adds instances from " +
                     number_text(*out.adds_from) + " on, and policy '" + name_of(policies[k]) +
                     "' removes some up to " + number_text(*in.removes_to),
                 "leave a gap: what removes must end below what adds");
    }
  }
}

/// The documented rules of step bounds (S-ASG-STEP).
void check_steps(const StepScalingConfig& policy, const std::string& path,
                 const CheckSink& sink) {
  std::vector<std::pair<double, double>> bounds;
  for (std::size_t i = 0; i < policy.steps.size(); ++i) {
    const StepAdjustment& step = policy.steps[i];
    const std::string place = item_path(path + ".steps", i);
    if (!step.from && !step.to) {
      sink.error("scaling-steps", place, "a step needs `from` or `to`");
      return;
    }
    bounds.emplace_back(step.from.value_or(-kEndless), step.to.value_or(kEndless));
    if (bounds.back().first < bounds.back().second) continue;
    sink.error("scaling-steps", place, "this step ends before it begins",
               "`from` must be below `to`");
    return;
  }
  std::sort(bounds.begin(), bounds.end());
  for (std::size_t i = 1; i < bounds.size(); ++i) {
    if (bounds[i].first == bounds[i - 1].second) continue;
    const bool gap = bounds[i].first > bounds[i - 1].second;
    std::string message = gap ? "nothing is said between " : "two steps overlap between ";
    message += number_text(std::min(bounds[i - 1].second, bounds[i].first)) + " and ";
    message += number_text(std::max(bounds[i - 1].second, bounds[i].first));
    sink.error("scaling-steps", path + ".steps", std::move(message),
               "each step must begin where another one ends");
    return;
  }
  if (bounds.empty()) return;
  if (bounds.front().first < 0 && bounds.front().first > -kEndless) {
    sink.error("scaling-steps", path + ".steps",
               "nothing is said below " + number_text(bounds.front().first),
               "leave out `from` of the lowest step");
  }
  if (bounds.back().second > 0 && bounds.back().second < kEndless) {
    sink.error("scaling-steps", path + ".steps",
               "nothing is said above " + number_text(bounds.back().second),
               "leave out `to` of the highest step");
  }
  const bool above = is_above(policy.alarm.comparison);
  const bool reached = above ? bounds.back().second > 0 : bounds.front().first < 0;
  if (!reached) {
    sink.error("scaling-steps", path + ".steps",
               std::string("the alarm fires ") + (above ? "above" : "below") +
                   " the threshold, but all steps are on the other side of it",
               "bounds count from the threshold: 0 is the threshold itself");
  }
}

struct PolicyCheck {
  std::string path;  ///< of the alternative: `web.scaling.policies[1].step_scaling`
  const CheckSink& sink;

  void operator()(const TargetTrackingConfig&) const {}
  void operator()(const PredictiveScalingConfig&) const {}
  void operator()(const StepScalingConfig& policy) const {
    check_steps(policy, path, sink);
    check_magnitude(policy.adjustment_type, policy.minimum_magnitude);
    for (std::size_t i = 0; i < policy.steps.size(); ++i) {
      check_exact(policy.adjustment_type, policy.steps[i].adjustment,
                  item_path(path + ".steps", i, "adjustment"));
    }
  }
  void operator()(const SimpleScalingConfig& policy) const {
    check_magnitude(policy.adjustment_type, policy.minimum_magnitude);
    check_exact(policy.adjustment_type, policy.adjustment, path + ".adjustment");
    if (policy.adjustment == 0 && policy.adjustment_type != AdjustmentType::exact_capacity) {
      sink.error("scaling-adjustment", path + ".adjustment",
                 "policy '" + policy.name + "' changes nothing", "write 1 or -1, for example");
    }
  }

  void check_magnitude(AdjustmentType type, std::int64_t magnitude) const {
    if (magnitude == 0 || type == AdjustmentType::percent_change_in_capacity) return;
    sink.error("scaling-adjustment", path + ".minimum_magnitude",
               "minimum_magnitude only belongs to percent_change_in_capacity (S-ASG-STEP)",
               "remove it, or change adjustment_type");
  }
  void check_exact(AdjustmentType type, std::int64_t size, const std::string& place) const {
    if (type != AdjustmentType::exact_capacity || size >= 1) return;
    sink.error("scaling-adjustment", place,
               "the group cannot have " + std::to_string(size) + " instances",
               "exact_capacity takes the size itself");
  }
};

void check_predictive(const std::vector<ScalingPolicyConfig>& policies, const CheckSink& sink) {
  std::optional<std::size_t> scales;
  bool shrinks = false;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    shrinks = shrinks || acts_at(policies[i]).removes_to.has_value();
    const auto* policy = std::get_if<PredictiveScalingConfig>(&policies[i]);
    if (policy == nullptr || policy->mode != PredictiveMode::forecast_and_scale) continue;
    if (scales) {
      sink.error("scaling-predictive", item_path(kPolicies, i, "predictive_scaling.mode"),
                 "only one predictive policy of a group may scale (S-ASG-PRED); '" +
                     name_of(policies[*scales]) + "' does",
                 "write mode: forecast_only");
    }
    scales = i;
  }
  if (scales && !shrinks) {
    sink.warning("scaling-predictive", item_path(kPolicies, *scales),
                 "predictive scaling never scales in, and no other policy does (S-ASG-PRED)",
                 "add a target_tracking policy");
  }
}

void check_scheduled(const AutoScalingConfig& scaling, const CheckSink& sink) {
  std::vector<std::string> names;
  GroupBounds bounds = scaling.bounds();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scaling.scheduled.size(); ++i) {
    const ScheduledActionConfig& action = scaling.scheduled[i];
    names.push_back(action.name);
    order.push_back(i);
    if (!action.minimum && !action.maximum && !action.desired) {
      sink.error("scheduled-action", item_path(kScheduled, i),
                 "action '" + action.name + "' changes nothing",
                 "give minimum, maximum or desired");
    }
    const bool is_day = action.date.size() == 10 && parse_timestamp_seconds(action.date);
    if (!action.date.empty() && !is_day) {
      sink.error("scheduled-action", item_path(kScheduled, i, "date"),
                 "'" + action.date + "' is not a day", "write it as 2026-11-27");
    }
    for (std::size_t k = 0; k < i; ++k) {
      const ScheduledActionConfig& other = scaling.scheduled[k];
      if (other.at != action.at || other.date != action.date) continue;
      sink.error("scheduled-action", item_path(kScheduled, i, "at"),
                 "'" + action.name + "' and '" + other.name +
                     "' have the same time, which is refused (S-ASG-SCHED)",
                 "make one action of them");
    }
  }
  check_unique(names, kScheduled, "name", sink);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return scaling.scheduled[a].at < scaling.scheduled[b].at;
  });
  for (const std::size_t i : order) {
    const ScheduledActionConfig& action = scaling.scheduled[i];
    const std::int64_t minimum = action.minimum.value_or(bounds.minimum);
    const std::int64_t maximum = action.maximum.value_or(bounds.maximum);
    const std::int64_t desired = action.desired.value_or(minimum);
    if (minimum > maximum || desired < minimum || desired > maximum) {
      sink.error("scheduled-action", item_path(kScheduled, i),
                 "after '" + action.name + "' the group would have minimum " +
                     std::to_string(minimum) + ", desired " + std::to_string(desired) +
                     ", maximum " + std::to_string(maximum),
                 "minimum <= desired <= maximum must hold at every time of the day");
    }
    bounds = after(bounds, action);
  }
}

/// Families that AWS's page names as able to hibernate (S-EC2-HIB; those of Graviton recalled).
constexpr std::string_view kHibernating[] = {
    "t3",  "t3a", "t4g", "m5",  "m5a", "m5d", "m6a", "m6g", "m6i", "m7a", "m7g", "m7i",
    "c5",  "c5d", "c6a", "c6g", "c6i", "c7a", "c7g", "c7i", "r5",  "r5a", "r5d", "r6a",
    "r6g", "r6i", "r7a", "r7g", "r7i"};
/// What the system needs of the root volume beside the memory (assumption).
constexpr double kSystemBytes = 8e9;

void check_hibernation(const WebTierConfig& web, const Catalogue& catalogue,
                       const CheckSink& sink) {
  const auto type = catalogue.find_instance_type(web.instance_type);
  if (!type) return;  // said elsewhere
  const std::string_view name = web.instance_type;
  const std::string_view family = name.substr(0, name.find('.'));
  if (std::find(std::begin(kHibernating), std::end(kHibernating), family) ==
      std::end(kHibernating)) {
    sink.error("warm-pool", "web.scaling.warm_pool.state",
               "instances of type " + web.instance_type + " cannot hibernate (S-EC2-HIB)",
               "write stopped or running, or take a type such as m7g.large");
  }
  const auto needed = static_cast<double>(type->memory.count) + kSystemBytes;
  if (static_cast<double>(web.root_volume.count) >= needed) return;
  sink.error("warm-pool", "web.root_volume",
             "a root volume of " + sim::to_text(web.root_volume) +
                 " does not hold the memory of " + web.instance_type + ", " +
                 sim::to_text(type->memory) + ", when it hibernates (S-EC2-HIB)",
             "give it the memory and 8 GB for the system at least");
}

void check_warm_pool(const WebTierConfig& web, const Catalogue& catalogue, const CheckSink& sink) {
  const WarmPoolConfig& pool = web.scaling.warm_pool;
  if (!pool.enabled) return;
  if (pool.state == PoolState::hibernated) check_hibernation(web, catalogue, sink);
  if (pool.maximum_prepared && *pool.maximum_prepared < web.scaling.minimum &&
      pool.minimum == 0) {
    sink.error("warm-pool", "web.scaling.warm_pool.maximum_prepared",
               "with at most " + std::to_string(*pool.maximum_prepared) +
                   " prepared and at least " + std::to_string(web.scaling.minimum) +
                   " in the group the pool is always empty (S-ASG-POOL)",
               "raise it, or give the pool a minimum");
  }
}

void check_hooks(const AutoScalingConfig& scaling, const CheckSink& sink) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scaling.lifecycle_hooks.size(); ++i) {
    const LifecycleHookConfig& hook = scaling.lifecycle_hooks[i];
    names.push_back(hook.name);
    if (sim::mean_of(hook.work) <= hook.heartbeat_timeout.seconds()) continue;
    sink.warning("lifecycle-hook", item_path("web.scaling.lifecycle_hooks", i),
                 "the work of hook '" + hook.name + "' takes longer than its heartbeat_timeout",
                 hook.default_result == HookResult::abandon
                     ? "most instances would be given up: lengthen it"
                     : "most instances would go on before it is done: lengthen it");
  }
  check_unique(names, "web.scaling.lifecycle_hooks", "name", sink);
}

void check_deployment(const Platform& platform, const CheckSink& sink) {
  std::vector<std::string_view> known;
  for (const AlarmConfig& alarm : platform.alarms) known.emplace_back(alarm.name);
  const auto& alarms = platform.web.deployment.rollback_alarms;
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    if (std::find(known.begin(), known.end(), alarms[i]) != known.end()) continue;
    sink.error("unknown-alarm", item_path("web.deployment.rollback_alarms", i),
               "there is no alarm '" + alarms[i] + "'", suggest(alarms[i], known));
  }
}

/// A policy on CPU needs datapoints as often as its period says (S-CLEAR).
void check_monitoring(const Platform& platform, const CheckSink& sink) {
  if (platform.monitoring.detailed) return;
  const auto& policies = platform.web.scaling.policies;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    sim::Duration period = 5_min;
    TargetMetric metric = TargetMetric::request_count_per_target;
    if (const auto* tracking = std::get_if<TargetTrackingConfig>(&policies[i])) {
      period = tracking->metric_period;
      metric = tracking->metric;
    } else if (const auto* step = std::get_if<StepScalingConfig>(&policies[i])) {
      period = step->alarm.metric_period;
      metric = step->alarm.metric;
    } else if (const auto* simple = std::get_if<SimpleScalingConfig>(&policies[i])) {
      period = simple->alarm.metric_period;
      metric = simple->alarm.metric;
    }
    if (metric != TargetMetric::asg_average_cpu || period >= 5_min) continue;
    sink.warning("monitoring-period", item_path(kPolicies, i),
                 "policy '" + name_of(policies[i]) + "' looks every " + sim::to_text(period) +
                     ", but without detailed monitoring CPU is published every 5 min",
                 "write monitoring.detailed: true, or metric_period: 5 min");
  }
}

/// Of values that contradict each other, the place of the first that the command line gave; else of
/// the first.
sim::Place place_to_blame(std::initializer_list<std::string_view> paths,
                          const sim::Places& places) {
  for (const std::string_view path : paths) {
    sim::Place place = places.place_of(path);
    if (place.file.starts_with("--set ")) return place;
  }
  return places.place_of(*paths.begin());
}

/// What the group finds about itself, which knows no place but its own, at the values' places.
void check_group(const AutoScalingConfig& scaling, const CheckSink& sink) {
  sim::Diagnostics found;
  check(scaling, sink.places.place_of("web.scaling"), found);
  for (sim::Diagnostic finding : found.all()) {
    if (finding.code == "scaling-bounds") {
      finding.place =
          scaling.minimum > scaling.maximum
              ? place_to_blame({"web.scaling.minimum", "web.scaling.maximum"}, sink.places)
              : place_to_blame({"web.scaling.desired", "web.scaling.minimum",
                                "web.scaling.maximum"}, sink.places);
    }
    sink.diagnostics.add(std::move(finding));
  }
}

}  // namespace

void check_scaling(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink) {
  const AutoScalingConfig& scaling = platform.web.scaling;
  check_group(scaling, sink);
  for (std::size_t i = 0; i < scaling.policies.size(); ++i) {
    std::visit(
        [&](const auto& kind) {
          PolicyCheck{item_path(kPolicies, i, std::decay_t<decltype(kind)>::kTag), sink}(kind);
        },
        scaling.policies[i]);
  }
  check_conflicts(scaling.policies, sink);
  check_predictive(scaling.policies, sink);
  check_scheduled(scaling, sink);
  check_monitoring(platform, sink);
  check_warm_pool(platform.web, catalogue, sink);
  check_hooks(scaling, sink);
  check_deployment(platform, sink);
}

}  // namespace shopsim::models
