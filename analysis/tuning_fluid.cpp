#include "analysis/tuning_fluid.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "analysis/promises.hpp"
#include "analysis/units.hpp"

namespace shopsim::analysis {
namespace {

constexpr double kMinute = 60;
/// Pages wait behind this much of a promised latency before it counts as broken for certain.
constexpr double kLatencies = 3;
/// Share of a window's pages by which more than the percentile allows must be late.
constexpr double kLateMargin = 0.1;

double per_server(const models::ServerPlan& server) {
  return server.vcpus * server.relative_speed;
}

/// The group as a fluid: whole servers, launches that take their mean time, alarms on minutes.
class FluidGroup {
 public:
  explicit FluidGroup(const FluidPlatform& on)
      : scaling_(on.platform.web.scaling), capacity_(per_server(on.server)) {
    for (const auto& policy : scaling_.policies) {
      if (const auto* target = std::get_if<models::TargetTrackingConfig>(&policy)) {
        targets_.push_back(target);
      }
    }
    const auto& launch = scaling_.launch;
    launch_seconds_ = sim::mean_of(launch.request) + sim::mean_of(launch.start) +
                      sim::mean_of(launch.operating_system) + sim::mean_of(launch.application) +
                      2 * to_seconds(on.platform.balancer.health_check.interval);
    bounds_ = scaling_.bounds();
    serving_ = static_cast<double>(bounds_.desired);
  }

  /// A scheduled action; before the run (`now` 0 or less) the servers are there already.
  void schedule(const models::ScheduledActionConfig& action, double now) {
    bounds_ = models::after(bounds_, action);
    if (now <= 0) {
      serving_ = static_cast<double>(bounds_.desired);
    } else {
      const auto most = static_cast<double>(bounds_.maximum);
      const auto wanted = static_cast<double>(action.desired.value_or(bounds_.minimum));
      while (billed() < wanted) launches_.push_back(now + launch_seconds_);
      serving_ = std::min(serving_, most);
    }
  }

  [[nodiscard]] double serving() const { return serving_; }
  [[nodiscard]] double billed() const {
    return serving_ + static_cast<double>(launches_.size());
  }
  [[nodiscard]] double capacity() const { return serving_ * capacity_; }

  void lose(double servers) {
    serving_ = std::max(0.0, serving_ - servers);
    lost_ = true;
  }

  /// Once a minute, with the minute's work and pages a second.
  void minute(double now, double work_per_second, double pages_per_second) {
    const double cpu = capacity() > 0 ? std::min(100.0, 100 * work_per_second / capacity()) : 100;
    const double pages = serving_ > 0 ? kMinute * pages_per_second / serving_ : 0;
    double wanted = billed();
    bool all_shrink = !targets_.empty();
    for (const models::TargetTrackingConfig* target : targets_) {
      const double value =
          target->metric == models::TargetMetric::asg_average_cpu ? cpu : pages;
      auto& history = history_[target];
      history.push_back({value, serving_});
      const auto out = static_cast<std::size_t>(target->scale_out_datapoints);
      const auto in = static_cast<std::size_t>(target->scale_in_datapoints);
      if (history.size() > std::max(out, in) + 1) history.pop_front();
      const double low = target->target_value * (1 - target->scale_in_gap.value);
      // The newest datapoint comes a minute late.
      if (all_of_last(history, out, [&](double v) { return v > target->target_value; })) {
        const auto& seen = history[history.size() - 2];
        wanted = std::max(wanted, std::ceil(seen.servers * seen.value / target->target_value));
      }
      const bool shrinks = !target->disable_scale_in &&
                           all_of_last(history, in, [&](double v) { return v < low; });
      all_shrink = all_shrink && (shrinks || target->disable_scale_in);
      if (shrinks) fewest_ = std::ceil(serving_ * value / target->target_value);
    }
    const auto least = static_cast<double>(bounds_.minimum);
    if (lost_) wanted = std::max(wanted, static_cast<double>(bounds_.desired));
    lost_ = false;
    wanted = std::clamp(wanted, least, static_cast<double>(bounds_.maximum));
    while (billed() < wanted) launches_.push_back(now + launch_seconds_);
    if (all_shrink && launches_.empty() && serving_ > least) {
      serving_ = std::max(least, std::min(serving_, std::max(fewest_, serving_ - 1)));
    }
  }
  void step(double now) {
    while (!launches_.empty() && launches_.front() <= now) {
      launches_.pop_front();
      ++serving_;
    }
  }

