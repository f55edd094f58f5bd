#pragma once
/// Writes a described struct as canonical YAML: every field in the order of its list, defaults
/// included, quantities with units. Reading it back gives an equal struct; writing an equal struct
/// gives the same bytes.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fields.hpp"

namespace shopsim::sim {

/// The visitor behind `to_canonical_yaml`.
class FieldWriter final : public FieldVisitor {
 public:
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

  /// The document; call once, after the last field.
  std::string finish();

 private:
  /// A section, list or item whose head is written when its first line is.
  struct Open {
    std::string head;         ///< `key:`, `-`, or nothing for an element that is a list itself
    std::string_view empty;   ///< what stands behind the head when nothing is inside
    bool written = false;
    bool indents = false;
  };

  void line(const Field& field, const std::string& text);
  void open(std::string head, std::string_view empty);
  void close();
  void write_heads();

  std::string text_;
  std::string pending_;  ///< dashes of items whose first line is not written yet
  std::size_t indent_ = 0;
  std::vector<Open> open_;
};

/// The canonical YAML of a struct. (`describe` takes a mutable struct; writing changes nothing.)
template <class T>
std::string to_canonical_yaml(const T& value) {
  T copy = value;
  FieldWriter writer;
  copy.describe(writer);
  return writer.finish();
}

}  // namespace shopsim::sim
