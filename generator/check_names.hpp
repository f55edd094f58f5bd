#pragma once
/// Which names does a part of a template use? Ref, GetAtt, Sub and DependsOn, as written.
#include <string_view>
#include <vector>

#include "sim/document.hpp"

namespace shopsim::generator::checker {

/// One use of a logical id or a parameter.
struct NameUse {
  std::string_view name;
  std::string_view attribute;     ///< of GetAtt and `${a.b}`; empty otherwise
  const sim::Node* node = nullptr;
  std::vector<std::string_view> conditions;  ///< of the Fn::If branches it stands in
  bool depends_on = false;
};

/// All uses below a node, in the file's order. `DependsOn` counts where it is a resource's own.
std::vector<NameUse> names_used(const sim::Node& node);

/// The names in a Sub's text (`${a}`, `${a.b}`), without literals such as `${!a}`.
std::vector<std::string_view> names_in_substitution(std::string_view text);

}  // namespace shopsim::generator::checker
