#pragma once
/// Writes a folder so that it is either complete or not there: into a temporary sibling first, then
/// renamed.
#include <cstdint>
#include <filesystem>
#include <vector>

#include "generator/deployment.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator {

enum class Overwrite : std::uint8_t { refuse, replace };

/// Whether the folder could be written now: it is absent, empty, or may be replaced.
bool may_write(const std::filesystem::path& folder, Overwrite overwrite,
               sim::Diagnostics& diagnostics);

/// Writes the files; on any failure the folder is as it was. With `replace`, what was in the folder
/// is gone afterwards. Returns whether it was written.
bool write_folder(const std::filesystem::path& folder, const std::vector<DeploymentFile>& files,
                  Overwrite overwrite, sim::Diagnostics& diagnostics);

}  // namespace shopsim::generator
