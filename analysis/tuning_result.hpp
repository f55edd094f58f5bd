#pragma once
/// What a search says: every candidate with what became of it, the finalists with their
/// certificates, and why. Nothing in it depends on threads, the clock or a resumption.
#include <optional>
#include <string>
#include <vector>

#include "analysis/availability.hpp"
#include "analysis/results_writer.hpp"
#include "analysis/table.hpp"
#include "analysis/tuning_problem.hpp"
#include "analysis/tuning_selection.hpp"

namespace shopsim::analysis {

enum class CandidateState : std::uint8_t {
  waiting,    ///< not decided, the budget was spent
  costlier,   ///< not looked at: costs more than the runner-up by estimate
  bounded,    ///< ruled out by a bound, without simulating
  dominated,  ///< ruled out because a stronger configuration failed
  refused,    ///< broke a promise in simulation
  passed,     ///< kept every promise in the windows
  certified,  ///< kept every promise over whole runs
};
SHOPSIM_ENUM_NAMES(CandidateState, "waiting", "costlier", "bounded", "dominated", "refused",
                   "passed", "certified")

struct CandidateRecord {
  Choices choices;
  double lower_bound = 0;    ///< USD a month: never more servers than the minimum
  double estimate = 0;       ///< USD a month: servers by the fluid, and lost_value
  double lost_value = 0;     ///< USD a month of orders lost, as far as it was seen
  double risk = 0;           ///< FluidDay::risk over the judged days; 1 is full
  CandidateState state = CandidateState::waiting;
  std::string reason;
  std::size_t replications = 0;   ///< simulated, of the windows
  double tightest = 0;            ///< largest tightness seen in the windows; above 1 is broken
  std::string tightest_promise;   ///< "black_friday: checkout p99"
  double latency_tightness = 0;   ///< of promises about latency
  double lost_share = 0;          ///< largest share of orders lost in a window
  bool is_complete = false;       ///< the windows ran to their ends
  Interval month;                 ///< of whole runs; no samples if there were none
  bool is_pareto = false;         ///< none of the complete ones is better in all three numbers
};

/// One promise of a finalist.
struct FinalPromise {
  std::size_t day = 0;
  std::string name;          ///< "black_friday: checkout p99"
  models::SloConfig promise;
  double limit = 0;
  std::vector<double> values;  ///< [replication]
  KeptPromise kept;
  double margin = 0;         ///< 1 - tightness of the mean: what is left of the limit
  std::string bottleneck;
};

/// A configuration that ran whole days with customers the search had not seen.
struct Finalist {
  std::string role;          ///< "winner", "runner-up", "today"
  std::string label;
  std::optional<std::size_t> candidate;  ///< empty: today's platform
  std::vector<FinalPromise> promises;
  Verdict verdict = Verdict::undecided;
  std::vector<double> costs; ///< [replication], USD a month of the year's mix
  Interval month;
  double month_bill = 0;     ///< of it, without orders lost
  double lost_value = 0;     ///< USD a month
  std::size_t replications = 0;
  std::optional<Availability> year;  ///< what failures cost, if it was asked for
};

struct SearchStep {
  std::string candidate;
  std::string outcome;
  double pages = 0;          ///< simulated until then
  double best = 0;           ///< USD a month by estimate; 0: none yet
};

/// What would have to be given up.
struct Relaxation {
  std::string promise;
  double limit = 0;
  double needed = 0;
  models::SloConfig config;
  std::string label;
  double month = 0;
};

/// `part`: one shard's share of the work is done, the verdict is left to a call with all of it.
enum class TuningVerdict : std::uint8_t { found, none, undecided, interrupted, part };
SHOPSIM_ENUM_NAMES(TuningVerdict, "found", "none", "undecided", "interrupted", "part")

struct TuningResult {
  TuningVerdict verdict = TuningVerdict::interrupted;
  CandidateCount count;
  std::vector<CandidateRecord> candidates;
  std::vector<Finalist> finalists;      ///< winner, runner-up (if any), today
  std::vector<SearchStep> steps;
  std::vector<Relaxation> relaxations;  ///< when there is no winner; the cheapest first
  std::string why;                      ///< one sentence
  std::string overturn;                 ///< one sentence
  double confidence = 0.95;
  bool is_selected = false;             ///< KN has decided between winner and runner-up
  double search_pages = 0;
  double final_pages = 0;
  std::size_t units = 0;

  [[nodiscard]] const Finalist* finalist(std::string_view role) const;
  [[nodiscard]] std::size_t in_state(CandidateState state) const;
};

/// Goes up when a reader of the old layout of the results file would misread the new one.
inline constexpr std::int64_t kTuningFormat = 1;

/// Attributes of the results file's root.
std::vector<RootText> tuning_texts(const TuningProblem& problem, const TuningResult& result,
                                   const std::string& program_version);

/// The tables of the results file: /tuning/candidates, /tuning/finalists, /tuning/promises,
/// /tuning/steps, /tuning/relaxations (docs/hdf5.md).
std::vector<NamedTable> tuning_tables(const TuningProblem& problem, const TuningResult& result);

/// The platform file with only the winner's values changed; comments and order are kept.
/// `changes`: the `--set` values the platform was loaded with.
std::optional<std::string> winner_text(const TuningProblem& problem, const Choices& choices,
                                       const std::vector<std::string>& changes,
                                       sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
