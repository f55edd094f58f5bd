#pragma once
/// One replication against the promises: what each promise's number was, and when it was first
/// beyond its limit. Reads the replication's periods once, in memory independent of its length.
///
/// A latency promise is about requests that were answered; requests that failed count against the
/// success ratio. The worst window counts where a window is given. Percentiles are those of
/// sim::Histogram: within 0.8 %.
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/metastability.hpp"
#include "analysis/replicate.hpp"
#include "models/scenario.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {

/// One promise in one replication.
struct PromiseValue {
  /// Seconds (latency, recovery_time) or a share (success_ratio, orders_lost): of the worst window,
  /// or of the run. 0 seconds, all successful or nothing lost where there was nothing to judge.
  double value = 0;
  /// If the promise is broken: begin of the first window that breaks it; without windows, of the
  /// first period with a slow or failed request.
  std::optional<sim::Time> first_breach;
  /// Begin of the worst window; without windows, of the period with most slow or failed requests.
  sim::Time worst;
  /// The class had not recovered when fine recording ended: `value` is a lower bound.
  bool is_lower_bound = false;
};

/// Sums of one request class over the run.
struct ClassTotals {
  std::uint64_t requests = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t attempts = 0;
  std::uint64_t late_replies = 0;
  std::array<std::uint64_t, models::kOutcomes> outcomes{};
  sim::Histogram latency;  ///< of requests that succeeded; merged from the periods' bins
  double latency_sum_seconds = 0;  ///< exact, for the mean
  std::array<models::TierTimes, models::kTiers> tiers{};
};

/// What one replication says, small.
struct Judged {
  std::vector<PromiseValue> promises;  ///< [promise], order of Scenario::slos
  std::vector<ClassTotals> classes;    ///< [class], order of `class_names`
  double servers_minimum = 0;          ///< in service, over the minutes of the run
  double servers_mean = 0;
  double servers_maximum = 0;
  std::optional<Outlived> outlived;    ///< the longest overload that outlived its trigger
};

/// When faults begin, by name; of several entries of one name the first counts.
using FaultTimes = std::vector<std::pair<std::string, sim::Time>>;

/// Judges one replication while it runs: periods in time order, then `finish` once.
class PromiseJudge {
 public:
  /// `scenario` must outlive the judge.
  PromiseJudge(const models::Scenario& scenario, const std::vector<std::string>& class_names,
               const FaultTimes& faults);
  PromiseJudge(PromiseJudge&&) noexcept;
  PromiseJudge& operator=(PromiseJudge&&) = delete;
  ~PromiseJudge();

  void add(const models::PeriodRecord& record);
  /// A promise about windows whose worst window so far is beyond `factor` times its limit (for a
  /// success ratio: times the failures it allows). Nothing that follows can mend that.
  [[nodiscard]] std::optional<std::size_t> broken_by(double factor) const;
  [[nodiscard]] Judged finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Judges one finished replication.
Judged judge_replication(const Replication& replication, const models::Scenario& scenario,
                         const std::vector<std::string>& class_names);

/// The limit of a promise in the unit of PromiseValue::value.
double limit_of(const models::SloConfig& promise);

/// Whether larger values are worse (all but success_ratio).
bool is_upper_limit(const models::SloConfig& promise);

/// The quantile of counts per bin of sim::Histogram, in seconds: the middle of the bin of rank
/// ceil(q n); 0 without counts.
double quantile_of_bins(const std::vector<std::uint64_t>& counts, std::uint64_t total, double q);

}  // namespace shopsim::analysis
