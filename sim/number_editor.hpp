#pragma once
/// Changes numbers of a described struct by their dotted paths: what is drawn for one replication,
/// or what an assumption is moved to.
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fields.hpp"
#include "sim/value_kind.hpp"

namespace shopsim::sim {

/// One number on the way. A law's parameters are numbers of their own: `think.exponential.mean`,
/// `promotion.lognormal.sigma`; a constant law has the field's own path.
struct NumberAt {
  std::string_view path;  ///< with indices: `faults[0].delay`
  double value = 0;       ///< in the base unit of the field
  bool is_amount = true;  ///< no: a law's parameter without a unit (sigma, cv)
  ValueKind kind = ValueKind::real;
};

/// Another value for the number, or none to keep it.
using NumberChange = std::function<std::optional<double>(const NumberAt&)>;

/// The visitor behind `edit_numbers`.
class NumberEditor final : public FieldVisitor {
 public:
  explicit NumberEditor(const NumberChange& change) : change_(change) {}

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
  [[nodiscard]] std::string path_of(const Field& field) const;
  template <class T>
  void edit(const Field& field, T& value, ValueKind kind);
  void edit_law(const Field& field, Distribution& value, ValueKind kind);

  const NumberChange& change_;
  std::vector<std::string> paths_;  ///< of the open sections, lists and items
};

/// Offers every number of a struct to `change`, in the order of the fields.
template <class T>
void edit_numbers(T& target, const NumberChange& change) {
  NumberEditor editor(change);
  target.describe(editor);
}

/// `faults[3].at` as fields are listed: `faults[].at`.
std::string general_path(std::string_view path);

}  // namespace shopsim::sim
