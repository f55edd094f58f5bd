#pragma once
/// Counts of arrivals per bin, read from a file: a measured day instead of a drawn one.
///
/// Format: CSV, one bin a line. The count is the last column, a number of at least 0 (rounded).
/// The first line may be a header. With several columns the first is the bin's time
/// (`2026-11-27 20:00:00`, seconds, or an index); times must rise by one bin a line.
/// A blank count and a jump over bins are gaps: errors, unless the scenario says `gaps: zero`.
/// Memory: 4 bytes a bin, at most kTraceBins bins. Compressed files are not read.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "models/scenario.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::models {

inline constexpr std::size_t kTraceBins = 20'000'000;

struct Trace {
  sim::Duration bin;
  std::vector<std::int32_t> counts;  ///< [bin], oldest first, as in the file
  std::uint64_t total = 0;
};

/// Reads a trace. `path` is the file, `place` where the scenario names it. Errors stand at the
/// trace's own lines; after 20 of them the rest is only counted.
[[nodiscard]] std::optional<Trace> read_trace(const std::filesystem::path& path,
                                              const TraceConfig& config, const sim::Place& place,
                                              sim::Diagnostics& diagnostics);

}  // namespace shopsim::models
