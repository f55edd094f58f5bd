#pragma once
/// Finished replications of a run in a file that only grows. A run that was killed at any moment
/// finds them again; what the kill cut off is dropped. Summaries and periods come back bit by bit,
/// so that a resumed run, or one put together from shards, ends in the same bytes.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "analysis/replicate.hpp"
#include "models/load.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::analysis {

/// Everything a replication of this scenario depends on, as a hash. How many replications are
/// wanted is no part of it.
std::string run_identity(const models::LoadedScenario& loaded, const std::string& program_version);

class RunJournal {
 public:
  /// Reads what is there; null, with a finding, if the journal has another identity
  /// (other-journal), is damaged (damaged-journal) or cannot be written (output-not-writable).
  static std::unique_ptr<RunJournal> open(const std::string& path, const std::string& identity,
                                          sim::Diagnostics& diagnostics);

  [[nodiscard]] bool has(std::uint32_t replication) const;
  /// Hands the periods of one it has to the sink, as the run did. Throws std::system_error when
  /// the file cannot be read.
  models::RunSummary play(std::uint32_t replication, models::PeriodSink& sink) const;
  /// Keeps a finished one unless it has it. Throws std::system_error when it cannot be written.
  void add(const Replication& replication);
  /// Ascending.
  [[nodiscard]] std::vector<std::uint32_t> replications() const;

 private:
  /// Where a replication's bytes lie in the file.
  struct Frame {
    std::uint64_t begin = 0;
    std::uint64_t summary = 0;   ///< bytes
    std::uint64_t periods = 0;   ///< bytes, behind the summary
    std::uint64_t records = 0;
  };

  std::filesystem::path path_;
  std::ofstream stream_;
  mutable std::mutex mutex_;
  std::map<std::uint32_t, Frame> frames_;  ///< [replication]
};

/// Whether a file begins as a run's journal does.
bool is_run_journal(const std::string& path);

/// Several journals of one run as the text of one, replications in ascending order. Nothing, with
/// findings, if one is no journal (no-journal), is damaged, belongs to another run (other-journal),
/// or if two hold different results of one replication (other-result).
std::optional<std::string> merge_run_journals(const std::vector<std::string>& paths,
                                              sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
