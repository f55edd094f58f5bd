#include "analysis/results_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "analysis/period_series.hpp"
#include "analysis/units.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {
namespace {

using models::PeriodRecord;

constexpr std::uint64_t kBlock = 1440;         ///< periods written at once: a day of minutes
constexpr std::uint64_t kHistogramBlock = 128; ///< periods, and bins, of one histogram chunk

std::uint64_t bins() { return sim::Histogram::bins(); }

/// What must be known of a series of periods before its arrays can be made.
struct SeriesShape {
  std::uint64_t periods = 0;      ///< of the longest replication
  double period_s = 0;
};

struct Shapes {
  SeriesShape coarse;
  SeriesShape fine;
};

Shapes measure(std::span<const Replication> replications) {
  Shapes shapes;
  for (const auto& replication : replications) {
    std::uint64_t counts[2] = {0, 0};
    PeriodReader reader(*replication.periods);
    for (PeriodRecord record; reader.next(record);) {
      auto& shape = record.fine ? shapes.fine : shapes.coarse;
      shape.period_s = std::max(shape.period_s, to_seconds(record.length));
      ++counts[record.fine ? 1 : 0];
    }
    shapes.coarse.periods = std::max(shapes.coarse.periods, counts[0]);
    shapes.fine.periods = std::max(shapes.fine.periods, counts[1]);
  }
  return shapes;
}

/// The number series of one kind of period: filled period by period, written block by block.
class SeriesWriter {
 public:
  SeriesWriter(Hdf5Store& store, const std::string& root, const std::vector<PeriodSeries>& series,
               const SeriesShape& shape, std::uint64_t replications)
      : series_(series), block_(std::min(kBlock, shape.periods)) {
    for (const auto& one : series) {
      arrays_.push_back(store.create_array(root + one.path, {replications, shape.periods},
                                           {1, block_}, one.stored));
      arrays_.back().attribute("unit", one.unit);
      arrays_.back().attribute("statistic", one.statistic);
      arrays_.back().attribute("period_s", shape.period_s);
    }
    values_.resize(series.size() * block_);
  }
  void begin_replication(std::uint64_t replication) {
    replication_ = replication;
    first_ = 0;
    filled_ = 0;
  }
  void add(const PeriodRecord& record) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
      values_[i * block_ + filled_] = series_[i].value(record);
    }
    if (++filled_ == block_) flush();
  }
  void flush() {
    if (filled_ == 0) return;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      arrays_[i].write({replication_, first_}, {1, filled_},
                       std::span<const double>(values_).subspan(i * block_, filled_));
    }
    first_ += filled_;
    filled_ = 0;
  }

 private:
  const std::vector<PeriodSeries>& series_;
  std::uint64_t block_;
  std::vector<Hdf5Array> arrays_;
  std::vector<double> values_;  ///< [series][period of the block]
  std::uint64_t replication_ = 0;
  std::uint64_t first_ = 0;
  std::size_t filled_ = 0;
};

