#pragma once
/// Writes one run into an HDF5 file (layout: docs/hdf5.md). The file appears under its name only
/// when it is complete: a killed run leaves the old file or none.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/hdf5_store.hpp"
#include "analysis/replicate.hpp"
#include "analysis/table.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::analysis {

/// Goes up when a reader of the old layout would misread the new one.
inline constexpr std::int64_t kResultsFormat = 1;

/// What one entry of PeriodRecord::metrics is.
struct MetricDescription {
  std::string name_space;  ///< e.g. "AWS/EC2"
  std::string name;        ///< e.g. "CPUUtilization"
  std::string dimensions;  ///< e.g. "AutoScalingGroupName=web"; empty: none; a further statistic
                           ///< of a metric has its name behind a dot: "LoadBalancer.p99"
  std::string unit;
  std::string statistic;
};

/// All metrics of the models and their recorded percentiles, in the order of PeriodRecord::metrics.
std::vector<MetricDescription> all_metric_descriptions();

/// What a run was made of: canonical inputs only, nothing of the machine, the clock or threads.
struct RunDescription {
  std::string program_version;
  std::string scenario_name;
  std::string scenario_yaml;  ///< resolved, with all defaults
  std::string platform_yaml;
  std::uint64_t seed = 0;
  sim::Duration start_of_day;  ///< local clock time at simulated time 0
  std::vector<std::string> class_names;
  std::vector<MetricDescription> metrics;
};

/// A text attribute of a file's root.
struct RootText {
  std::string name;
  std::string text;
};

class ResultsFile {
 public:
  /// Makes the folder if needed and opens a temporary file beside `path`, so that a place that
  /// cannot be written is found before the simulation starts. Code: output-not-writable.
  static std::optional<ResultsFile> create(const std::string& path, sim::Diagnostics& diagnostics);
  ResultsFile(ResultsFile&&) noexcept;
  ResultsFile& operator=(ResultsFile&&) = delete;
  /// Removes the temporary file unless `commit` was called.
  ~ResultsFile();

  /// Writes everything. `tables` become datasets of their name at the root ("slo", "cost", ...).
  /// Reads each replication's periods twice; memory does not depend on the run's length.
  void write(const RunDescription& run, std::span<const Replication> replications,
             std::span<const NamedTable> tables);
  /// A file of another kind than a run's: attributes of the root, and tables by path below it.
  void write(std::int64_t format_version, std::span<const RootText> texts,
             std::span<const NamedTable> tables);
  /// Closes, syncs and renames to the final name. Throws Hdf5Error or std::system_error.
  void commit();

 private:
  ResultsFile(std::string path, std::string temporary, Hdf5Store store);
  std::string path_;
  std::string temporary_;
  std::optional<Hdf5Store> store_;
};

/// Scaling activities, alarms, faults, notifications, saturation, totals and use of all
/// replications as tables: scaling_activities, alarms, faults, notifications, saturation, summary,
/// usage.
std::vector<NamedTable> event_tables(std::span<const Replication> replications);

}  // namespace shopsim::analysis
