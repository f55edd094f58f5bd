#pragma once
/// Writes several files together: all of them, or none is touched.
#include <string>
#include <vector>

#include "sim/diagnostic.hpp"

namespace shopsim::cli {

struct OutputFile {
  std::string path;
  std::string text;
};

struct OutputOptions {
  bool overwrite = false;           ///< whether files that exist may be replaced
  std::vector<std::string> inputs;  ///< never to be overwritten
};

/// Every file is written beside its place first and renamed when all are complete. What cannot be
/// done is an error, and then no file has changed.
void write_files(const std::vector<OutputFile>& files, const OutputOptions& options,
                 sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