/// The latency histograms of all classes. Chunks without a count are never written: they take no
/// space and read as 0.
class HistogramWriter {
 public:
  HistogramWriter(Hdf5Store& store, const std::string& root,
                  const std::vector<std::string>& class_names, const SeriesShape& shape,
                  std::uint64_t replications)
      : block_(std::min(kHistogramBlock, shape.periods)) {
    for (const auto& name : class_names) {
      arrays_.push_back(store.create_array(root + "/latency/" + name + "/histogram",
                                           {replications, shape.periods, bins()},
                                           {1, block_, kHistogramBlock}, StoredNumber::uint32));
      arrays_.back().attribute("unit", "Count");
      arrays_.back().attribute("statistic", "Histogram");
      arrays_.back().attribute("bin_edges", "/latency/bin_edges_s");
      arrays_.back().attribute("period_s", shape.period_s);
    }
    counts_.resize(class_names.size() * block_ * bins());
  }
  void begin_replication(std::uint64_t replication) {
    replication_ = replication;
    first_ = 0;
    filled_ = 0;
  }
  void add(const PeriodRecord& record) {
    for (std::size_t c = 0; c < arrays_.size(); ++c) {
      const auto& latency = record.classes[c].latency;
      const std::size_t row = (c * block_ + filled_) * bins();
      for (std::size_t i = 0; i < latency.bins.size(); ++i) {
        counts_[row + latency.bins[i]] = latency.counts[i];
      }
    }
    if (++filled_ == block_) flush();
  }
  void flush() {
    if (filled_ == 0) return;
    for (std::size_t c = 0; c < arrays_.size(); ++c) {
      for (std::uint64_t bin = 0; bin < bins(); bin += kHistogramBlock) write_chunk(c, bin);
    }
    first_ += filled_;
    filled_ = 0;
    std::fill(counts_.begin(), counts_.end(), 0U);
  }

 private:
  void write_chunk(std::size_t index, std::uint64_t bin) {
    const std::uint64_t width = std::min(kHistogramBlock, bins() - bin);
    chunk_.clear();
    for (std::size_t period = 0; period < filled_; ++period) {
      const auto* row = &counts_[(index * block_ + period) * bins() + bin];
      chunk_.insert(chunk_.end(), row, row + width);
    }
    if (std::all_of(chunk_.begin(), chunk_.end(), [](auto n) { return n == 0; })) return;
    arrays_[index].write({replication_, first_, bin}, {1, filled_, width},
                         std::span<const std::uint32_t>(chunk_));
  }

  std::uint64_t block_;
  std::vector<Hdf5Array> arrays_;
  std::vector<std::uint32_t> counts_;  ///< [class][period of the block][bin]
  std::vector<std::uint32_t> chunk_;
  std::uint64_t replication_ = 0;
  std::uint64_t first_ = 0;
  std::size_t filled_ = 0;
};

void write_bin_edges(Hdf5Store& store) {
  // The last bin has no end: 1.8e308 would spoil plots, so infinity says what is meant.
  std::vector<double> edges;
  for (std::size_t bin = 0; bin < bins(); ++bin) {
    edges.push_back(to_seconds(sim::Histogram::bin_lower(bin)));
  }
  edges.push_back(std::numeric_limits<double>::infinity());
  auto array = store.create_array("/latency/bin_edges_s", {edges.size()}, {},
                                  StoredNumber::float64);
  array.attribute("unit", "Seconds");
  array.write({0}, {edges.size()}, std::span<const double>(edges));
}

/// One kind of period (one pass over the spools).
void write_periods(Hdf5Store& store, const std::string& root, const RunDescription& run,
                   std::span<const Replication> replications, const SeriesShape& shape,
                   bool fine) {
  std::vector<PeriodSeries> series = period_series(run);
  series.push_back({"/start_s", "Seconds", "Start of the period", StoredNumber::float64,
                    [](const PeriodRecord& r) { return to_seconds(r.start); }});
  SeriesWriter numbers(store, root, series, shape, replications.size());
  HistogramWriter histograms(store, root, run.class_names, shape, replications.size());
  for (std::size_t r = 0; r < replications.size(); ++r) {
    numbers.begin_replication(r);
    histograms.begin_replication(r);
    PeriodReader reader(*replications[r].periods);
    for (PeriodRecord record; reader.next(record);) {
      if (record.fine != fine) continue;
      numbers.add(record);
      histograms.add(record);
    }
    numbers.flush();
    histograms.flush();
  }
}

