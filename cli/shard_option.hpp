#pragma once
/// `--shard K/N`: one of several calls that share the work.
#include <optional>

#include "analysis/tuning_helpers.hpp"
#include "cli/options.hpp"

namespace shopsim::cli {

/// Nothing if it is not given, or, with a finding (bad-shard), if it is none.
std::optional<analysis::Shard> shard_option(const Arguments& arguments,
                                            sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
