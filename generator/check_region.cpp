#include "generator/check_region.hpp"

#include <algorithm>
#include <array>

namespace shopsim::generator::checker {

std::size_t top_of(const StackSet& set, std::size_t stack) {
  while (const auto& parent = set.stacks()[stack].parent) stack = parent->stack;
  return stack;
}

namespace {

constexpr std::string_view kHome = "us-east-1";

/// Whether a template's Rules section asserts that it is deployed in us-east-1.
bool asserts_home(const sim::Node& node) {
  if (node.kind == sim::NodeKind::mapping) {
    const sim::Node* equals = node.child("Fn::Equals");
    if (equals == nullptr) equals = node.child("Fn::Contains");
    if (equals != nullptr) {
      bool region = false;
      bool home = false;
      for (const sim::Node& side : equals->children) {
        const sim::Node* ref = side.child("Ref");
        region = region || (ref != nullptr && ref->text == "AWS::Region");
        home = home || side.text == kHome || (!side.children.empty() &&
                                              side.children[0].text == kHome);
      }
      if (region && home) return true;
    }
  }
  return std::any_of(node.children.begin(), node.children.end(), asserts_home);
}

bool is_regional(const Resource& resource) {
  constexpr std::array<std::string_view, 7> kTypes{
      "AWS::EC2::VPC",      "AWS::EC2::Subnet",
      "AWS::RDS::DBInstance", "AWS::AutoScaling::AutoScalingGroup",
      "AWS::ElastiCache::ReplicationGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer",
      "AWS::EFS::FileSystem"};
  return std::find(kTypes.begin(), kTypes.end(), resource.type) != kTypes.end();
}

/// A regional resource that a stack makes, itself or through nested stacks below or above it.
const Resource* regional_resource(const StackSet& set, std::size_t stack) {
  const std::size_t top = top_of(set, stack);
  for (std::size_t i = 0; i < set.stacks().size(); ++i) {
    if (top_of(set, i) != top) continue;
    for (const Resource& resource : set.stacks()[i].resources) {
      if (is_regional(resource)) return &resource;
    }
  }
  return nullptr;
}

}  // namespace

bool asserts_home_region(const StackSet& set, std::size_t stack) {
  for (std::size_t at = stack;; at = set.stacks()[at].parent->stack) {
    const sim::Node* rules = set.stacks()[at].section("Rules");
    if (rules != nullptr && asserts_home(*rules)) return true;
    if (!set.stacks()[at].parent) return false;
  }
}

const Resource* regional_companion(const StackSet& set, const Resource& resource) {
  const Stack& stack = set.stacks()[resource.stack];
  const sim::Node* condition = stack.entry("Conditions", resource.condition);
  if (condition != nullptr && asserts_home(*condition)) return nullptr;
  return asserts_home_region(set, resource.stack) ? nullptr
                                                  : regional_resource(set, resource.stack);
}

}  // namespace shopsim::generator::checker
