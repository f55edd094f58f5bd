#pragma once
/// Which allowed configuration is cheapest and keeps every promise? From cheap to dear:
///
/// 1. Bounds rule out what cannot work (tuning_fluid.hpp) and give every candidate a cost estimate.
/// 2. Windows are simulated under common random numbers, the most promising candidate first
///    (expected saving by the chance of keeping the promises). A candidate that breaks one is out,
///    and with it all that are nowhere stronger (tuning_strength.cpp); more replications where it
///    is close.
/// 3. The cheapest two that pass, and today's platform, run whole days with fresh customers. What
///    does not hold there is out and the search goes on.
/// 4. KN selects between them.
///
/// Everything is decided by results of units, never by the clock: a search is a pure function of
/// its problem and options.
#include "analysis/tuning_result.hpp"
#include "analysis/tuning_runner.hpp"

namespace shopsim::analysis {

struct SearchProgress {
  std::string doing;           ///< what is tried now, or ruled out and why
  std::size_t open = 0;        ///< candidates not decided
  std::optional<double> best;  ///< USD a month
  double pages = 0;
  double budget = 0;
  UnitProgress units;
};

struct SearchOptions {
  double budget = 250e6;           ///< pages the windows may simulate
  std::size_t replications = 10;   ///< of whole days, at least
  double confidence = 0.95;        ///< of the selection
  std::optional<Shard> shard;      ///< of the whole days run this share, and decide nothing
  RunnerOptions runner;
  std::function<void(const SearchProgress&)> progress;
};

/// Replications of whole days have numbers from here on: the search has not seen them.
inline constexpr std::uint32_t kFreshReplications = 1000;

TuningResult search(const TuningProblem& problem, TuningJournal& journal,
                    const SearchOptions& options, sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
