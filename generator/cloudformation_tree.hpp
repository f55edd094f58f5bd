#pragma once
/// A stack as the tree of a CloudFormation template, intrinsic functions spelled out in full; the
/// writers of both formats begin here. Internal to the generator's writers.
#include <nlohmann/json.hpp>
#include <string>

#include "generator/cloudformation.hpp"
#include "generator/stack.hpp"

namespace shopsim::generator {

using Tree = nlohmann::ordered_json;

Tree to_tree(const Value& value);
Tree to_tree(const Resource& resource, const TemplateOrigin& origin);
Tree to_tree(const Stack& stack, const TemplateOrigin& origin);

/// The tree as YAML lines indented by `indent` spaces, beginning behind `key:`.
std::string yaml_of(const Tree& tree, std::size_t indent);

}  // namespace shopsim::generator