 private:
  struct Seen {
    double value;
    double servers;
  };
  template <class Is>
  static bool all_of_last(const std::deque<Seen>& history, std::size_t count, Is is) {
    if (history.size() < count + 1) return false;
    for (std::size_t i = history.size() - 1 - count; i + 1 < history.size(); ++i) {
      if (!is(history[i].value)) return false;
    }
    return true;
  }

  const models::AutoScalingConfig& scaling_;
  double capacity_;
  std::vector<const models::TargetTrackingConfig*> targets_;
  std::map<const models::TargetTrackingConfig*, std::deque<Seen>> history_;
  models::GroupBounds bounds_;
  double launch_seconds_ = 0;
  double serving_ = 0;
  double fewest_ = 0;
  bool lost_ = false;
  std::deque<double> launches_;  ///< when they are in service
};

/// Database CPU seconds of one page when so much of the cache reads miss. At least: with read
/// replicas, which may take every read, only the writes count.
double database_work(const TrafficLoad& load, const models::DatabasePlan& database,
                     double miss_ratio) {
  const double all_reads = load.reads_per_page + miss_ratio * load.cache_reads_per_page;
  const double reads = database.replica.count > 0 ? 0 : all_reads;
  return reads * database.read_seconds + load.writes_per_page * database.write_seconds;
}

/// What the faults of a scenario do to a fluid.
class FluidFaults {
 public:
  explicit FluidFaults(const models::Scenario& scenario) : scenario_(scenario) {}

  void apply(double from, double to, double zones, FluidGroup& group) const {
    for (const models::FaultConfig& fault : scenario_.faults) {
      if (!happens(fault, from, to)) continue;
      if (const auto* crash = std::get_if<models::InstanceCrash>(&fault.kind)) {
        group.lose(static_cast<double>(crash->count));
      } else if (std::holds_alternative<models::ZoneLoss>(fault.kind)) {
        group.lose(std::ceil(group.serving() / std::max(1.0, zones)));
      }
    }
  }
  /// The cache is empty for the first minutes after it was lost.
  [[nodiscard]] bool cache_is_cold(double now) const {
    return std::any_of(
        scenario_.faults.begin(), scenario_.faults.end(), [&](const models::FaultConfig& fault) {
          const auto* loss = std::get_if<models::CacheNodeLoss>(&fault.kind);
          const bool empties = (loss != nullptr && loss->with_replicas) ||
                               std::holds_alternative<models::CacheFlush>(fault.kind);
          return empties && happens(fault, now - 300, now);
        });
  }

