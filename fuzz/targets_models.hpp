#pragma once
/// Fuzzed: files of arrivals.
#include <cstdint>
#include <numeric>
#include <string_view>

#include "fuzz/input_file.hpp"
#include "models/trace.hpp"

namespace shopsim::fuzz {

/// A file of arrivals: it is read, every count at least 0, or refused with a finding.
inline void trace(std::string_view input) {
  const InputFile file(input, ".csv");
  for (const auto gaps : {models::TraceGaps::refuse, models::TraceGaps::zero}) {
    sim::Diagnostics diagnostics;
    const models::TraceConfig config{.file = file.path().string(), .gaps = gaps};
    const auto read = models::read_trace(file.path(), config, {"scenario.yaml", 1, 1}, diagnostics);
    SHOPSIM_CHECK(read.has_value() || diagnostics.has_errors(), "refused without a finding");
    static_cast<void>(sim::to_text(diagnostics));
    if (!read) continue;
    std::uint64_t total = 0;
    for (const std::int32_t count : read->counts) {
      SHOPSIM_CHECK(count >= 0, "a count below 0");
      total += static_cast<std::uint64_t>(count);
    }
    SHOPSIM_CHECK(total == read->total, "the counts do not add up");
  }
}

}  // namespace shopsim::fuzz
