#include "analysis/swarm.hpp"

#include <cmath>

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

std::optional<std::string> check_utilisation(const std::vector<PeriodRecord>& periods) {
  constexpr models::MetricId kPercentages[] = {
      models::MetricId::ec2_cpu_utilization, models::MetricId::rds_cpu_utilization,
      models::MetricId::cache_hit_rate, models::MetricId::cdn_hit_rate,
      models::MetricId::cache_memory_usage};
  for (const PeriodRecord& period : periods) {
    for (const models::MetricId id : kPercentages) {
      const double value = period.metrics[static_cast<std::size_t>(id)];
      if (std::isnan(value) || (value >= 0 && value <= 100 * (1 + 1e-9))) continue;
      return "period " + std::to_string(period.index) + ": metric " +
             std::to_string(static_cast<int>(id)) + " is " + std::to_string(value) + " percent";
    }
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

/// The same world with one more fault just before its end: nothing may change before that.
std::optional<std::string> check_late_fault(const models::RandomWorld& world,
                                            const std::vector<PeriodRecord>& without,
                                            std::uint64_t seed, WorldChecks& counts) {
  models::RandomWorld changed = world;
  models::FaultConfig fault;
  fault.name = "at the very end";
  fault.at = sim::ClockTime{world.scenario.start.since_midnight + world.scenario.duration - 1_s};
  fault.kind = models::InstanceCrash{};
  changed.scenario.faults.push_back(fault);
  // Around a fault there are finer records; the periods compared here are the usual ones.
  sim::Diagnostics diagnostics;
  const auto plan = plan_of(changed, diagnostics);
  if (!plan) return "a fault at the end makes it invalid: " + sim::to_text(diagnostics);
  KeepPeriods with;
  counts.events += models::run_plan(*plan, seed, 0, with).events;
  for (std::size_t p = 0; p + 1 < without.size(); ++p) {
    for (std::size_t c = 0; c < without[p].classes.size(); ++c) {
      if (without[p].classes[c].latency.counts == with.periods[p].classes[c].latency.counts) {
        continue;
      }
      return "a fault at the end changed period " + std::to_string(p);
    }
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
  if (const auto wrong = check_utilisation(cut.periods)) return wrong;
  KeepPeriods ignored;
  const auto whole = models::run_plan(*plan, seed, 0, ignored);
  counts.events += whole.events;
  if (whole.fingerprint != summary.fingerprint) return "a run in minutes is another run";
  const auto heap = models::run_plan_on_heap(*plan, seed, 0, ignored);
  counts.events += heap.events;
  if (heap.fingerprint != summary.fingerprint) return "another calendar makes another run";
  return check_late_fault(world, cut.periods, seed, counts);
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
