#pragma once
/// A finished replication as bytes, and back: what a run's journal keeps of it.
#include <cstdint>
#include <span>
#include <string>

#include "models/result.hpp"

namespace shopsim::analysis {

/// Every member of the summary. Equal summaries give equal bytes.
std::string summary_bytes(const models::RunSummary& summary);

/// The summary that gave these bytes; they must be whole.
models::RunSummary bytes_summary(std::span<const std::uint8_t> bytes);

/// A text that changes when the layout of a replication's bytes does: the number of metrics,
/// outcomes, tiers and sums of use.
std::string replication_layout();

}  // namespace shopsim::analysis
