#include "generator/alarm_replay.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "models/composite_alarm.hpp"
#include "models/metric_series.hpp"

namespace shopsim::generator {

namespace {

using models::AlarmConfig;
using models::AlarmState;
using models::Comparison;
using models::MetricId;
using models::MetricSample;
using models::MetricSeries;
using models::MissingData;
using models::Statistic;
using sim::Duration;
using sim::Time;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double seconds_of(Time time) { return static_cast<double>(time.nanoseconds) / 1e9; }

/// The recorded periods of one replication that an alarm reads.
struct Recorded {
  Duration period;
  Duration delay;  ///< from the end of a period until alarms see it
};

/// One metric's periods, handed to a MetricSeries as time goes on.
class Feed {
 public:
  Feed(const std::vector<double>& values, const Recorded& recorded, Statistic statistic,
       Duration retention, std::size_t every)
      : values_(values), recorded_(recorded), retention_(retention), every_(every),
        series_(statistic, retention) {}

  /// Begins at `now`: what is older than the alarm remembers is passed over.
  void begin(Time now) {
    const std::int64_t oldest = (now - retention_).nanoseconds / recorded_.period.nanoseconds;
    next_ = oldest - 1;
  }
  /// Everything that ended by `now` is in the series afterwards.
  void advance(Time now) {
    for (; (next_ + 1) * recorded_.period.nanoseconds <= now.nanoseconds; ++next_) add(next_);
  }
  [[nodiscard]] const MetricSeries& series() const { return series_; }

 private:
  void add(std::int64_t index) {
    const auto last = static_cast<std::int64_t>(values_.size());
    if (index >= last || (index + 1) % static_cast<std::int64_t>(every_) != 0) return;
    const double value = values_[static_cast<std::size_t>(std::max<std::int64_t>(0, index))];
    if (std::isnan(value)) return;
    const Time start{index * recorded_.period.nanoseconds};
    series_.add(MetricSample::of_value(start, start + recorded_.period + recorded_.delay, value));
  }

  const std::vector<double>& values_;
  Recorded recorded_;
  Duration retention_;
  std::size_t every_;  ///< only each such period is published
  MetricSeries series_;
  std::int64_t next_ = 0;
};

/// One alarm that is watched: a metric, or a share made of several.
class Watch {
 public:
  virtual ~Watch() = default;
  virtual void begin(Time now) = 0;
  virtual AlarmState evaluate(Time now) = 0;
};

class MetricWatch final : public Watch {
 public:
  MetricWatch(const AlarmConfig& config, Feed feed)
      : evaluator_(config), feed_(std::move(feed)) {}
  void begin(Time now) override { feed_.begin(now); }
  AlarmState evaluate(Time now) override {
    feed_.advance(now);
    evaluator_.evaluate(now, feed_.series());
    return evaluator_.state();
  }

 private:
  models::AlarmEvaluator evaluator_;
  Feed feed_;
};

class ShareWatch final : public Watch {
 public:
  ShareWatch(const AlarmConfig& config, std::vector<Feed> parts, std::vector<Feed> whole)
      : config_(config), parts_(std::move(parts)), whole_(std::move(whole)) {}
  void begin(Time now) override {
    for (auto* feeds : {&parts_, &whole_}) {
      for (Feed& feed : *feeds) feed.begin(now);
    }
  }
  AlarmState evaluate(Time now) override {
    const auto parts = sums(parts_, now);
    const auto whole = sums(whole_, now);
    std::vector<std::optional<double>> points;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      // FILL(part, 0); a share of nothing is no datapoint.
      const bool is_there = whole[i] && *whole[i] > 0;
      points.push_back(is_there ? std::optional(100 * parts[i].value_or(0) / *whole[i])
                                : std::nullopt);
    }
    state_ = models::decide(config_, state_, points);
    return state_;
  }

