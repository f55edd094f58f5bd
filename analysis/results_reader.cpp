#include "analysis/results_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>

#include "analysis/promises.hpp"
#include "analysis/results_writer.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool has_signature(const std::string& path) {
  constexpr std::array<char, 8> expected = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
  std::array<char, 8> found{};
  std::ifstream file(path, std::ios::binary);
  file.read(found.data(), found.size());
  return file.gcount() == std::streamsize{8} && found == expected;
}

/// Whether the file is a place to look into at all.
bool can_be_hdf5(const std::string& path, sim::Diagnostics& diagnostics) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    diagnostics.error("results-missing", {path}, "there is no such file",
                      "`shopsim run SCENARIO` writes one below results/");
    return false;
  }
  if (std::filesystem::is_directory(path, error)) {
    diagnostics.error("results-foreign", {path}, "this is a folder, not a results file",
                      "name the files in it");
    return false;
  }
  if (!has_signature(path)) {
    diagnostics.error("results-foreign", {path}, "this is no HDF5 file",
                      "results files are what `shopsim run -o FILE` writes");
    return false;
  }
  return true;
}

bool has_our_format(const std::string& path, const Hdf5Store& store,
                    sim::Diagnostics& diagnostics) {
  const auto format = store.root_text("format");
  if (format == "shopsim tuning") {
    diagnostics.error("results-foreign", {path}, "this is the result of a search, not of a run",
                      "notebooks/05_tuning.ipynb shows it; run its winner for a report");
    return false;
  }
  if (format != "shopsim results") {
    diagnostics.error("results-foreign", {path}, "this HDF5 file was not written by shopsim run",
                      "results files are what `shopsim run -o FILE` writes");
    return false;
  }
  const std::int64_t version = store.root_number("format_version").value_or(0);
  if (version == kResultsFormat) return true;
  const bool older = version < kResultsFormat;
  diagnostics.error("results-format", {path},
                    "the file has the " + std::string(older ? "older" : "newer") + " format " +
                        std::to_string(version) + ", this program reads " +
                        std::to_string(kResultsFormat),
                    older ? "run the scenario again" : "use the program that wrote it");
  return false;
}

}  // namespace

Band band_of(const PerReplication& values) {
  Band band;
  const std::size_t periods = values.empty() ? 0 : values.front().size();
  for (std::size_t period = 0; period < periods; ++period) {
    double low = kNone, high = kNone, sum = 0;
    std::size_t count = 0;
    for (const auto& replication : values) {
      const double value = replication[period];
      if (std::isnan(value)) continue;
      low = count == 0 ? value : std::min(low, value);
      high = count == 0 ? value : std::max(high, value);
      sum += value;
      ++count;
    }
    band.low.push_back(low);
    band.mean.push_back(count == 0 ? kNone : sum / static_cast<double>(count));
    band.high.push_back(high);
  }
  return band;
}

ResultsReader::ResultsReader(std::string path, Hdf5Store store)
    : path_(std::move(path)), store_(std::move(store)) {}

std::optional<ResultsReader> ResultsReader::open(const std::string& path,
                                                 sim::Diagnostics& diagnostics) {
  if (!can_be_hdf5(path, diagnostics)) return std::nullopt;
  try {
    Hdf5Store store = Hdf5Store::open(path);
    if (!has_our_format(path, store, diagnostics)) return std::nullopt;
    ResultsReader reader(path, std::move(store));
    reader.read_frame();
    return reader;
  } catch (const Hdf5Error& error) {
    const std::string message = error.what();
    if (message.find("lock file") != std::string::npos) {
      diagnostics.error("results-busy", {path}, "another program is writing this file",
                        "try again when it has finished");
    } else {
      diagnostics.error("results-damaged", {path}, "the file is damaged or cut off: " + message,
                        "copy it again, or run the scenario again");
    }
    return std::nullopt;
  }
}

std::string ResultsReader::text(std::string_view attribute) const {
  return store_.root_text(attribute).value_or("");
}

