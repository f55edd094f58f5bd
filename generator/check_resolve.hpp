#pragma once
/// What do the intrinsic functions of a template come to? Ref, GetAtt, Sub, Join, If, FindInMap,
/// ImportValue, Select, Split, GetAZs, Cidr, Base64 and ToJsonString are followed as far as they
/// can be before deployment: through parameters' defaults, parents' parameters, children's outputs,
/// and exports of the same set.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

/// Reads values of a joined set. Cheap to make; keeps nothing.
class Resolver {
 public:
  explicit Resolver(const StackSet& set) : set_(set) {}

  /// `assumed` is a condition taken as true, because the value stands under it.
  [[nodiscard]] Value resolve(std::size_t stack, const sim::Node& node,
                              std::string_view assumed = {}) const;
  /// Whether a condition holds under the parameters' values; nothing if that is not known.
  [[nodiscard]] std::optional<bool> condition(std::size_t stack, std::string_view name) const;
  /// An output's value as its parent sees it; absent if there is no such output.
  [[nodiscard]] Value output(std::size_t stack, std::string_view name) const;

 private:
  struct Context {
    std::size_t stack = 0;
    std::string_view assumed;
    int depth = 0;  ///< of values, parameters and outputs followed
    std::size_t* budget = nullptr;  ///< what may still be made: values and 64 bytes of text
  };
  [[nodiscard]] Value resolve(const sim::Node& node, Context context) const;
  [[nodiscard]] Value function(std::string_view name, const sim::Node& argument,
                               const sim::Node& whole, const Context& context) const;
  [[nodiscard]] Value name_value(std::string_view name, const Context& context) const;
  [[nodiscard]] Value parameter(std::string_view name, const sim::Node& declaration,
                                const Context& context) const;
  [[nodiscard]] Value attribute(std::string_view id, std::string_view attribute,
                                const Context& context) const;
  [[nodiscard]] Value output_value(std::size_t stack, std::string_view name,
                                   const Context& context) const;
  [[nodiscard]] Value join(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value substitute(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value choose(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value select(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value split(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value find_in_map(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value import_value(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] Value cidr(const sim::Node& argument, const Context& context) const;
  [[nodiscard]] std::optional<bool> holds(const sim::Node& expression, Context context) const;

  const StackSet& set_;
};

/// Longer texts are not followed: they are unknown.
inline constexpr std::size_t kLongestText = std::size_t{1} << 17;

Value text_value(std::string text);
Value unknown_value();

/// Whether a node is a call of an intrinsic function, long form: a mapping with one such key.
bool is_function(const sim::Node& node);

}  // namespace shopsim::generator::checker
