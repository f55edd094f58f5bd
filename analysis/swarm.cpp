#include "analysis/swarm.hpp"

#include <bit>
#include <cmath>

#include "analysis/swarm_relations.hpp"
#include "models/check.hpp"
#include "models/run.hpp"
#include "models/world.hpp"
#include "sim/check.hpp"

namespace shopsim::analysis {

namespace {

using namespace sim::literals;
using models::PeriodRecord;
using sim::Time;

class KeepPeriods : public models::PeriodSink {
 public:
  void close_period(const PeriodRecord& record) override {
    if (!record.fine) periods.push_back(record);
  }
  std::vector<PeriodRecord> periods;
};

std::optional<std::string> check_totals(const std::vector<PeriodRecord>& periods,
                                        const models::RunSummary& summary,
                                        std::size_t page_classes) {
  std::uint64_t requests = 0;
  std::uint64_t placed = 0;
  std::uint64_t lost = 0;
  sim::Money placed_value;
  sim::Money lost_value;
  for (const PeriodRecord& period : periods) {
    placed += period.orders_placed;
    lost += period.orders_lost;
    placed_value += period.order_value_placed;
    lost_value += period.order_value_lost;
    for (std::size_t c = 0; c < period.classes.size(); ++c) {
      if (c < page_classes) requests += period.classes[c].requests;
      std::uint64_t counted = 0;
      for (const std::uint32_t count : period.classes[c].latency.counts) counted += count;
      if (counted != period.classes[c].succeeded) {
        return "period " + std::to_string(period.index) + ": " + std::to_string(counted) +
               " latencies of " + std::to_string(period.classes[c].succeeded) + " successes";
      }
    }
  }
  if (requests != summary.dynamic_requests) return "periods and summary count other requests";
  if (placed != summary.orders_placed || lost != summary.orders_lost) {
    return "periods and summary count other orders";
  }
  if (placed_value != summary.order_value_placed || lost_value != summary.order_value_lost) {
    return "money is not conserved between periods and summary";
  }
  return std::nullopt;
}

/// No metric is negative (queues, counts, latencies), no percentage above 100.
std::optional<std::string> check_metrics(const std::vector<PeriodRecord>& periods) {
  for (const PeriodRecord& period : periods) {
    for (const models::MetricDefinition& metric : models::all_metrics()) {
      const double value = period.metrics[static_cast<std::size_t>(metric.id)];
      const bool percent = metric.unit == models::MetricUnit::percent;
      const double most = percent ? 100 * (1 + 1e-9) : HUGE_VAL;
      if (std::isnan(value) || (value >= 0 && value <= most)) continue;
      return "period " + std::to_string(period.index) + ": " + std::string(metric.name_space) +
             " " + std::string(metric.name) + " is " + std::to_string(value);
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_saturation(const models::RunSummary& summary) {
  for (const models::SaturationRecord& record : summary.saturation) {
    if (record.utilisation >= 0 && record.utilisation <= 1 + 1e-9 && record.queue_length >= 0) {
      continue;
    }
    return record.resource + " has a utilisation of " + std::to_string(record.utilisation) +
           " and a queue of " + std::to_string(record.queue_length);
  }
  return std::nullopt;
}

std::optional<models::Plan> plan_of(const models::RandomWorld& world,
                                    sim::Diagnostics& diagnostics) {
  static const auto catalogue = models::load_catalogue("us-east-1", {}, {}, diagnostics);
  const sim::Places nowhere;
  const models::CheckSink sink{nowhere, diagnostics};
  models::check_platform(world.platform, *catalogue, sink);
  models::check_scenario(world.scenario, world.platform, sink);
  if (diagnostics.has_errors()) return std::nullopt;
  return models::compile({world.platform, world.scenario, *catalogue}, diagnostics);
}

/// A fault of some kind that is possible in this world, in its last second.
models::FaultConfig late_fault(const models::RandomWorld& world, std::uint64_t seed) {
  std::vector<models::FaultKind> kinds = {
      models::InstanceCrash{}, models::ZoneLoss{world.platform.network.zones.front().name, 1_min},
      models::DatabaseSlow{}, models::OriginSlow{}, models::PacketLoss{}, models::DnsFailure{},
      models::MetricsMissing{}, models::LaunchOutage{}};
  if (world.platform.database.multi_az) kinds.emplace_back(models::DatabaseFailover{});
  if (world.platform.cdn.enabled) kinds.emplace_back(models::CdnFlush{});
  if (world.platform.cache.enabled) {
    kinds.emplace_back(models::CacheFlush{});
    kinds.emplace_back(models::CacheNodeLoss{});
  }
  sim::Stream draws(sim::stream_key(seed, 0, "late fault"));
  models::FaultConfig fault;
  fault.name = "at the very end";
  fault.at = sim::ClockTime{world.scenario.start.since_midnight + world.scenario.duration - 1_s};
  fault.kind = kinds[draws.below(kinds.size())];
  return fault;
}

/// The first difference of two periods of the same index; empty if they are the same.
std::string difference(const PeriodRecord& a, const PeriodRecord& b) {
  for (std::size_t c = 0; c < a.classes.size(); ++c) {
    const models::ClassRecord& one = a.classes[c];
    const models::ClassRecord& other = b.classes[c];
    if (one.latency.counts != other.latency.counts || one.latency.bins != other.latency.bins) {
      return "latencies";
    }
    if (one.requests != other.requests || one.attempt_outcomes != other.attempt_outcomes ||
        one.late_replies != other.late_replies) {
      return "requests or how they ended";
    }
  }
  for (const models::MetricDefinition& metric : models::all_metrics()) {
    const auto id = static_cast<std::size_t>(metric.id);
    if (std::bit_cast<std::uint64_t>(a.metrics[id]) !=
        std::bit_cast<std::uint64_t>(b.metrics[id])) {
      return std::string(metric.name);
    }
  }
  return a.orders_lost == b.orders_lost && a.orders_placed == b.orders_placed ? "" : "orders";
}

/// The same world with one more fault just before its end: nothing may change before that.
std::optional<std::string> check_late_fault(const models::RandomWorld& world,
                                            const std::vector<PeriodRecord>& without,
                                            std::uint64_t seed, WorldChecks& counts) {
  models::RandomWorld changed = world;
  changed.scenario.faults.push_back(late_fault(world, seed));
  // Around a fault there are finer records; the periods compared here are the usual ones.
  sim::Diagnostics diagnostics;
  const auto plan = plan_of(changed, diagnostics);
  if (!plan) return "a fault at the end makes it invalid: " + sim::to_text(diagnostics);
  KeepPeriods with;
  counts.events += models::run_plan(*plan, seed, 0, with).events;
  for (std::size_t p = 0; p + 1 < without.size(); ++p) {
    const std::string changes = difference(without[p], with.periods[p]);
    if (changes.empty()) continue;
    return "a fault at the end changed " + changes + " of period " + std::to_string(p);
  }
  return std::nullopt;
}

std::optional<std::string> check_or_throw(const models::RandomWorld& world, std::uint64_t seed,
                                          WorldChecks& counts) {
  sim::Diagnostics diagnostics;
  const auto plan = plan_of(world, diagnostics);
  if (!plan) return "the world is not valid:\n" + sim::to_text(diagnostics);
  KeepPeriods cut;
  models::World in_minutes(*plan, seed, 0);
  for (sim::Duration end = 1_min; end < plan->duration + 1_min; end += 1_min) {
    in_minutes.run_until(Time{} + std::min(end, plan->duration), cut);
    in_minutes.check_books();
  }
  const models::RunSummary summary = in_minutes.summary();
  counts.events += summary.events;
  const std::string books = models::imbalance(summary.conservation);
  if (!books.empty()) return books;
  if (const auto wrong = check_totals(cut.periods, summary, plan->image_class)) return wrong;
  if (const auto wrong = check_metrics(cut.periods)) return wrong;
  if (const auto wrong = check_saturation(summary)) return wrong;
  KeepPeriods ignored;
  const auto whole = models::run_plan(*plan, seed, 0, ignored);
  counts.events += whole.events;
  if (whole.fingerprint != summary.fingerprint) return "a run in minutes is another run";
  const auto heap = models::run_plan_on_heap(*plan, seed, 0, ignored);
  counts.events += heap.events;
  if (heap.fingerprint != summary.fingerprint) return "another calendar makes another run";
  if (const auto wrong = check_late_fault(world, cut.periods, seed, counts)) return wrong;
  if (const auto wrong = check_order_of_keys(world, seed)) return wrong;
  return check_random_line(seed, counts.events);
}

}  // namespace

std::optional<std::string> check_world(const models::RandomWorld& world, std::uint64_t seed,
                                       WorldChecks& counts) {
  try {
    return check_or_throw(world, seed, counts);
  } catch (const std::exception& failure) {
    return std::string(failure.what());
  }
}

FailingWorld shrink(std::uint64_t seed, std::vector<std::size_t> traits, const WorldTest& test) {
  FailingWorld smallest{seed, traits,
                        test(models::random_world(seed, traits), seed).value_or(std::string())};
  for (std::size_t i = 0; i < smallest.traits.size();) {
    std::vector<std::size_t> fewer = smallest.traits;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (auto what = test(models::random_world(seed, fewer), seed)) {
      smallest.traits = std::move(fewer);
      smallest.what = std::move(*what);
      i = 0;  // what could not be left out before may be possible now
    } else {
      ++i;
    }
  }
  return smallest;
}

}  // namespace shopsim::analysis
