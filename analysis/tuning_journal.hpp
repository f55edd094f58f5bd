#pragma once
/// Finished units in a file that only grows: one line of JSON each, the first line says what they
/// belong to. A tuner that was killed at any moment finds them again; a line that was cut off by
/// the kill is dropped. Numbers are written so that they read back bit by bit, hence a resumed
/// search ends in the same bytes.
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "analysis/tuning_unit.hpp"

namespace shopsim::analysis {

/// A unit's result as one line, and back; nothing: the line is no result.
std::string unit_to_line(const std::string& key, const UnitResult& result);
std::optional<std::pair<std::string, UnitResult>> line_to_unit(const std::string& line);

class TuningJournal {
 public:
  /// Reads what is there. `identity` names everything a unit's result depends on; a journal with
  /// another one is refused (code: other-journal) and not touched. An empty path keeps the units
  /// in memory only.
  static std::optional<TuningJournal> open(const std::string& path, const std::string& identity,
                                           sim::Diagnostics& diagnostics);

  [[nodiscard]] const UnitResult* find(const std::string& key) const;
  /// Throws std::system_error when it cannot be written.
  void add(const std::string& key, const UnitResult& result);
  [[nodiscard]] std::size_t units() const { return units_.size(); }

 private:
  TuningJournal() = default;
  bool read(const std::string& path, const std::string& head, sim::Diagnostics& diagnostics);

  std::string path_;
  std::ofstream stream_;
  std::map<std::string, UnitResult> units_;
};

/// The units of several journals of one search as the text of one. Nothing, with findings, if one
/// is no journal, is damaged, belongs to another search (other-journal), or if two hold different
/// results of one unit (other-result).
std::optional<std::string> merge_journals(const std::vector<std::string>& paths,
                                          sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
