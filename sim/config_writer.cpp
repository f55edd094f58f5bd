#include "sim/config_writer.hpp"

#include "sim/amount.hpp"
#include "sim/decimal.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::sim {

/// Writes the heads of all sections and items that are open and have not been written yet.
void FieldWriter::write_heads() {
  for (Open& open : open_) {
    if (open.written) continue;
    open.written = true;
    const bool item = open.head == "-";
    if (item) {
      pending_ += pending_.empty() ? std::string(indent_, ' ') + "- " : "- ";
    } else if (!open.head.empty()) {
      text_ += pending_.empty() ? std::string(indent_, ' ') : pending_;
      text_ += open.head + "\n";
      pending_.clear();
    }
    open.indents = !open.head.empty();
    if (open.indents) indent_ += 2;
  }
}

void FieldWriter::line(const Field& field, const std::string& text) {
  write_heads();
  text_ += pending_.empty() ? std::string(indent_, ' ') : pending_;
  // An element without a key stands directly behind its dash.
  if (!field.key.empty()) text_ += std::string(field.key) + ": ";
  text_ += text + "\n";
  pending_.clear();
}

void FieldWriter::open(std::string head, std::string_view empty) {
  open_.push_back({.head = std::move(head), .empty = empty});
}

void FieldWriter::close() {
  const Open top = open_.back();
  open_.pop_back();
  if (top.written) {
    if (top.indents) indent_ -= 2;
    return;
  }
  // An item without anything in it was never opened: its content decides what it is.
  std::string text(top.empty);
  if (!top.head.empty()) text = top.head + " " + text;
  line({}, text);
}

void FieldWriter::value(const Field& field, bool& value) { line(field, value ? "true" : "false"); }
void FieldWriter::value(const Field& field, std::int64_t& value) {
  line(field, std::to_string(value));
}
void FieldWriter::value(const Field& field, double& value) { line(field, shortest_text(value)); }
void FieldWriter::value(const Field& field, std::string& value) {
  line(field, string_text(value, Surrounding::block));
}
void FieldWriter::value(const Field& field, Duration& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, Bytes& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, Rate& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, BitRate& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, Money& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, Fraction& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, ClockTime& value) { line(field, to_text(value)); }
void FieldWriter::value(const Field& field, DurationDistribution& value) {
  line(field, distribution_text(Measure::seconds, value));
}
void FieldWriter::value(const Field& field, SizeDistribution& value) {
  line(field, distribution_text(Measure::bytes, value));
}
void FieldWriter::value(const Field& field, MoneyDistribution& value) {
  line(field, distribution_text(Measure::dollars, value));
}
void FieldWriter::value(const Field& field, CountDistribution& value) {
  line(field, distribution_text(Measure::count, value));
}

void FieldWriter::choice(const Field& field, std::span<const std::string_view> names,
                         std::size_t& index) {
  line(field, scalar_text(names[index], ScalarStyle::plain, Surrounding::block));
}

bool FieldWriter::enter_section(const Field& field) {
  open(field.key.empty() ? std::string{} : std::string(field.key) + ":", "{}");
  return true;
}

void FieldWriter::leave_section() { close(); }

bool FieldWriter::enter_optional(const Field& field, bool present) {
  if (!present) line(field, "null");
  return present;
}

std::size_t FieldWriter::enter_list(const Field& field, std::size_t length) {
  open(field.key.empty() ? std::string{} : std::string(field.key) + ":", "[]");
  return length;
}

void FieldWriter::leave_list() { close(); }

void FieldWriter::enter_item(std::size_t) { open("-", "{}"); }

void FieldWriter::leave_item() { close(); }

std::size_t FieldWriter::enter_variant(const Field&, std::span<const std::string_view>,
                                       std::size_t index) {
  return index;
}

std::string FieldWriter::finish() {
  if (text_.empty()) return "{}\n";
  return std::move(text_);
}

}  // namespace shopsim::sim
