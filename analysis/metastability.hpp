#pragma once
/// Does an overload outlive what set it off? A metastable failure (S-OSDI22): a trigger (a fault, a
/// rise of traffic) overloads the shop, the trigger ends, and the shop stays overloaded although
/// the same traffic was carried well before, because a loop keeps it so: customers who ask again, a
/// cache that cannot fill, health checks that take servers away. Looked for in one replication's
/// main periods:
///
///   well: the periods before the first trigger. A later period suffers when fewer pages end well,
///   or they take much longer, than then. From the end of the last trigger on, a stretch of
///   suffering periods of at least `least` whose arrivals are no more than were carried well, and
///   in which no server is missing (unless health checks took it away), is an outlived overload.
///
/// Leaves out: overloads without a trigger in the scenario, and those that never were well.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/statistics.hpp"
#include "models/enum_names.hpp"
#include "models/result.hpp"
#include "models/scenario.hpp"

namespace shopsim::analysis {

/// What keeps the overload up.
enum class Loop : std::uint8_t { unknown, retries, cold_cache, health_checks };
SHOPSIM_ENUM_NAMES(Loop, "unknown", "retries", "cold cache", "health checks")

/// Something that sets an overload off, and ends.
struct Trigger {
  std::string name;
  sim::Time begin;
  sim::Time end;
};

/// The scenario's faults and rises of traffic as they happened, in order of their begin. A fault
/// without a duration ends when the run says that it ended, else at once.
std::vector<Trigger> triggers_of(const models::Scenario& scenario,
                                 const models::RunSummary& summary);

/// One overload that outlived its trigger.
struct Outlived {
  std::string trigger;
  sim::Time from;              ///< end of the trigger
  sim::Duration lasted;        ///< from then until it was well again, or until the run's end
  bool recovered = false;      ///< within the run, before the next trigger
  Loop loop = Loop::unknown;
  double attempts_before = 1;  ///< attempts for a page, when it was well
  double attempts = 1;         ///< and in the stretch
  double misses_before = 0;    ///< share of the cache reads that missed
  double misses = 0;
  double late_share = 0;       ///< of the answers in the stretch: nobody waited for them any more
  double success = 1;          ///< share of the pages that ended well in the stretch
};

/// Gathers one replication's main periods.
class OverloadWatch {
 public:
  /// The first `pages` classes are pages, the others images.
  explicit OverloadWatch(std::size_t pages) : pages_(pages) {}
  /// Periods in time order; fine ones are ignored.
  void add(const models::PeriodRecord& record);
  /// The longest overload that outlived its trigger, if there is one.
  [[nodiscard]] std::optional<Outlived> find(const std::vector<Trigger>& triggers,
                                             const models::RunSummary& summary) const;

 private:
  struct Part {
    sim::Time start;
    sim::Time end;
    double arrivals = 0;
    double requests = 0;   ///< pages begun
    double attempts = 0;
    double succeeded = 0;
    double failed = 0;
    double late = 0;
    double latency_seconds = 0;  ///< summed over successes
    double hits = 0;             ///< cache reads, of whole minutes
    double misses = 0;
    double healthy = -1;         ///< servers; -1: not measured
  };
  struct Well;
  [[nodiscard]] Part sum(std::size_t from, std::size_t to) const;
  [[nodiscard]] std::optional<Well> well_before(sim::Time first) const;
  [[nodiscard]] bool suffers(const Part& part, const Well& well) const;
  [[nodiscard]] std::optional<Outlived> after(const Trigger& trigger, sim::Time next,
                                              const Well& well,
                                              const models::RunSummary& summary) const;

  std::size_t pages_;
  std::vector<Part> parts_;
};

/// What all replications say together.
struct Metastability {
  std::size_t found_in = 0;      ///< replications
  std::size_t recovered_in = 0;  ///< of those
  std::string trigger;           ///< the one seen most often
  Loop loop = Loop::unknown;     ///< the same
  Interval lasted;               ///< seconds; a lower bound when not all recovered
  Outlived worst;                ///< the longest
};

/// Empty when no replication has one. `found` is by replication.
std::optional<Metastability> metastability_of(
    std::span<const std::optional<Outlived>> found);

/// "kept up by retries: 3.9 attempts for a page instead of 1.0", one clause.
std::string loop_in_words(const Outlived& outlived);

}  // namespace shopsim::analysis
