#pragma once
/// The two documents under construction, with the reasons collected on the way.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "requirements/settings.hpp"
#include "requirements/yaml_writer.hpp"
#include "sim/document.hpp"

namespace shopsim::requirements {

class Builder {
 public:
  Builder(const BuildInput& input, sim::Diagnostics& diagnostics);

  /// Puts a value at a path. List items are named: `alarms[web-cpu].threshold`. Returns whether
  /// the item is there.
  bool set(const Setting& setting);
  /// Records that a list's item is wanted, for a reason.
  void keep(const std::string& path, const std::vector<std::string>& reasons);
  /// Adds reasons to a section.
  void add_reasons(const std::string& section, const std::vector<std::string>& reasons);
  /// Replaces a list of texts.
  void set_list(const Setting& setting, const std::vector<std::string>& values);
  /// Adds an item to a list of mappings; fields in order.
  void add_item(const std::string& list,
                const std::vector<std::pair<std::string, std::string>>& fields,
                const std::vector<std::string>& reasons);
  /// Removes items nobody keeps and writes both files.
  Built finish();

  [[nodiscard]] std::vector<std::string> reasons_of(const Fact& fact) const;
  [[nodiscard]] std::string text_at(std::string_view path) const;

 private:
  struct File {
    sim::Document document;
    Comments comments;
    std::set<std::string> kept;  ///< `alarms[web-cpu]`
  };

  File& file_of(std::string_view& path);
  static std::string resolved(const File& file, std::string_view path);
  static void put(sim::Node& root, std::string_view path, sim::Node value);
  void prune(File& file, const std::vector<std::string>& lists);
  void write_reasons();
  [[nodiscard]] std::string comment_for(const Setting& setting) const;

  const BuildInput& input_;
  File platform_;
  File scenario_;
  Built built_;
};

/// Reads a base file that is part of the program.
sim::Document read_base(const std::string& text, const std::string& name,
                        sim::Diagnostics& diagnostics);

/// Settings that are computed from several facts: sizes, bounds, promises, traffic.
void apply_computed(Builder& builder, const BuildInput& input, sim::Diagnostics& diagnostics);

}  // namespace shopsim::requirements
