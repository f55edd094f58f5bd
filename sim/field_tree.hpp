#pragma once
/// What is known of every field of a described struct, as a tree of plain values: the source of
/// the JSON schema, of `explain` and of the list of paths.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config_writer.hpp"
#include "sim/document.hpp"
#include "sim/value_kind.hpp"

namespace shopsim::sim {

/// One field. A section's children are its fields; a list has one child, its element; a variant has
/// one child per alternative, a section named by its tag.
struct FieldNode {
  ValueKind kind = ValueKind::section;
  std::string key;  ///< empty: an element of a list, or a variant that is one
  std::string meaning;
  std::string source;
  std::string influences;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  Confidence confidence = Confidence::assumption;
  bool required = false;
  bool tunable = false;
  bool optional = false;
  std::string default_text;  ///< of a single value, as written; empty for an absent optional
  std::vector<std::string> names;  ///< of a choice
  std::vector<FieldNode> children;
};

/// The tree of a struct's fields, and its defaults as a document.
struct FieldTree {
  FieldNode root;
  Document defaults;
};

/// The visitor behind `field_tree`. A variant shows one alternative at a time, so the struct is
/// visited in passes until `complete()`.
class FieldTreeBuilder final : public FieldVisitor {
 public:
  FieldTreeBuilder();

  /// Before each visit of a fresh copy of the struct.
  void begin_pass();
  [[nodiscard]] bool complete() const { return !more_; }
  FieldNode take_root() { return std::move(root_); }

  void value(const Field& field, bool& value) override;
  void value(const Field& field, std::int64_t& value) override;
  void value(const Field& field, double& value) override;
  void value(const Field& field, std::string& value) override;
  void value(const Field& field, Duration& value) override;
  void value(const Field& field, Bytes& value) override;
  void value(const Field& field, Rate& value) override;
  void value(const Field& field, BitRate& value) override;
  void value(const Field& field, Money& value) override;
  void value(const Field& field, Fraction& value) override;
  void value(const Field& field, ClockTime& value) override;
  void value(const Field& field, DurationDistribution& value) override;
  void value(const Field& field, SizeDistribution& value) override;
  void value(const Field& field, MoneyDistribution& value) override;
  void value(const Field& field, CountDistribution& value) override;
  void choice(const Field& field, std::span<const std::string_view> names,
              std::size_t& index) override;
  bool enter_section(const Field& field) override;
  void leave_section() override;
  bool enter_optional(const Field& field, bool present) override;
  std::size_t enter_list(const Field& field, std::size_t length) override;
  void leave_list() override;
  void enter_item(std::size_t index) override;
  void leave_item() override;
  std::size_t enter_variant(const Field& field, std::span<const std::string_view> names,
                            std::size_t index) override;

 private:
  /// An open node. Nodes below the last one on the stack do not move while it is open.
  struct Open {
    FieldNode* node = nullptr;
    std::string path;
    bool alternative = false;  ///< a variant's section: closing it closes the variant too
    bool inner_pending = false;  ///< a variant inside has alternatives that were not seen
  };
  struct Progress {
    std::size_t next = 0;
    std::size_t count = 0;
  };

  FieldNode& node_of(const Field& field, ValueKind kind);
  void leaf(const Field& field, ValueKind kind, std::string default_text);
  void open(FieldNode& node, const std::string& key);
  void close();

  FieldNode root_;
  std::vector<Open> open_;
  std::map<std::string, Progress> progress_;  ///< of each variant, by path
  bool section_is_alternative_ = false;
  bool absent_optional_ = false;
  bool more_ = true;
};

/// The tree of a struct whose values are the defaults.
template <class T>
FieldTree field_tree(const T& defaults) {
  FieldTreeBuilder builder;
  while (!builder.complete()) {
    T copy = defaults;
    builder.begin_pass();
    copy.describe(builder);
  }
  FieldTree tree;
  tree.root = builder.take_root();
  Diagnostics found;
  auto document = parse_document(to_canonical_yaml(defaults), "defaults", found);
  if (document) tree.defaults = std::move(*document);
  return tree;
}

/// The field at a path. Indices of lists may be left out: `faults[0].at`, `faults[].at` and
/// `faults.at` are the same field. nullptr if there is none.
const FieldNode* find_field(const FieldNode& root, std::string_view dotted_path);

/// The paths of all fields that take a value, in the order of the lists: `faults[].zone_loss.zone`.
std::vector<std::string> paths_of(const FieldNode& root);

}  // namespace shopsim::sim