void ResultsReader::read_frame() {
  const auto replications = store_.root_number("replications").value_or(0);
  start_of_day_seconds_ = store_.root_number("start_of_day_s").value_or(0);
  period_seconds_ = store_.number_attribute("/start_s", "period_s").value_or(0);
  const Table classes = table("classes");
  if (const auto* names = classes.find<std::string>("name")) classes_ = *names;
  const Hdf5Array array = store_.open_array("/start_s");
  const Extent extent = array.extent();
  if (extent.size() != 2 || replications < 1 ||
      extent[0] != static_cast<std::uint64_t>(replications) || !(period_seconds_ > 0)) {
    throw Hdf5Error("the periods do not belong to the replications");
  }
  replications_ = static_cast<std::size_t>(extent[0]);
  std::vector<double> values(extent[0] * extent[1]);
  array.read({0, 0}, extent, std::span<double>(values));
  starts_.assign(extent[1], kNone);
  for (std::size_t r = 0; r < replications_; ++r) {
    std::size_t length = 0;
    while (length < extent[1] && !std::isnan(values[r * extent[1] + length])) {
      starts_[length] = values[r * extent[1] + length];
      ++length;
    }
    lengths_.push_back(length);
  }
}

PerReplication ResultsReader::series(const std::string& path) const {
  const Hdf5Array array = store_.open_array(path);
  const Extent extent = array.extent();
  if (extent != Extent{replications_, starts_.size()}) throw Hdf5Error(path + " has another shape");
  PerReplication result(replications_, std::vector<double>(starts_.size()));
  for (std::size_t r = 0; r < replications_; ++r) {
    array.read({r, 0}, {1, starts_.size()}, std::span<double>(result[r]));
    std::fill(result[r].begin() + static_cast<std::ptrdiff_t>(lengths_[r]), result[r].end(), kNone);
  }
  return result;
}

PerReplication ResultsReader::metric(const std::string& space, const std::string& name,
                                     const std::string& percentile) const {
  const std::string group = "/metrics/" + space + "/" + name;
  const auto dimensions = store_.members(group);
  if (dimensions.empty()) return {};
  if (percentile.empty()) return series(group + "/" + dimensions.front());
  const auto wanted = std::find_if(
      dimensions.begin(), dimensions.end(),
      [&](const std::string& one) { return one.ends_with('.' + percentile); });
  return wanted == dimensions.end() ? PerReplication{} : series(group + "/" + *wanted);
}

std::vector<std::uint32_t> ResultsReader::histogram(const Hdf5Array& array,
                                                    std::uint64_t replication) const {
  const std::uint64_t bins = sim::Histogram::bins();
  if (array.extent() != Extent{replications_, starts_.size(), bins}) {
    throw Hdf5Error("a latency histogram has another shape");
  }
  std::vector<std::uint32_t> counts(starts_.size() * bins);
  array.read({replication, 0, 0}, {1, starts_.size(), bins}, std::span<std::uint32_t>(counts));
  return counts;
}

ClassLatency ResultsReader::latency(const std::string& request_class,
                                    const std::vector<double>& quantiles,
                                    std::size_t window) const {
  const std::size_t bins = sim::Histogram::bins();
  const PerReplication nothing(replications_, std::vector<double>(starts_.size(), kNone));
  ClassLatency result{std::vector(quantiles.size(), nothing), std::vector<std::uint64_t>(bins)};
  const Hdf5Array array = store_.open_array("/latency/" + request_class + "/histogram");
  for (std::size_t r = 0; r < replications_; ++r) {
    const auto counts = histogram(array, r);
    for (std::size_t i = 0; i < counts.size(); ++i) result.counts[i % bins] += counts[i];
    std::vector<std::uint64_t> sum(bins);
    std::uint64_t total = 0;
    const auto combine = [&](std::size_t period, auto operation) {
      for (std::size_t bin = 0; bin < bins; ++bin) {
        const std::uint64_t count = counts[period * bins + bin];
        sum[bin] = operation(sum[bin], count);
        total = operation(total, count);
      }
    };
    for (std::size_t end = 1; end <= lengths_[r]; ++end) {
      combine(end - 1, std::plus<>{});
      if (end > window) combine(end - window - 1, std::minus<>{});
      if (end < window || total == 0) continue;
      for (std::size_t q = 0; q < quantiles.size(); ++q) {
        result.quantiles[q][r][end - window] = quantile_of_bins(sum, total, quantiles[q]);
      }
    }
  }
  return result;
}

}  // namespace shopsim::analysis
