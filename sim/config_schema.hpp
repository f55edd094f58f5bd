#pragma once
/// What editors and people are told about a described struct: a JSON schema, and the answer to
/// `shopsim explain KEY`.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/field_tree.hpp"

namespace shopsim::sim {

/// The JSON schema (draft 2020-12) of the fields, two spaces of indentation, keys in field order.
/// A document the reader accepts is valid against it; bounds of quantities stand in descriptions
/// only, because JSON schema cannot compare `5 min` with `300 s`.
std::string json_schema_of(const FieldTree& tree, std::string_view title);

/// What is known of one field or section, as text; what does not apply is empty.
struct FieldFacts {
  std::string meaning;
  std::string form;   ///< how a value is written
  std::string range;
  std::string keys;   ///< of a section or of a list's sections
  std::string written_default;
  std::string source;
  std::string confidence;
  std::string influences;
  bool tunable = false;
  bool is_number = false;  ///< which may be drawn (drawn_value.hpp)
};

/// Nothing if there is no such field.
std::optional<FieldFacts> facts_of(const FieldTree& tree, std::string_view dotted_key);

/// Meaning, accepted form, range, default, source, confidence and influence of a field or section,
/// several lines; no value if there is no such field.
std::optional<std::string> explanation_of(const FieldTree& tree, std::string_view dotted_key);

template <class T>
std::string json_schema(const T& defaults, std::string_view title) {
  return json_schema_of(field_tree(defaults), title);
}

template <class T>
std::optional<std::string> explain_field(const T& defaults, std::string_view dotted_key) {
  return explanation_of(field_tree(defaults), dotted_key);
}

/// The dotted paths of all fields that take a value, in the order of the lists; list items as `[]`.
template <class T>
std::vector<std::string> field_paths(const T& defaults) {
  return paths_of(field_tree(defaults).root);
}

}  // namespace shopsim::sim
