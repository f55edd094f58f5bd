#pragma once
/// Reads a document into a described struct (see fields.hpp). Everything that is wrong is reported
/// at once, each finding with file:line:column, what was given, what is allowed, and a hint; a
/// field that is wrong or absent keeps its default.
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/diagnostic.hpp"
#include "sim/document.hpp"
#include "sim/drawn_value.hpp"
#include "sim/fields.hpp"
#include "sim/value_kind.hpp"

namespace shopsim::sim {

/// Where each value that was read stands, by dotted path (`faults[0].zone_loss.zone`), so that
/// checks of the meaning can report at the place.
class Places {
 public:
  void record(std::string path, Place place) { places_[std::move(path)] = std::move(place); }
  /// The value's place, else that of the nearest parent that was given, else the whole file.
  [[nodiscard]] Place place_of(std::string_view path) const;
  /// Whether the document gives this value (as opposed to the default).
  [[nodiscard]] bool given(std::string_view path) const { return places_.contains(path); }

 private:
  std::map<std::string, Place, std::less<>> places_;
};

/// The visitor behind `read_fields`.
class FieldReader final : public FieldVisitor {
 public:
  /// `drawn` takes the numbers that are given as laws to draw from (their fields get the centre);
  /// without it such a number is an error.
  FieldReader(const Document& document, const Node& root, Diagnostics& diagnostics,
              std::vector<DrawnValue>* drawn = nullptr);

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
  [[nodiscard]] bool list_is_given() const override { return frames_.back().node != nullptr; }
  void leave_list() override;
  void enter_item(std::size_t index) override;
  void leave_item() override;
  std::size_t enter_variant(const Field& field, std::span<const std::string_view> names,
                            std::size_t index) override;

  /// Call once, after the last field: reports unknown keys of the outermost mapping.
  Places finish();

 private:
  /// An open section, list or item. `node` is nullptr where the document has none.
  struct Frame {
    const Node* node = nullptr;
    std::string path;
    bool quiet = false;  ///< required fields are not missed here
    bool keyed = false;  ///< its keys were asked for, so unknown ones are errors
    std::vector<std::string> known = {};
  };

  const Node* look_up(const Field& field);
  [[nodiscard]] std::string path_of(const Field& field) const;
  void report(const std::string& code, Place place, const std::string& path,
              const std::string& message, std::string hint = {});
  void report_missing(const Field& field, ValueKind kind);
  void report_unknown_keys(const Frame& frame);
  bool is_scalar(const Field& field, const Node& node, ValueKind kind);
  bool check_bounds(const Field& field, const Node& node, ValueKind kind, double base);
  void report_bad_value(const Field& field, const Node& node, ValueKind kind,
                        const std::string& error);
  template <class T, class Parse>
  void read_value(const Field& field, T& value, ValueKind kind, Parse parse);
  template <class T, class Parse>
  bool read_drawn_value(const Field& field, const Node& node, T& value, ValueKind kind,
                        Parse parse);
  void read_distribution(const Field& field, Distribution& value, ValueKind kind);
  void check_drawn_bounds(const Field& field, const Node& node, ValueKind kind,
                          const DrawnValue& drawn);

  const Document& document_;
  Diagnostics& diagnostics_;
  std::vector<DrawnValue>* drawn_;
  Places places_;
  std::vector<Frame> frames_;
  std::set<std::string> missed_;      ///< paths reported as missing
  bool alternative_absent_ = false;  ///< the next section is a variant's that was not given
};

/// Reads `root`, a mapping of `document` (usually `document.root`), into `target`. `drawn`: see
/// FieldReader.
template <class T>
Places read_fields(const Document& document, const Node& root, T& target,
                   Diagnostics& diagnostics, std::vector<DrawnValue>* drawn = nullptr) {
  FieldReader reader(document, root, diagnostics, drawn);
  target.describe(reader);
  return reader.finish();
}

}  // namespace shopsim::sim
