#pragma once
/// How available is the shop over a year, and how many orders do failures cost? Rates of failures
/// (failure_modes.hpp) times what one failure does, which the simulator says: conditional
/// simulation, because waiting for a fault that comes once in twenty years would take twenty years.
///
/// One unit of work is one moment of one day. A world is warmed up to it; copies of that world go
/// on, one without a fault and one with each fault, with the same customers (common random
/// numbers), until the shop is well again. The difference is what the fault did. Moments are
/// stratified over the day, lengths of zone losses by Latin hypercube; a replication is one whole
/// set of strata, so replications are independent and Student's t gives the interval.
///
///   a year = sum over modes of rate x units x mean consequence    (compound Poisson, first order)
///
/// Two failures at once are the second order. A Markov chain of what is broken (Eigen) says which
/// share of the year they take; that time, counted as a full outage, bounds what they could add.
///
/// Leaves out: events of a whole region, releases of the shop's own, and what happens to a fault's
/// consequences after `longest` (said in the result).
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/failure_modes.hpp"
#include "analysis/statistics.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::analysis {

inline constexpr double kDaysPerYear = 365;
inline constexpr double kMinutesPerYear = kDaysPerYear * 24 * 60;

/// A scenario and how many days of the year are like it. Its own faults are left out. A scenario
/// shorter than a day stands for days that are all like it.
struct DayKind {
  const models::LoadedScenario* loaded = nullptr;
  double days = kDaysPerYear;
};

struct AvailabilityOptions {
  std::size_t replications = 5;   ///< at least 2
  std::size_t strata = 6;         ///< moments of a day in one replication
  sim::Duration longest{43'200'000'000'000};  ///< zone losses are cut there, and windows soon after
  unsigned threads = 1;
  double level = kConfidence;
  const std::atomic<bool>* stop = nullptr;
  /// Units done and units in all, from any thread, one call at a time.
  std::function<void(std::size_t done, std::size_t all)> progress;
};

/// What happened in a stretch of time, pages only (no images).
struct Happened {
  double pages = 0;           ///< asked for, that ended well or not
  /// Without a fault: those that failed. Of a fault: how many fewer ended well, which counts the
  /// pages that customers who left never asked for.
  double lost_pages = 0;
  /// In which a promise about latency or success did not hold, judged minute by minute; of a
  /// fault: only promises that hold without it.
  double broken_minutes = 0;
  double orders_lost = 0;
  double value_lost = 0;      ///< US dollars

  Happened& operator+=(const Happened& other);
  Happened& operator-=(const Happened& other);
  Happened& operator*=(double factor);
};

/// One fault at one moment.
struct Consequence {
  Happened more;              ///< than without the fault
  double units = 0;           ///< how many of the mode's unit there were at that moment
  bool is_cut = false;        ///< the shop was not well again when the window ended
};

/// The result of one unit of work; a plain value that a journal can keep.
struct AvailabilityUnit {
  Happened without_fault;     ///< in `hours` after the moment
  double hours = 0;
  std::vector<Consequence> consequences;  ///< [mode]
  std::uint64_t events = 0;   ///< simulated
};

/// Everything that can be counted over a year, one number per replication.
struct YearlyInterval {
  Interval unavailability;    ///< lost pages as a share of the year's
  Interval broken_minutes;
  Interval orders_lost;
  Interval value_lost;        ///< US dollars
};

struct ModeOverYear {
  FailureMode mode;
  double yearly = 0;          ///< how often on this platform: rate times units
  YearlyInterval loses;       ///< in a year
  double share = 0;           ///< of all failures' lost pages
  double minutes_at_low = 0;  ///< minutes of full outage a year, of all modes, with this rate low
  double minutes_at_high = 0;
  std::size_t cut = 0;        ///< units in which the shop was not well again in time
};

struct Availability {
  std::size_t replications = 0;
  std::size_t units = 0;
  std::uint64_t events = 0;
  double pages = 0;           ///< asked for in a year without failures
  YearlyInterval all;         ///< days without faults and failures together
  YearlyInterval failures;
  YearlyInterval without_fault;
  std::vector<ModeOverYear> modes;     ///< as given
  std::optional<std::size_t> most_sensitive;  ///< the mode whose rate moves the year most
  double minutes_all_low = 0;   ///< minutes of full outage from failures, every rate at its low end
  double minutes_all_high = 0;
  /// Share of the year with two or more things broken at once: counted as a full outage it bounds
  /// what the first order leaves out.
  double overlap = 0;
  /// Of years drawn by the compound Poisson law: 19 in 20 lose less than this.
  double bad_year_minutes = 0;  ///< minutes of full outage from failures
  double bad_year_orders = 0;
  std::vector<std::string> remarks;   ///< what the reader must know about these numbers
};

/// The work of one evaluation, cut into units. Days, rates and options must outlive it.
class AvailabilityStudy {
 public:
  /// Diagnostics and no study if days, rates or options are wrong.
  static std::optional<AvailabilityStudy> make(std::vector<DayKind> days,
                                               const FailureRates& rates,
                                               const AvailabilityOptions& options,
                                               sim::Diagnostics& diagnostics);

  [[nodiscard]] std::size_t units() const;
  /// A pure function of the study and the index. After a stop the result is meaningless.
  [[nodiscard]] AvailabilityUnit simulate(std::size_t unit) const;
  /// `units` in order, all of them.
  [[nodiscard]] Availability combine(std::span<const AvailabilityUnit> units) const;
  [[nodiscard]] const std::vector<FailureMode>& modes() const { return modes_; }

 private:
  AvailabilityStudy() = default;

  std::vector<DayKind> days_;
  std::vector<models::Plan> plans_;   ///< [day]: with the samplers every unit shares
  std::vector<FailureMode> modes_;
  sim::DurationDistribution database_restart_;
  AvailabilityOptions options_;
};

/// All units on `options.threads` threads, combined. The same seeds give the same numbers on any
/// number of threads. Nothing: stopped, or diagnostics.
[[nodiscard]] std::optional<Availability> yearly_availability(
    const std::vector<DayKind>& days, const FailureRates& rates,
    const AvailabilityOptions& options, sim::Diagnostics& diagnostics);

/// The arithmetic of `combine` on its own; unit (day * replications + replication) * strata + s.
struct YearInput {
  std::span<const FailureMode> modes;
  std::span<const double> days;       ///< [day kind]
  std::size_t replications = 0;
  std::size_t strata = 0;
  std::uint64_t seed = 1;             ///< of the drawn years
  double level = kConfidence;
};
[[nodiscard]] Availability combine_year(const YearInput& input,
                                        std::span<const AvailabilityUnit> units);

/// Share of time in which two or more of the modes' units are broken at once (Markov chain, Eigen).
/// `units[mode]` is rounded to whole units, at least 1.
[[nodiscard]] double overlap_share(std::span<const FailureMode> modes,
                                   std::span<const double> units);

}  // namespace shopsim::analysis
