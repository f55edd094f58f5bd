#include "sim/number_editor.hpp"

#include "sim/amount.hpp"
#include "sim/base_value.hpp"

namespace shopsim::sim {

std::string general_path(std::string_view path) {
  std::string result;
  bool inside = false;
  for (const char c : path) {
    if (c == ']') inside = false;
    if (!inside) result += c;
    if (c == '[') inside = true;
  }
  return result;
}

std::string NumberEditor::path_of(const Field& field) const {
  const std::string path = paths_.empty() ? std::string() : paths_.back();
  if (field.key.empty()) return path;
  return path.empty() ? std::string(field.key) : path + "." + std::string(field.key);
}

template <class T>
void NumberEditor::edit(const Field& field, T& value, ValueKind kind) {
  const std::string path = path_of(field);
  const auto changed = change_({.path = path, .value = base_of(value), .kind = kind});
  if (changed) set_base(value, *changed);
}

void NumberEditor::edit_law(const Field& field, Distribution& value, ValueKind kind) {
  const std::string path = path_of(field);
  const auto parameter = [&](const std::string& at, double& number, bool is_amount) {
    const ValueKind own = is_amount ? kind : ValueKind::real;
    const auto changed =
        change_({.path = at, .value = number, .is_amount = is_amount, .kind = own});
    if (changed) number = *changed;
  };
  const LawForm* form = law_form(value.law);
  if (form == nullptr) return parameter(path, value.a, true);
  const std::string law = path + "." + std::string(form->name) + ".";
  parameter(law + std::string(form->first), value.a, true);
  if (form->second.empty()) return;
  parameter(law + std::string(form->second), value.b, form->second_is_amount);
}

void NumberEditor::value(const Field&, bool&) {}
void NumberEditor::value(const Field&, std::string&) {}
void NumberEditor::choice(const Field&, std::span<const std::string_view>, std::size_t&) {}

void NumberEditor::value(const Field& field, std::int64_t& value) {
  edit(field, value, ValueKind::integer);
}
void NumberEditor::value(const Field& field, double& value) {
  edit(field, value, ValueKind::real);
}
void NumberEditor::value(const Field& field, Duration& value) {
  edit(field, value, ValueKind::duration);
}
void NumberEditor::value(const Field& field, Bytes& value) {
  edit(field, value, ValueKind::bytes);
}
void NumberEditor::value(const Field& field, Rate& value) { edit(field, value, ValueKind::rate); }
void NumberEditor::value(const Field& field, BitRate& value) {
  edit(field, value, ValueKind::bit_rate);
}
void NumberEditor::value(const Field& field, Money& value) {
  edit(field, value, ValueKind::money);
}
void NumberEditor::value(const Field& field, Fraction& value) {
  edit(field, value, ValueKind::fraction);
}
void NumberEditor::value(const Field& field, ClockTime& value) {
  edit(field, value, ValueKind::clock_time);
}
void NumberEditor::value(const Field& field, DurationDistribution& value) {
  edit_law(field, value, ValueKind::duration_distribution);
}
void NumberEditor::value(const Field& field, SizeDistribution& value) {
  edit_law(field, value, ValueKind::size_distribution);
}
void NumberEditor::value(const Field& field, MoneyDistribution& value) {
  edit_law(field, value, ValueKind::money_distribution);
}
void NumberEditor::value(const Field& field, CountDistribution& value) {
  edit_law(field, value, ValueKind::count_distribution);
}

bool NumberEditor::enter_section(const Field& field) {
  paths_.push_back(path_of(field));
  return true;
}
void NumberEditor::leave_section() { paths_.pop_back(); }

bool NumberEditor::enter_optional(const Field&, bool present) { return present; }

std::size_t NumberEditor::enter_list(const Field& field, std::size_t length) {
  paths_.push_back(path_of(field));
  return length;
}
void NumberEditor::leave_list() { paths_.pop_back(); }

void NumberEditor::enter_item(std::size_t index) {
  paths_.push_back(paths_.back() + "[" + std::to_string(index) + "]");
}
void NumberEditor::leave_item() { paths_.pop_back(); }

std::size_t NumberEditor::enter_variant(const Field&, std::span<const std::string_view>,
                                        std::size_t index) {
  return index;
}

}  // namespace shopsim::sim
