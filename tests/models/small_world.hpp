#pragma once
/// A small shop for tests: the default platform and scenario with a small catalogue, a short day
/// and little traffic, changed at will before it is compiled.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/catalogue.hpp"
#include "models/run.hpp"
#include "models/world.hpp"

namespace shopsim::models::testing {

/// Keeps every period of both series.
class KeepPeriods : public PeriodSink {
 public:
  void close_period(const PeriodRecord& record) override {
    (record.fine ? fine : main).push_back(record);
  }
  [[nodiscard]] std::uint64_t total(std::uint64_t ClassRecord::*member) const {
    std::uint64_t sum = 0;
    for (const PeriodRecord& period : main) {
      for (std::size_t c = 0; c < pages_of(period); ++c) sum += period.classes[c].*member;
    }
    return sum;
  }
  /// Attempts of pages (images left out) that ended so, in periods [from, to).
  [[nodiscard]] std::uint64_t outcomes(Outcome outcome, std::size_t from = 0,
                                       std::size_t to = SIZE_MAX) const {
    std::uint64_t sum = 0;
    for (std::size_t p = from; p < std::min(to, main.size()); ++p) {
      for (std::size_t c = 0; c < pages_of(main[p]); ++c) {
        sum += main[p].classes[c].attempt_outcomes[static_cast<std::size_t>(outcome)];
      }
    }
    return sum;
  }
  [[nodiscard]] double metric(std::size_t period, MetricId id) const {
    return main[period].metrics[static_cast<std::size_t>(id)];
  }
  std::vector<PeriodRecord> main;
  std::vector<PeriodRecord> fine;
  /// Plan::image_class where images are told by edge region; 0: all classes but the last are pages.
  std::size_t page_classes = 0;

 private:
  [[nodiscard]] std::size_t pages_of(const PeriodRecord& period) const {
    return page_classes > 0 ? page_classes : period.classes.size() - 1;
  }
};

struct SmallShop {
  Platform platform;
  Scenario scenario;
  Trace trace;  ///< used when it has counts

  SmallShop() {
    using namespace sim::literals;
    scenario.duration = 10_min;
    scenario.warm_up = 2_min;
    scenario.start.since_midnight = 12_h;
    scenario.traffic.sessions_per_day = 100'000;  // about 1.8 /s at noon: 20 pages/s
    scenario.catalogue.products = 5'000;
    scenario.catalogue.images = 2'000;
    platform.web.scaling.desired = 2;
  }

  [[nodiscard]] Plan plan() const {
    sim::Diagnostics diagnostics;
    static const Catalogue catalogue = *load_catalogue("us-east-1", {}, {}, diagnostics);
    const auto plan = compile({platform, scenario, catalogue,
                               trace.counts.empty() ? nullptr : &trace, nullptr},
                              diagnostics);
    EXPECT_TRUE(plan.has_value()) << sim::to_text(diagnostics);
    return *plan;
  }
};

/// What must hold after every run, whatever happened in it.
inline void expect_books_balance(const RunSummary& summary) {
  EXPECT_EQ(imbalance(summary.conservation), "") << "seed " << summary.seed;
}

/// A run with everything it recorded.
struct Ran {
  RunSummary summary;
  KeepPeriods periods;
};

inline void run(const Plan& plan, Ran& ran, std::uint64_t seed = 1) {
  ran.summary = run_plan(plan, seed, 0, ran.periods);
  expect_books_balance(ran.summary);
}

inline FaultConfig fault_at(sim::Duration clock, FaultKind kind, std::string name = "the fault") {
  FaultConfig fault;
  fault.name = std::move(name);
  fault.at = sim::ClockTime{clock};
  fault.kind = std::move(kind);
  return fault;
}

/// The first record of a fault in that phase.
inline std::optional<FaultRecord> fault_record(const RunSummary& summary, std::string_view phase) {
  for (const FaultRecord& record : summary.faults) {
    if (record.phase == phase) return record;
  }
  return std::nullopt;
}

/// Mean seconds of a visit to a tier, waiting and service, over all pages of periods [from, to).
inline double mean_tier_seconds(const KeepPeriods& periods, Tier tier, std::size_t from = 0,
                                std::size_t to = SIZE_MAX) {
  double sum = 0;
  double visits = 0;
  for (std::size_t p = from; p < std::min(to, periods.main.size()); ++p) {
    for (const ClassRecord& of : periods.main[p].classes) {
      const TierTimes& times = of.tiers[static_cast<std::size_t>(tier)];
      sum += static_cast<double>(times.queue_nanoseconds + times.service_nanoseconds) * 1e-9;
      visits += static_cast<double>(times.visits);
    }
  }
  return visits > 0 ? sum / visits : 0;
}

}  // namespace shopsim::models::testing
