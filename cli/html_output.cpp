#include "cli/html_output.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "analysis/html_report.hpp"
#include "analysis/report_differences.hpp"

namespace shopsim::cli {

namespace {

/// Writes under a name of its own and renames, so that an older file stays until the new one is
/// complete.
bool write_file(const std::string& path, std::string_view text, sim::Diagnostics& diagnostics) {
  const std::filesystem::path target(path);
  std::error_code error;
  if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), error);
  const std::string temporary = path + ".partial";
  errno = 0;
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (file && std::rename(temporary.c_str(), path.c_str()) == 0) return true;
  const int cause = errno;
  std::remove(temporary.c_str());
  diagnostics.error("output-not-writable", {path},
                    "the report cannot be written: " +
                        std::generic_category().message(cause != 0 ? cause : EIO),
                    "choose another file, or make its folder writable");
  return false;
}

/// The first that cannot be read on its own.
const analysis::ResultsReader& damaged_one(std::span<const analysis::ResultsReader> results) {
  for (const analysis::ResultsReader& one : results) {
    try {
      analysis::html_report({&one, 1});
      analysis::report::read_quantities(one);  // a page of one run needs less than a comparison
    } catch (const analysis::Hdf5Error&) {
      return one;
    }
  }
  return results.front();
}

}  // namespace

void check_report_place(const std::string& path, sim::Diagnostics& diagnostics) {
  std::error_code error;
  const std::filesystem::path target(path);
  if (std::filesystem::is_directory(target, error)) {
    diagnostics.error("output-not-writable", {path}, "the report's name is that of a folder",
                      "name a file in it");
  } else if (write_file(path + ".check", "", diagnostics)) {
    std::remove((path + ".check").c_str());
  }
}

bool write_html_report(std::span<const analysis::ResultsReader> results, const std::string& path,
                       sim::Diagnostics& diagnostics) {
  try {
    return write_file(path, analysis::html_report(results), diagnostics);
  } catch (const analysis::Hdf5Error& error) {
    diagnostics.error("results-damaged", {damaged_one(results).path()},
                      std::string("the file is damaged: ") + error.what(),
                      "run the scenario again");
    return false;
  }
}

}  // namespace shopsim::cli
