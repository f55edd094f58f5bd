#pragma once
/// Runs units side by side, each once: what the journal has is not run again. The results, and
/// their order, do not depend on threads or on what was in the journal.
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/tuning_helpers.hpp"
#include "analysis/tuning_journal.hpp"
#include "analysis/tuning_problem.hpp"

namespace shopsim::analysis {

struct TuningUnit {
  std::optional<Choices> choices;     ///< empty: today's platform
  std::size_t day = 0;
  std::optional<std::size_t> window;  ///< empty: the whole run
  std::uint32_t replication = 0;
  double stop_factor = 0;
  double traffic = 1;                 ///< factor on the day's traffic
};

/// How far a batch is. For people only.
struct UnitProgress {
  std::size_t finished = 0;
  std::size_t batch = 0;
  double pages = 0;            ///< simulated in all batches
};

struct RunnerOptions {
  unsigned threads = 1;
  UnitHelpers* helpers = nullptr;  ///< run units too, beside the threads
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const UnitProgress&)> progress;  ///< caller's thread, some times a second
};

class UnitRunner {
 public:
  /// `problem` and `journal` must outlive this.
  UnitRunner(const TuningProblem& problem, TuningJournal& journal, RunnerOptions options)
      : problem_(problem), journal_(journal), options_(std::move(options)) {}

  /// Results by index of `units`; nothing when it was interrupted. Throws what a unit throws.
  std::optional<std::vector<UnitResult>> run(const std::vector<TuningUnit>& units);

  /// Of a helper: the answer to a question, a line of the journal or `error: ...`. Nothing when it
  /// was interrupted.
  [[nodiscard]] std::optional<std::string> answer(const std::string& question) const;

  /// Pages of all units asked for so far: the measure of the budget.
  [[nodiscard]] double pages() const { return pages_; }
  [[nodiscard]] std::size_t units() const { return units_; }
  [[nodiscard]] std::size_t from_journal() const { return from_journal_; }

 private:
  class Batch;
  [[nodiscard]] std::string key_of(const TuningUnit& unit) const;
  [[nodiscard]] std::optional<UnitResult> run_one(const TuningUnit& unit) const;

  const TuningProblem& problem_;
  TuningJournal& journal_;
  RunnerOptions options_;
  double pages_ = 0;
  std::size_t units_ = 0;
  std::size_t from_journal_ = 0;
};

}  // namespace shopsim::analysis