 private:
  [[nodiscard]] std::vector<std::optional<double>> sums(std::vector<Feed>& feeds, Time now) const {
    const std::size_t range = models::evaluation_range(config_);
    std::vector<std::optional<double>> sum(range);
    for (Feed& feed : feeds) {
      feed.advance(now);
      const auto one = feed.series().windows(now, config_.period, Duration{60'000'000'000}, range);
      for (std::size_t i = 0; i < range; ++i) {
        if (one[i]) sum[i] = sum[i].value_or(0) + *one[i];
      }
    }
    return sum;
  }

  AlarmConfig config_;
  std::vector<Feed> parts_;
  std::vector<Feed> whole_;
  AlarmState state_ = AlarmState::insufficient_data;
};

/// In which periods the alarm could breach; outside of them and their windows it is in order.
struct Suspicious {
  std::int64_t first = 0;
  std::int64_t last = -1;
};

/// Replays one alarm in one run.
class AlarmPlayer {
 public:
  AlarmPlayer(const AlarmPlan& plan, const models::Platform& platform, const SimulatedRun& run)
      : plan_(plan), platform_(platform), run_(run) {
    recorded_.period = sim::seconds_to_duration(run.period_seconds);
    recorded_.delay = sim::seconds_to_duration(mean_of(platform.monitoring.metric_delay));
  }

  AlarmReplay play() {
    AlarmReplay replay{.name = plan_.config.name};
    replay.not_replayed = find_series();
    if (!replay.not_replayed.empty()) return replay;
    if (!asks_for_recorded() && !plan_.simulated_as.empty()) {
      replay.note = "as it rang in the simulation";
      replay.histories = simulated_histories();
      return replay;
    }
    replay.note = note();
    for (std::size_t r = 0; r < run_.replications; ++r) replay.histories.push_back(history(r));
    return replay;
  }

 private:
  /// Finds the series; why not, if one is missing.
  std::string find_series() {
    const auto find = [this](const std::string& metric, std::vector<const SimulatedSeries*>& to) {
      const auto id = models::find_metric(plan_.config.name_space, metric);
      const SimulatedSeries* series = id ? run_.find(*id, plan_.config.statistic) : nullptr;
      if (series != nullptr) to.push_back(series);
      return series != nullptr;
    };
    bool all = true;
    if (!plan_.share) {
      all = find(plan_.config.metric, parts_);
    } else {
      for (const MetricQuery& one : plan_.share->parts) all = find(one.metric, parts_) && all;
      for (const MetricQuery& one : plan_.share->whole) all = find(one.metric, whole_) && all;
    }
    return all ? "" : "not simulated";
  }

  /// Whether the alarm's statistic is the one that was recorded.
  [[nodiscard]] bool asks_for_recorded() const {
    if (plan_.share) return true;
    const Statistic recorded = parts_.front()->statistic;
    return plan_.stat_text.empty() ? plan_.config.statistic == recorded
                                   : plan_.stat_text == to_text(recorded);
  }

  [[nodiscard]] std::string note() const {
    if (asks_for_recorded()) return {};
    return "replayed on the recorded " + std::string(to_text(parts_.front()->statistic));
  }

  /// What the simulation itself recorded of this alarm of the platform.
  [[nodiscard]] std::vector<std::vector<ReplayedChange>> simulated_histories() const {
    for (const SimulatedAlarm& alarm : run_.alarms) {
      if (alarm.name == plan_.simulated_as) return alarm.histories;
    }
    // It never changed after the run's begin.
    return {run_.replications, {{0, AlarmState::ok}}};
  }

  /// EC2 with basic monitoring, and its CPU credits always, speak every fifth minute.
  [[nodiscard]] std::size_t every(MetricId id) const {
    const bool slow = id == MetricId::ec2_cpu_credit_balance ||
                      (id == MetricId::ec2_cpu_utilization && !platform_.monitoring.detailed);
    return slow && recorded_.period == Duration{60'000'000'000} ? 5 : 1;
  }

  [[nodiscard]] Feed feed(const SimulatedSeries& series, std::size_t replication) const {
    const models::AlarmEvaluator evaluator(plan_.config);
    return {series.values[replication], recorded_,
            plan_.share ? Statistic::sum : plan_.config.statistic, evaluator.retention(),
            every(series.metric)};
  }

  [[nodiscard]] std::unique_ptr<Watch> watch(std::size_t replication) const {
    if (!plan_.share) {
      // The recorded value stands for whatever statistic is asked of its period.
      return std::make_unique<MetricWatch>(plan_.config, feed(*parts_.front(), replication));
    }
    std::vector<Feed> parts;
    std::vector<Feed> whole;
    for (const auto* one : parts_) parts.push_back(feed(*one, replication));
    for (const auto* one : whole_) whole.push_back(feed(*one, replication));
    return std::make_unique<ShareWatch>(plan_.config, std::move(parts), std::move(whole));
  }

  /// A value no smaller than any window's that holds this period (no larger, for lower limits).
  [[nodiscard]] double bound(std::size_t replication, std::size_t period) const {
    const auto value = [&](const SimulatedSeries* series) {
      return series->values[replication][period];
    };
    if (plan_.share) {  // a share of sums is at most the largest share of the summands
      double part = 0;
      double whole = 0;
      for (const auto* one : parts_) part += std::isnan(value(one)) ? 0 : value(one);
      for (const auto* one : whole_) whole += std::isnan(value(one)) ? 0 : value(one);
      if (whole > 0) return 100 * part / whole;
      return part > 0 ? std::numeric_limits<double>::infinity() : kNone;
    }
    const double one = value(parts_.front());
    if (plan_.config.statistic != Statistic::sum) return one;
    return one * std::max(1.0, plan_.config.period.seconds() / run_.period_seconds);
  }

  [[nodiscard]] Suspicious suspicious(std::size_t replication) const {
    const AlarmConfig& config = plan_.config;
    const auto& values = parts_.front()->values[replication];
    Suspicious found{static_cast<std::int64_t>(values.size()), -1};
    for (std::size_t p = 0; p < values.size(); ++p) {
      const double value = bound(replication, p);
      const bool breaches = std::isnan(value)
                                ? config.treat_missing_data == MissingData::breaching
                                : models::breaches(config.comparison, value, config.threshold);
      if (!breaches) continue;
      const auto index = static_cast<std::int64_t>(p);
      found.first = std::min(found.first, index);
      found.last = index;
    }
    return found;
  }

  [[nodiscard]] std::vector<ReplayedChange> history(std::size_t replication) const {
    const auto periods = static_cast<std::int64_t>(parts_.front()->values[replication].size());
    const Suspicious range = suspicious(replication);
    std::vector<ReplayedChange> changes = {{0, AlarmState::ok}};
    if (range.last < 0) return changes;
    const auto watched = watch(replication);
    const models::AlarmEvaluator clock(plan_.config);
    const Duration step = recorded_.period;
    const Time begin{step.nanoseconds * range.first};
    const Time end = std::min(
        Time{step.nanoseconds * periods},
        Time{step.nanoseconds * (range.last + 1)} + recorded_.delay +
            plan_.config.period * static_cast<std::int64_t>(evaluation_range(plan_.config) + 1));
    watched->begin(begin);
    const bool ignores = plan_.config.treat_missing_data == MissingData::ignore;
    for (Time now = begin; now <= (ignores ? Time{step.nanoseconds * periods} : end);
         now = clock.next_evaluation(now)) {
      const AlarmState state = watched->evaluate(now);
      if (now.nanoseconds == 0) changes.front().to = state;
      if (state != changes.back().to) changes.push_back({seconds_of(now), state});
    }
    return changes;
  }

  const AlarmPlan& plan_;
  const models::Platform& platform_;
  const SimulatedRun& run_;
  Recorded recorded_;
  std::vector<const SimulatedSeries*> parts_;  ///< the metric itself, or a share's parts
  std::vector<const SimulatedSeries*> whole_;
};

AlarmState state_at(const std::vector<ReplayedChange>& history, double seconds) {
  AlarmState state = history.front().to;
  for (const ReplayedChange& change : history) {
    if (change.seconds > seconds) break;
    state = change.to;
  }
  return state;
}

/// The composite's history from its children's.
std::vector<ReplayedChange> composite_history(
    models::CompositeAlarm alarm, const std::vector<const AlarmReplay*>& children,
    std::size_t replication) {
  std::set<double> moments = {0};
  for (const AlarmReplay* child : children) {
    for (const auto& change : child->histories[replication]) moments.insert(change.seconds);
  }
  std::vector<ReplayedChange> changes;
  for (const double moment : moments) {
    std::vector<AlarmState> states;
    for (const AlarmReplay* child : children) {
      states.push_back(state_at(child->histories[replication], moment));
    }
    alarm.evaluate({static_cast<std::int64_t>(moment * 1e9)}, states, std::nullopt);
    if (changes.empty() || changes.back().to != alarm.state()) {
      changes.push_back({moment, alarm.state()});
    }
  }
  return changes;
}

AlarmReplay play_composite(const CompositePlan& plan, const std::vector<AlarmReplay>& alarms,
                           std::size_t replications) {
  AlarmReplay replay{.name = plan.name};
  sim::Diagnostics ignored;
  const std::string text = rule_text(plan);
  const auto rule = models::AlarmRule::parse(text, {}, ignored);
  if (!rule) {
    replay.not_replayed = "its rule cannot be read";
    return replay;
  }
  std::vector<const AlarmReplay*> children;
  for (const std::string& name : rule->children()) {
    const auto child = std::find_if(alarms.begin(), alarms.end(),
                                    [&](const AlarmReplay& one) { return one.name == name; });
    if (child == alarms.end() || !child->not_replayed.empty()) {
      replay.not_replayed = name + " is not simulated";
      return replay;
    }
    children.push_back(&*child);
  }
  for (std::size_t r = 0; r < replications; ++r) {
    const models::CompositeAlarm alarm({.name = plan.name, .rule = text}, *rule);
    replay.histories.push_back(composite_history(alarm, children, r));
  }
  return replay;
}

}  // namespace

std::vector<AlarmReplay> replay_alarms(const AlarmSet& set, const models::Platform& platform,
                                       const SimulatedRun& run) {
  std::vector<AlarmReplay> replays;
  for (const AlarmPlan& plan : set.alarms) {
    replays.push_back(AlarmPlayer(plan, platform, run).play());
  }
  const std::vector<AlarmReplay> children = replays;
  for (const CompositePlan& plan : set.composites) {
    replays.push_back(play_composite(plan, children, run.replications));
  }
  return replays;
}

}  // namespace shopsim::generator
