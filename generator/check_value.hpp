#pragma once
/// What does a property of a template come to, as far as that can be known before deployment?
///
/// A resolved value is literal text, or text with references in it: `arn:aws:s3:::${Bucket}/*`
/// stays one text in which the reference is a marked piece. So two texts that name the same thing
/// are equal however they were written (Join, Sub, GetAtt, through parameters of nested stacks).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/document.hpp"

namespace shopsim::generator::checker {

enum class ValueKind : std::uint8_t {
  absent,   ///< not given, or AWS::NoValue
  unknown,  ///< cannot be known: a macro's output, a mapping's entry chosen at deployment
  text,
  list,
  map,
};

/// A piece of text that stands for a resource, one of its attributes, or an unbound parameter.
struct Reference {
  std::size_t stack = 0;       ///< index into the set's stacks
  std::string_view id;         ///< logical id, or a parameter's name
  std::string_view attribute;  ///< empty: Ref

  [[nodiscard]] bool operator==(const Reference&) const = default;
};

/// One resolved value with everything below it and where it stands.
struct Value {
  ValueKind kind = ValueKind::absent;
  std::string text;                    ///< of text; references are marked, see reference_text()
  std::vector<std::string_view> keys;  ///< [entry] of a map, in the file's order
  std::vector<Value> items;            ///< [entry] of a map or [item] of a list
  const sim::Node* node = nullptr;     ///< where it is written
  std::size_t stack = 0;               ///< index of the stack whose file holds `node`

  [[nodiscard]] bool given() const { return kind != ValueKind::absent; }
  [[nodiscard]] bool is_text() const { return kind == ValueKind::text; }
  [[nodiscard]] bool is_list() const { return kind == ValueKind::list; }
  [[nodiscard]] bool is_map() const { return kind == ValueKind::map; }
  /// Text without references in it.
  [[nodiscard]] bool is_literal() const;
  /// Literal text equal to `word`; booleans and numbers are compared as written.
  [[nodiscard]] bool is(std::string_view word) const;
  /// `true` in any spelling CloudFormation accepts.
  [[nodiscard]] bool is_true() const;
  [[nodiscard]] bool is_false() const;
  /// A literal number.
  [[nodiscard]] std::optional<double> number() const;
  /// The value of a key, or an absent value at the place of this one.
  [[nodiscard]] const Value& at(std::string_view key) const;
  /// The reference this text consists of; nothing if it is anything more.
  [[nodiscard]] std::optional<Reference> reference() const;
  /// The items of a list; a single value counts as a list of itself, an absent one as empty.
  [[nodiscard]] std::vector<const Value*> each() const;
};

/// The marked text of a reference.
std::string reference_text(std::size_t stack, std::string_view id, std::string_view attribute = {});
/// The marked text of a pseudo parameter, e.g. `AWS::Region`.
std::string pseudo_text(std::string_view name);

/// All references in a text, in order; pseudo parameters are none.
std::vector<Reference> references_in(std::string_view text);

/// A text as a person reads it: references as `${Name}` or `${Name.Attribute}`.
std::string readable(std::string_view text);

/// Whether a text in which `*` stands for anything and `?` for one character covers `text`. A
/// marked reference in either text is compared as a whole; one that cannot be known (a parameter)
/// does not match anything but itself.
bool matches(std::string_view pattern, std::string_view text);

}  // namespace shopsim::generator::checker
