#pragma once
/// One list of fields per configuration struct. A struct says in `describe` what its fields are;
/// readers, the canonical writer, the JSON schema, `explain` and the tuner are visitors over it.
///
///   struct HealthCheck {
///     Duration interval = 30_s;
///     void describe(FieldVisitor& visitor) {
///       field(visitor, {.key = "interval", .meaning = "time between two checks of one target",
///                       .least = 5, .most = 300, .source = "S-ALB-HC",
///                       .confidence = Confidence::documented}, interval);
///     }
///   };
///
/// A field type is one of: bool, std::int64_t, double, std::string, the quantities of
/// quantity.hpp, an enum with an `enum_names(Enum)` overload, a struct with `describe`,
/// std::optional or std::vector of these, or a tagged variant (see `Tagged`).
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sim/quantity.hpp"

namespace shopsim::sim {

/// How sure we are of a default. The order is from best to worst.
enum class Confidence : std::uint8_t { documented, measured, computed, third_party, assumption };
std::string_view to_text(Confidence confidence);

/// What is known of one field. Bounds are inclusive, in the base unit of the type: seconds, bytes,
/// per second, bits per second, dollars, 1; for lists they bound the length.
struct Field {
  std::string_view key;
  std::string_view meaning;      ///< one line for people; states the unit where it is not typed
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  std::string_view source = {};  ///< where the default comes from (id of docs/sources.md)
  Confidence confidence = Confidence::assumption;
  bool required = false;         ///< must be given; there is no sensible default
  bool tunable = false;          ///< the tuner may search over it
  std::string_view influences = {};  ///< what a change moves first, for `explain`
};

class FieldVisitor {
 public:
  FieldVisitor() = default;
  FieldVisitor(const FieldVisitor&) = delete;
  FieldVisitor& operator=(const FieldVisitor&) = delete;
  virtual ~FieldVisitor() = default;

  virtual void value(const Field& field, bool& value) = 0;
  virtual void value(const Field& field, std::int64_t& value) = 0;
  virtual void value(const Field& field, double& value) = 0;
  virtual void value(const Field& field, std::string& value) = 0;
  virtual void value(const Field& field, Duration& value) = 0;
  virtual void value(const Field& field, Bytes& value) = 0;
  virtual void value(const Field& field, Rate& value) = 0;
  virtual void value(const Field& field, BitRate& value) = 0;
  virtual void value(const Field& field, Money& value) = 0;
  virtual void value(const Field& field, Fraction& value) = 0;
  virtual void value(const Field& field, ClockTime& value) = 0;
  virtual void value(const Field& field, DurationDistribution& value) = 0;
  virtual void value(const Field& field, SizeDistribution& value) = 0;
  virtual void value(const Field& field, MoneyDistribution& value) = 0;
  virtual void value(const Field& field, CountDistribution& value) = 0;
  /// An enum: `names[i]` spells the value `i`.
  virtual void choice(const Field& field, std::span<const std::string_view> names,
                      std::size_t& index) = 0;

  /// A nested struct. Returns whether to go in (a reader that found no such section says no, and
  /// the defaults stay). `leave_section` is called only if it returned true.
  virtual bool enter_section(const Field& field) = 0;
  virtual void leave_section() = 0;
  /// Whether an optional has a value: a reader answers from the document, a writer from `present`.
  virtual bool enter_optional(const Field& field, bool present) = 0;
  /// A list: returns its length (a reader answers from the document, else keeps `length`).
  virtual std::size_t enter_list(const Field& field, std::size_t length) = 0;
  /// Asked after `enter_list`: whether the elements come from a document, so that each begins with
  /// its own defaults and not with those of the default list.
  [[nodiscard]] virtual bool list_is_given() const { return false; }
  virtual void leave_list() = 0;
  /// One element: inside it, values are visited with an empty key when they are scalars, and by
  /// `describe` when they are structs.
  virtual void enter_item(std::size_t index) = 0;
  virtual void leave_item() = 0;
  /// A tagged variant: exactly one of `names` is present as a key of the current mapping; returns
  /// its index. The alternative's fields follow inside a section of that name.
  virtual std::size_t enter_variant(const Field& field, std::span<const std::string_view> names,
                                    std::size_t index) = 0;
};

template <class T>
concept Described = requires(T& t, FieldVisitor& v) { t.describe(v); };

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T t) {
  { enum_names(t) } -> std::convertible_to<std::span<const std::string_view>>;
};

template <class T>
concept LeafValue = requires(FieldVisitor& v, const Field& f, T& t) { v.value(f, t); };

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsVariant : std::false_type {};
template <class... A>
struct IsVariant<std::variant<A...>> : std::true_type {};

/// Visits one element of a list or one optional's content under the given field.
template <class T>
void field(FieldVisitor& visitor, const Field& info, T& value);

/// A std::variant whose alternatives have `static constexpr std::string_view kTag` and `describe`:
/// written as one key that names the alternative, e.g. `zone_loss: {zone: a}`.
template <class... Alternatives>
void variant_field(FieldVisitor& visitor, const Field& info, std::variant<Alternatives...>& value) {
  static constexpr std::string_view names[] = {Alternatives::kTag...};
  const std::size_t index = visitor.enter_variant(info, names, value.index());
  if (index != value.index()) {
    using Variant = std::variant<Alternatives...>;
    static constexpr Variant (*make[])() = {[]() -> Variant { return Alternatives{}; }...};
    if (index < sizeof...(Alternatives)) value = make[index]();
  }
  std::visit(
      [&](auto& alternative) {
        using A = std::decay_t<decltype(alternative)>;
        if (visitor.enter_section({.key = A::kTag, .meaning = A::kMeaning, .required = true})) {
          alternative.describe(visitor);
          visitor.leave_section();
        }
      },
      value);
}

template <class T>
void field(FieldVisitor& visitor, const Field& info, T& value) {
  if constexpr (LeafValue<T>) {
    visitor.value(info, value);
  } else if constexpr (NamedEnum<T>) {
    auto index = static_cast<std::size_t>(value);
    visitor.choice(info, enum_names(value), index);
    value = static_cast<T>(index);
  } else if constexpr (IsOptional<T>::value) {
    static_assert(!IsVariant<typename T::value_type>::value,
                  "an optional variant has no key of its own to tell whether it is there");
    if (visitor.enter_optional(info, value.has_value())) {
      if (!value) value.emplace();
      field(visitor, info, *value);
    } else {
      value.reset();
    }
  } else if constexpr (IsVector<T>::value) {
    const std::size_t length = visitor.enter_list(info, value.size());
    if (visitor.list_is_given()) value.clear();
    value.resize(length);
    Field element = info;
    element.key = {};
    element.least = -std::numeric_limits<double>::infinity();
    element.most = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < length; ++i) {
      visitor.enter_item(i);
      if constexpr (Described<typename T::value_type>) {
        value[i].describe(visitor);
      } else {
        field(visitor, element, value[i]);
      }
      visitor.leave_item();
    }
    visitor.leave_list();
  } else if constexpr (IsVariant<T>::value) {
    variant_field(visitor, info, value);
  } else {
    static_assert(Described<T>, "a field needs a describe() member or a known value type");
    if (visitor.enter_section(info)) {
      value.describe(visitor);
      visitor.leave_section();
    }
  }
}

}  // namespace shopsim::sim
