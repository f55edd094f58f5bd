#include "cli/file_kind.hpp"

#include <algorithm>
#include <fstream>

#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/config_schema.hpp"
#include "sim/document.hpp"

namespace shopsim::cli {
namespace {

/// The top-level keys of a described struct.
template <class T>
std::vector<std::string> roots() {
  std::vector<std::string> names;
  for (const std::string& path : sim::field_paths(T{})) {
    names.push_back(path.substr(0, path.find_first_of(".[")));
  }
  return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// By its signature (HDF5 file format, section II.A).
bool is_hdf5(const std::string& file) {
  constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
  std::ifstream input(file, std::ios::binary);
  std::string begin(kSignature.size(), '\0');
  return input.read(begin.data(), static_cast<std::streamsize>(begin.size())) &&
         begin == kSignature;
}

}  // namespace

FileKind kind_of_file(const std::string& file) {
  if (is_hdf5(file)) return FileKind::results;
  sim::Diagnostics ignored;  // the reader of the right kind reports them
  const auto document = sim::read_document(file, ignored);
  if (!document) return FileKind::scenario;
  const auto platform = roots<models::Platform>();
  const auto scenario = roots<models::Scenario>();
  std::size_t of_platform = 0;
  std::size_t of_scenario = 0;
  for (const sim::Key& key : document->root.keys) {
    if (key.text == "tunables") return FileKind::space;
    if (key.text == "season") return FileKind::season;
    const bool in_platform = has(platform, key.text);
    const bool in_scenario = has(scenario, key.text);
    if (in_platform && !in_scenario) ++of_platform;
    if (in_scenario && !in_platform) ++of_scenario;
  }
  return of_platform > of_scenario ? FileKind::platform : FileKind::scenario;
}

bool expect_scenario(const std::string& file, sim::Diagnostics& diagnostics) {
  const FileKind kind = kind_of_file(file);
  if (kind == FileKind::season) {
    diagnostics.error("not-a-scenario", {file, 1, 1}, "this is a season, not a scenario",
                      "shopsim season " + file);
  } else if (kind == FileKind::space) {
    diagnostics.error("not-a-scenario", {file, 1, 1}, "this is a space, not a scenario",
                      "shopsim tune SCENARIO... --space " + file);
  } else if (kind == FileKind::platform) {
    diagnostics.error("not-a-scenario", {file, 1, 1}, "this is a platform, not a scenario",
                      "name a scenario to run on it: SCENARIO --platform " + file);
  } else if (kind == FileKind::results) {
    diagnostics.error("not-a-scenario", {file, 0, 0}, "these are results of a run, not a scenario",
                      "shopsim report " + file);
  }
  return kind == FileKind::scenario;
}

}  // namespace shopsim::cli
