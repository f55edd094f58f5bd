#include "analysis/metastability.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <type_traits>
#include <variant>

#include "analysis/units.hpp"
#include "models/cloudwatch_metrics.hpp"

namespace shopsim::analysis {
namespace {

using models::MetricId;
using sim::Duration;
using sim::Time;

/// Shorter than this, a backlog is worked off and nothing sustains it.
constexpr Duration kLeast{180'000'000'000};
/// A period suffers when its share of successes falls below this share of the usual one, ...
constexpr double kLeastSuccess = 0.95;
/// ... or the mean latency exceeds so many times the usual and a second.
constexpr double kMostLatencyFactor = 5;
constexpr double kSlowSeconds = 1;
/// Arrivals up to so many times those of the busiest period that went well are no more traffic.
constexpr double kSameTraffic = 1.15;
/// A gain below this sustains nothing.
constexpr double kLeastGain = 1.2;
/// A flash crowd is over after so many half-lives: an eighth is left.
constexpr std::int64_t kCrowdHalfLives = 3;

double ratio(double part, double whole, double otherwise) {
  return whole > 0 ? part / whole : otherwise;
}

double metric(const models::PeriodRecord& record, MetricId id) {
  const auto index = static_cast<std::size_t>(id);
  return index < record.metrics.size() ? record.metrics[index] : std::nan("");
}

Duration duration_of(const models::FaultKind& kind) {
  return std::visit(
      [](const auto& fault) {
        if constexpr (requires { fault.duration; }) {
          return fault.duration;
        } else {
          return Duration{0};
        }
      },
      kind);
}

/// When a fault that struck at `begin` was over.
Time end_of(const models::FaultKind& kind, Time begin, const models::RunSummary& summary) {
  std::string_view repair;  // what the run calls its end
  if (std::holds_alternative<models::DatabaseFailover>(kind)) repair = "failover";
  if (std::holds_alternative<models::CacheNodeLoss>(kind)) repair = models::CacheNodeLoss::kTag;
  for (const models::FaultRecord& record : summary.faults) {
    if (record.phase == "ends" && record.kind == repair && record.time > begin) return record.time;
  }
  return begin + duration_of(kind);
}

bool servers_were_taken_out(const models::RunSummary& summary, Time from, Time to) {
  return std::any_of(summary.scaling.begin(), summary.scaling.end(), [&](const auto& activity) {
    return activity.time >= from && activity.time < to &&
           activity.cause.find("balancer health checks") != std::string::npos;
  });
}

}  // namespace

std::vector<Trigger> triggers_of(const models::Scenario& scenario,
                                 const models::RunSummary& summary) {
  std::vector<Trigger> triggers;
  for (const auto& fault : scenario.faults) {
    const auto begins = std::find_if(
        summary.faults.begin(), summary.faults.end(), [&](const models::FaultRecord& record) {
          return record.name == fault.name && record.phase == "begins";
        });
    if (begins == summary.faults.end()) continue;
    triggers.push_back(
        {fault.name, begins->time, end_of(fault.kind, begins->time, summary)});
  }
  const auto since_start = [&](sim::ClockTime clock) {
    return Time{} + (clock.since_midnight - scenario.start.since_midnight);
  };
  for (const auto& spike : scenario.traffic.spikes) {
    const Time begin = since_start(spike.start);
    triggers.push_back({spike.name, begin, begin + spike.ramp_up + spike.hold + spike.ramp_down});
  }
  for (const auto& crowd : scenario.traffic.flash_crowds) {
    const Time begin = since_start(crowd.at);
    triggers.push_back({crowd.name, begin, begin + crowd.half_life * kCrowdHalfLives});
  }
  std::stable_sort(triggers.begin(), triggers.end(),
                   [](const Trigger& a, const Trigger& b) { return a.begin < b.begin; });
  return triggers;
}

/// What was usual before the first trigger.
struct OverloadWatch::Well {
  double success = 1;
  double latency = 0;        ///< mean, seconds
  double attempts = 1;       ///< for a page
  double misses = 0;         ///< share of the cache reads
  double most_arrivals = 0;  ///< a second, in the busiest period
  double servers = 0;        ///< least seen
};

void OverloadWatch::add(const models::PeriodRecord& record) {
  if (record.fine) return;
  Part part;
  part.start = record.start;
  part.end = record.start + record.length;
  part.arrivals = static_cast<double>(record.arrivals);
  for (std::size_t c = 0; c < pages_; ++c) {
    const models::ClassRecord& of = record.classes[c];
    part.requests += static_cast<double>(of.requests);
    part.attempts += static_cast<double>(of.attempts);
    part.succeeded += static_cast<double>(of.succeeded);
    part.failed += static_cast<double>(of.failed);
    part.late += static_cast<double>(of.late_replies);
    part.latency_seconds += static_cast<double>(of.latency.sum_nanoseconds) * 1e-9;
  }
  const double hits = metric(record, MetricId::cache_hits);
  const double misses = metric(record, MetricId::cache_misses);
  if (!std::isnan(hits) && !std::isnan(misses)) {
    part.hits = hits;
    part.misses = misses;
  }
  const double healthy = metric(record, MetricId::alb_healthy_hosts);
  if (!std::isnan(healthy)) part.healthy = healthy;
  parts_.push_back(part);
}

OverloadWatch::Part OverloadWatch::sum(std::size_t from, std::size_t to) const {
  Part total;
  if (from < to) total.start = parts_[from].start;
  for (std::size_t i = from; i < to; ++i) {
    const Part& part = parts_[i];
    total.end = part.end;
    total.arrivals += part.arrivals;
    total.requests += part.requests;
    total.attempts += part.attempts;
    total.succeeded += part.succeeded;
    total.failed += part.failed;
    total.late += part.late;
    total.latency_seconds += part.latency_seconds;
    total.hits += part.hits;
    total.misses += part.misses;
  }
  return total;
}

std::optional<OverloadWatch::Well> OverloadWatch::well_before(Time first) const {
  Well well;
  std::size_t count = 0;
  well.servers = 1e9;
  while (count < parts_.size() && parts_[count].end <= first) {
    const Part& part = parts_[count++];
    const double seconds = (part.end - part.start).seconds();
    well.most_arrivals = std::max(well.most_arrivals, part.arrivals / seconds);
    if (part.healthy >= 0) well.servers = std::min(well.servers, part.healthy);
  }
  const Part all = sum(0, count);
  if (!(all.succeeded > 0)) return std::nullopt;
  well.success = all.succeeded / (all.succeeded + all.failed);
  well.latency = all.latency_seconds / all.succeeded;
  well.attempts = ratio(all.attempts, all.requests, 1);
  well.misses = ratio(all.misses, all.hits + all.misses, 0);
  return well;
}

bool OverloadWatch::suffers(const Part& part, const Well& well) const {
  const double ended = part.succeeded + part.failed;
  if (ended == 0) return part.requests > 0;
  if (part.succeeded / ended < kLeastSuccess * well.success) return true;
  const double latency = ratio(part.latency_seconds, part.succeeded, 0);
  return latency > kSlowSeconds && latency > kMostLatencyFactor * well.latency;
}

std::optional<Outlived> OverloadWatch::after(const Trigger& trigger, Time next, const Well& well,
                                             const models::RunSummary& summary) const {
  std::size_t from = 0;
  while (from < parts_.size() && parts_[from].start < trigger.end) ++from;
  // Servers that the trigger took are still missing: it is not over yet.
  Time begin = trigger.end;
  while (from < parts_.size() && parts_[from].end <= next && parts_[from].healthy >= 0 &&
         parts_[from].healthy < well.servers &&
         !servers_were_taken_out(summary, trigger.end, parts_[from].end)) {
    begin = parts_[from].end;
    ++from;
  }
  std::size_t to = from;
  while (to < parts_.size() && parts_[to].end <= next && suffers(parts_[to], well)) ++to;
  if (to == from) return std::nullopt;
  const Part stretch = sum(from, to);
  const Duration lasted = stretch.end - begin;
  const double arrivals = stretch.arrivals / (stretch.end - stretch.start).seconds();
  if (lasted < kLeast || arrivals > kSameTraffic * well.most_arrivals) return std::nullopt;

  Outlived found;
  found.trigger = trigger.name;
  found.from = begin;
  found.lasted = lasted;
  found.recovered = to < parts_.size() && parts_[to].end <= next;
  found.attempts_before = well.attempts;
  found.attempts = ratio(stretch.attempts, stretch.requests, 1);
  found.misses_before = well.misses;
  found.misses = ratio(stretch.misses, stretch.hits + stretch.misses, 0);
  found.late_share = ratio(stretch.late, stretch.attempts, 0);
  found.success = ratio(stretch.succeeded, stretch.succeeded + stretch.failed, 0);
  const double retries = found.attempts / well.attempts;
  const double misses = ratio(found.misses, well.misses, found.misses > 0.05 ? 1e3 : 1);
  if (servers_were_taken_out(summary, begin, stretch.end)) {
    found.loop = Loop::health_checks;
  } else if (std::max(retries, misses) >= kLeastGain) {
    found.loop = retries >= misses ? Loop::retries : Loop::cold_cache;
  }
  return found;
}

std::optional<Outlived> OverloadWatch::find(const std::vector<Trigger>& triggers,
                                            const models::RunSummary& summary) const {
  if (triggers.empty()) return std::nullopt;
  const auto well = well_before(triggers.front().begin);
  if (!well) return std::nullopt;
  std::optional<Outlived> longest;
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    Time next = sim::kNever;
    bool is_last_to_end = true;  // another one that lasts longer hides this one's end
    for (std::size_t k = 0; k < triggers.size(); ++k) {
      if (k == i) continue;
      if (triggers[k].begin >= triggers[i].end) next = std::min(next, triggers[k].begin);
      const bool covers = triggers[k].begin < triggers[i].end && triggers[k].end > triggers[i].end;
      is_last_to_end = is_last_to_end && !covers;
    }
    if (!is_last_to_end) continue;
    const auto found = after(triggers[i], next, *well, summary);
    if (found && (!longest || found->lasted > longest->lasted)) longest = found;
  }
  return longest;
}

std::optional<Metastability> metastability_of(std::span<const std::optional<Outlived>> found) {
  Metastability all;
  std::map<std::string, std::size_t> triggers;
  std::map<Loop, std::size_t> loops;
  std::vector<double> seconds;
  for (const std::optional<Outlived>& one : found) {
    if (!one) continue;
    ++all.found_in;
    if (one->recovered) ++all.recovered_in;
    ++triggers[one->trigger];
    ++loops[one->loop];
    seconds.push_back(one->lasted.seconds());
    if (all.found_in == 1 || one->lasted > all.worst.lasted) all.worst = *one;
  }
  if (all.found_in == 0) return std::nullopt;
  const auto by_count = [](const auto& a, const auto& b) { return a.second < b.second; };
  all.trigger = std::max_element(triggers.begin(), triggers.end(), by_count)->first;
  all.loop = std::max_element(loops.begin(), loops.end(), by_count)->first;
  all.lasted = mean_interval(seconds);
  return all;
}

std::string loop_in_words(const Outlived& outlived) {
  char text[160];
  switch (outlived.loop) {
    case Loop::retries:
      std::snprintf(text, sizeof text,
                    "kept up by retries: %.1f attempts for a page instead of %.1f",
                    outlived.attempts, outlived.attempts_before);
      return text;
    case Loop::cold_cache:
      std::snprintf(text, sizeof text,
                    "kept up by a cold cache: %.0f %% of the reads miss instead of %.0f %%",
                    100 * outlived.misses, 100 * outlived.misses_before);
      return text;
    case Loop::health_checks:
      return "kept up by health checks that take overloaded servers away";
    case Loop::unknown:
      return "by a loop that is none of retries, cold cache, health checks";
  }
  return {};
}

}  // namespace shopsim::analysis