void write_description(Hdf5Store& store, const RunDescription& run, std::size_t replications) {
  store.root_attribute("format", "shopsim results");
  store.root_attribute("format_version", kResultsFormat);
  store.root_attribute("program_version", run.program_version);
  store.root_attribute("scenario_name", run.scenario_name);
  store.root_attribute("scenario_yaml", run.scenario_yaml);
  store.root_attribute("platform_yaml", run.platform_yaml);
  // As text: HDF5 readers differ on unsigned 64-bit attributes beyond 2^63.
  store.root_attribute("seed", std::to_string(run.seed));
  store.root_attribute("replications", static_cast<std::int64_t>(replications));
  store.root_attribute("start_of_day_s", run.start_of_day.nanoseconds / 1'000'000'000);
  Table classes;
  classes.columns.push_back({"name", run.class_names});
  store.write_table("/classes", classes);
}

void sync_and_rename(const std::string& temporary, const std::string& path) {
  const auto fail = [](const std::string& doing) {
    throw std::system_error(errno, std::generic_category(), doing);
  };
  const int file = open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 || fsync(file) != 0) {
    if (file >= 0) close(file);
    fail("cannot write " + path + " to disk");
  }
  close(file);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) fail("cannot rename to " + path);
  const auto folder = std::filesystem::path(path).parent_path();
  const int directory = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (directory < 0) return;  // the file is complete; only the name's durability is not sure
  fsync(directory);
  close(directory);
}

}  // namespace

ResultsFile::ResultsFile(std::string path, std::string temporary, Hdf5Store store)
    : path_(std::move(path)), temporary_(std::move(temporary)), store_(std::move(store)) {}

ResultsFile::ResultsFile(ResultsFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      store_(std::exchange(other.store_, std::nullopt)) {}

ResultsFile::~ResultsFile() {
  store_.reset();
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

std::optional<ResultsFile> ResultsFile::create(const std::string& path,
                                               sim::Diagnostics& diagnostics) {
  const std::filesystem::path target(path);
  const std::string hint = "choose another file with -o, or make its folder writable";
  std::error_code error;
  if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), error);
  if (error) {
    diagnostics.error("output-not-writable", {path},
                      "the folder of the results file cannot be made: " + error.message(), hint);
    return std::nullopt;
  }
  if (!target.has_filename() || std::filesystem::is_directory(target, error)) {
    diagnostics.error("output-not-writable", {path}, "the results file is a folder", hint);
    return std::nullopt;
  }
  const std::string temporary =
      (target.parent_path() / ("." + target.filename().string() + ".partial")).string();
  const bool existed = std::filesystem::exists(temporary, error);
  try {
    return ResultsFile(path, temporary, Hdf5Store::create(temporary));
  } catch (const Hdf5Error& problem) {
    const int cause = errno;
    diagnostics.error("output-not-writable", {path},
                      "the results file cannot be written: " +
                          std::generic_category().message(cause != 0 ? cause : EIO) +
                          (existed ? " (another run may be writing " + temporary + ")" : ""),
                      hint);
    return std::nullopt;
  }
}

void ResultsFile::write(const RunDescription& run, std::span<const Replication> replications,
                        std::span<const NamedTable> tables) {
  Hdf5Store& store = *store_;
  write_description(store, run, replications.size());
  write_bin_edges(store);
  const Shapes shapes = measure(replications);
  write_periods(store, "", run, replications, shapes.coarse, false);
  if (shapes.fine.periods > 0) {
    write_periods(store, "/fine", run, replications, shapes.fine, true);
  }
  for (const auto& [name, table] : event_tables(replications)) {
    store.write_table("/" + name, table);
  }
  for (const auto& [name, table] : tables) store.write_table("/" + name, table);
}

void ResultsFile::write(std::int64_t format_version, std::span<const RootText> texts,
                        std::span<const NamedTable> tables) {
  store_->root_attribute("format_version", format_version);
  for (const RootText& text : texts) store_->root_attribute(text.name, text.text);
  for (const auto& [name, table] : tables) store_->write_table("/" + name, table);
}

void ResultsFile::commit() {
  store_->close();
  sync_and_rename(temporary_, path_);
  temporary_.clear();
}

}  // namespace shopsim::analysis