 private:
  [[nodiscard]] bool happens(const models::FaultConfig& fault, double from, double to) const {
    if (!fault.at) return false;
    const double at =
        to_seconds(fault.at->since_midnight) - to_seconds(scenario_.start.since_midnight);
    return at >= from && at < to;
  }
  const models::Scenario& scenario_;
};

}  // namespace

std::optional<FluidPlatform> fluid_platform(const models::Platform& platform,
                                            const models::Scenario& scenario,
                                            const models::Catalogue& catalogue,
                                            double miss_ratio) {
  models::Plan machines;
  sim::Diagnostics none;  // candidates have passed all checks
  if (!models::compile_machines({platform, scenario, catalogue}, machines, none)) {
    return std::nullopt;
  }
  FluidPlatform on{platform, machines.server, machines.database, miss_ratio};
  if (!platform.cache.enabled) on.miss_ratio = 1;
  const double wanted =
      static_cast<double>(scenario.catalogue.products) * machines.cached_object_bytes;
  const double held =
      machines.cache_bytes_per_shard * static_cast<double>(platform.cache.shards);
  // A rough guess where the products do not fit: the share that is held is found.
  if (platform.cache.enabled && wanted > held) {
    on.miss_ratio = std::max(miss_ratio, 1 - std::sqrt(held / wanted));
  }
  return on;
}

models::GroupBounds server_bounds(const models::AutoScalingConfig& scaling) {
  models::GroupBounds widest = scaling.bounds();
  for (const models::ScheduledActionConfig& action : scaling.scheduled) {
    widest.minimum = std::min(widest.minimum, action.minimum.value_or(widest.minimum));
    widest.maximum = std::max(widest.maximum, action.maximum.value_or(widest.maximum));
  }
  return widest;
}

FluidDay fluid_day(const TrafficLoad& load, const models::Scenario& scenario,
                   const FluidPlatform& on) {
  FluidDay day;
  FluidGroup group(on);
  const FluidFaults faults(scenario);
  const auto zones = static_cast<double>(on.platform.network.zones.size());
  const double step = load.step_seconds;
  const auto per_minute = static_cast<std::size_t>(kMinute / step);
  const auto& actions = on.platform.web.scaling.scheduled;
  const auto steps = models::schedule_of(
      actions, {scenario.date, scenario.start, sim::Time{}, scenario.duration});
  std::size_t next_action = 0;
  const double statements = database_work(load, on.database, on.miss_ratio);
  const double cold_statements = database_work(load, on.database, 1);
  double backlog = 0;
  double work = 0;
  double pages = 0;
  double capacity = 0;
  double carried = 0;
  double busy = 0;  // vCPU-seconds
  for (std::size_t i = 0; i < load.pages_per_second.size(); ++i) {
    const double now = static_cast<double>(i) * step;
    while (next_action < steps.size() && to_seconds(steps[next_action].time) <= now) {
      const models::ScheduledStep& due = steps[next_action++];
      group.schedule(actions[due.action], to_seconds(due.time));
    }
    faults.apply(now, now + step, zones, group);
    group.step(now);
    const double rate = load.pages_per_second[i];
    const double in = rate * load.cpu_per_page * step;
    const double room = group.capacity() * step;
    backlog = std::max(0.0, backlog + in - room);
    work += in;
    pages += rate * step;
    capacity += room;
    day.seconds += step;
    day.server_seconds += group.billed() * step;
    busy += std::min(in, room) / on.server.relative_speed;
    day.servers.push_back(group.serving());
    const double query = faults.cache_is_cold(now) ? cold_statements : statements;
    day.database_peak = std::max(day.database_peak, rate * query / on.database.vcpus);
    if ((i + 1) % per_minute != 0) continue;
    const double peak = capacity > 0 ? (work + carried) / capacity : 1e3;
    if (peak > day.web_peak) {
      day.web_peak = peak;
      day.worst_second = now;
    }
    group.minute(now + step, (work + carried) / kMinute, pages / kMinute);
    carried = backlog;
    work = pages = capacity = 0;
  }
  if (on.server.burstable && on.server.unlimited_credits) {
    const double paid = on.server.baseline_share * on.server.vcpus * day.server_seconds;
    day.surplus_vcpu_seconds = std::max(0.0, busy - paid);
  }
  return day;
}

namespace {

/// A resource whose work of one page and room a second are known.
struct Room {
  const char* name;
  double work_per_page = 0;
  double per_second = 0;
};

/// Whether work piles up beyond the promise in some window of it, whatever chance does.
bool overflows(const TrafficLoad& load, const models::SloConfig& promise, const Room& room) {
  if (load.highest_rate() * room.work_per_page <= room.per_second) return false;
  const double step = load.step_seconds;
  const auto window = static_cast<std::size_t>(to_seconds(*promise.window) / step);
  if (window == 0) return false;
  const double limit = kLatencies * limit_of(promise);
  const double allowed = 1 - promise.percentile / 100 + kLateMargin;
  std::vector<double> late(load.pages_per_second.size(), 0);
  double backlog = 0;
  for (std::size_t i = 0; i < load.pages_per_second.size(); ++i) {
    const double rate = load.pages_per_second[i];
    const double margin = 3 * load.spread(rate * step * static_cast<double>(window));
    const double in = rate * std::max(0.0, 1 - margin) * room.work_per_page * step;
    backlog = std::max(0.0, backlog + in - room.per_second * step);
    if (backlog > limit * room.per_second) late[i] = rate;
  }
  double late_pages = 0;
  double pages = 0;
  for (std::size_t i = 0; i < late.size(); ++i) {
    late_pages += late[i];
    pages += load.pages_per_second[i];
    if (i >= window) {
      late_pages -= late[i - window];
      pages -= load.pages_per_second[i - window];
    }
    if (i + 1 >= window && late_pages > allowed * pages) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> capacity_bound(const TrafficLoad& load,
                                          const models::Scenario& scenario,
                                          const FluidPlatform& on) {
  const auto servers = static_cast<double>(server_bounds(on.platform.web.scaling).maximum);
  const Room rooms[] = {
      {"web CPU with all servers in service", load.cpu_per_page, servers * per_server(on.server)},
      {"database CPU with every cache read a hit", database_work(load, on.database, 0),
       on.database.vcpus}};
  for (const models::SloConfig& promise : scenario.slos) {
    const bool is_page = promise.request_class != "image";
    if (promise.metric != models::SloMetric::latency || !promise.window || !is_page) continue;
    for (const Room& room : rooms) {
      if (!overflows(load, promise, room)) continue;
      std::string text = scenario.name;
      text += ": `" + promise.name + "` cannot hold, " + room.name + " is too little";
      return text;
    }
  }
  return std::nullopt;
}

}  // namespace shopsim::analysis
