#pragma once
/// Tells scenario, platform, space, season and results files apart by their content.
#include <cstdint>
#include <string>

#include "sim/diagnostic.hpp"

namespace shopsim::cli {

enum class FileKind : std::uint8_t { scenario, platform, space, season, results };

/// A space (docs/tune.md) has `tunables`, a season `season`. A platform has none of a scenario's
/// own top-level keys (traffic, clients, slos, ...) and at least one of its own (web, database,
/// network, ...). Results are HDF5 files. What cannot be read counts as a scenario: loading it says
/// what is wrong.
FileKind kind_of_file(const std::string& file);

/// Whether a verb that simulates one scenario may read the file; of another kind it says what reads
/// it.
bool expect_scenario(const std::string& file, sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
