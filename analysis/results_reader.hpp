#pragma once
/// Reads a results file of `shopsim run` back into values (layout: docs/hdf5.md). A file that is
/// missing, foreign, damaged, being written or of another format is one diagnostic at opening.
/// Later reads throw Hdf5Error when a part of the file turns out to be damaged.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/hdf5_store.hpp"
#include "analysis/table.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::analysis {

/// One series over replications: of every period the least, mean and most of those replications
/// that have a number there; NaN where none has.
struct Band {
  std::vector<double> low, mean, high;  ///< [period]
};

/// Values per replication and period, NaN where there is none.
using PerReplication = std::vector<std::vector<double>>;  ///< [replication][period]

Band band_of(const PerReplication& values);

struct ClassLatency {
  /// Seconds: quantiles[i] of the sliding window that begins at each period. NaN where nothing was
  /// answered or the window is cut by the run's end.
  std::vector<PerReplication> quantiles;
  std::vector<std::uint64_t> counts;  ///< [bin] over all replications and periods
};

class ResultsReader {
 public:
  /// Codes: results-missing, results-foreign, results-damaged, results-busy, results-format.
  static std::optional<ResultsReader> open(const std::string& path,
                                           sim::Diagnostics& diagnostics);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// A text attribute of the root; empty if there is none.
  [[nodiscard]] std::string text(std::string_view attribute) const;
  [[nodiscard]] std::size_t replications() const { return replications_; }
  [[nodiscard]] std::int64_t start_of_day_seconds() const { return start_of_day_seconds_; }
  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
  /// Begin of each period in seconds, of the longest replication.
  [[nodiscard]] const std::vector<double>& starts() const { return starts_; }
  [[nodiscard]] double period_seconds() const { return period_seconds_; }

  [[nodiscard]] Table table(const std::string& name) const {
    return store_.read_table("/" + name);
  }
  /// A series below the root; NaN where a replication had ended.
  [[nodiscard]] PerReplication series(const std::string& path) const;
  /// The metric's series, whatever its dimensions; empty if it is not in the file. `percentile`,
  /// such as `p99`, asks for one that is recorded beside the metric's own number.
  [[nodiscard]] PerReplication metric(const std::string& space, const std::string& name,
                                      const std::string& percentile = {}) const;
  [[nodiscard]] bool has(const std::string& path) const { return store_.exists(path); }

  /// `window`: periods, at least 1. Reads the class's histogram once, a replication at a time.
  [[nodiscard]] ClassLatency latency(const std::string& request_class,
                                     const std::vector<double>& quantiles,
                                     std::size_t window) const;

 private:
  ResultsReader(std::string path, Hdf5Store store);
  void read_frame();
  [[nodiscard]] std::vector<std::uint32_t> histogram(const Hdf5Array& array,
                                                     std::uint64_t replication) const;

  std::string path_;
  Hdf5Store store_;
  std::size_t replications_ = 0;
  std::int64_t start_of_day_seconds_ = 0;
  std::vector<std::string> classes_;
  std::vector<double> starts_;
  std::vector<std::size_t> lengths_;  ///< [replication]: periods it has
  double period_seconds_ = 60;
};

}  // namespace shopsim::analysis
