#pragma once
/// What a property of a resource may be, independent of the output language: texts, numbers, lists
/// and maps, and the places where the value is known only when the stack is deployed.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace shopsim::generator {

class Value;
using List = std::vector<Value>;
struct Entry;
using Map = std::vector<Entry>;

/// The value of a parameter, or what names a resource: `vpc-0a1b...` for a VPC. Pseudo parameters
/// are spelled as CloudFormation does: `AWS::Region`.
struct Reference {
  std::string id;
};

/// An attribute of a resource of the same stack, e.g. `Arn`.
struct Attribute {
  std::string id;
  std::string name;
};

/// Pieces put together without a separator: an ARN, a script.
struct Text {
  List parts;
};

/// One of two values, by a condition of the stack.
struct Choice;

/// One piece of a text that is known only when the stack is deployed, e.g. the id in an ARN.
struct Piece;

/// The property is left out (in one branch of a choice).
struct Nothing {};

/// A value given in base 64, as user data is.
struct Base64;

/// Any of the above. A plain value; cheap to move.
class Value {
 public:
  using Alternatives = std::variant<bool, std::int64_t, double, std::string, List, Map, Reference,
                                    Attribute, Text, std::vector<Choice>, std::vector<Piece>,
                                    Nothing, std::vector<Base64>>;

  Value(bool value) : value_(value) {}                                       // NOLINT
  Value(int value) : value_(std::int64_t{value}) {}                          // NOLINT
  Value(std::int64_t value) : value_(value) {}                               // NOLINT
  Value(double value) : value_(value) {}                                     // NOLINT
  Value(const char* value) : value_(std::string(value)) {}                   // NOLINT
  Value(std::string_view value) : value_(std::string(value)) {}              // NOLINT
  Value(std::string value) : value_(std::move(value)) {}                     // NOLINT
  Value(Reference value) : value_(std::move(value)) {}                       // NOLINT
  Value(Attribute value) : value_(std::move(value)) {}                       // NOLINT
  Value(Nothing value) : value_(value) {}                                    // NOLINT
  Value(List value);                                                         // NOLINT
  Value(Map value);                                                          // NOLINT
  Value(Text value);                                                         // NOLINT
  Value(Choice value);                                                       // NOLINT
  Value(Piece value);                                                        // NOLINT
  Value(Base64 value);                                                       // NOLINT

  [[nodiscard]] const Alternatives& alternatives() const { return value_; }

 private:
  Alternatives value_;
};

/// One property: its name and value.
struct Entry {
  std::string key;
  Value value;
};

struct Choice {
  std::string condition;
  Value then;
  Value otherwise;
};

struct Piece {
  Value of;
  std::string separator;
  int index = 0;  ///< from 0
};

struct Base64 {
  Value text;
};

inline Value::Value(List value) : value_(std::move(value)) {}
inline Value::Value(Map value) : value_(std::move(value)) {}
inline Value::Value(Text value) : value_(std::move(value)) {}
inline Value::Value(Choice value) : value_(std::vector<Choice>{std::move(value)}) {}
inline Value::Value(Piece value) : value_(std::vector<Piece>{std::move(value)}) {}
inline Value::Value(Base64 value) : value_(std::vector<Base64>{std::move(value)}) {}

/// The ways to write values down in the stacks' files; no braces mean two things.
inline Value list(List items) { return items; }
inline Value map(Map entries) { return entries; }
inline Value ref(std::string id) { return Reference{std::move(id)}; }
inline Value attribute(std::string id, std::string name) {
  return Attribute{std::move(id), std::move(name)};
}
/// The piece at an index, from 0, of a value that is split at each separator.
inline Value piece(Value of, std::string separator, int index) {
  return Piece{std::move(of), std::move(separator), index};
}
inline Value choose(std::string condition, Value then, Value otherwise) {
  return Choice{std::move(condition), std::move(then), std::move(otherwise)};
}

/// A text with places to fill in: `${Vpc}` is a reference, `${Key.Arn}` an attribute,
/// `${AWS::Region}` a pseudo parameter, `${!x}` stands for `${x}` itself.
Value text(std::string_view pattern);

/// `${` in a text of the user, so that `text` takes it for nothing but characters.
std::string literally(std::string_view user_text);

/// The entries one after the other.
Map joined(Map first, Map second);

}  // namespace shopsim::generator
