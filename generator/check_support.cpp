#include "generator/check_support.hpp"

#include <algorithm>
#include <array>

namespace shopsim::generator::checker {
namespace {

const Value kNone{};

// Types for which Ref returns the ARN (their pages in the template reference, "Return values").
constexpr std::array<std::string_view, 21> kRefIsArn{
    "AWS::SNS::Topic",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::SecretsManager::Secret",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFormation::Stack",
    "AWS::IAM::ManagedPolicy",
    "AWS::StepFunctions::StateMachine",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::XRay::SamplingRule",
    "AWS::XRay::Group",
    "AWS::CloudFront::Function",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::Route53RecoveryControl::Cluster",
    "AWS::SecurityHub::Hub",
};

}  // namespace

const Value& attribute_of(const Value& pairs, std::string_view key) {
  for (const Value* pair : pairs.each()) {
    if (pair->at("Key").is(key)) return pair->at("Value");
  }
  return kNone;
}

const Resource* launch_template_of(const StackSet& set, const Resource& group) {
  const Value* named = &group.property("LaunchTemplate");
  if (!named->given()) {
    named = &group.property("MixedInstancesPolicy")
                 .at("LaunchTemplate")
                 .at("LaunchTemplateSpecification");
  }
  if (const Resource* found = set.target(named->at("LaunchTemplateId"))) return found;
  const Value& name = named->at("LaunchTemplateName");
  for (const Resource* candidate : set.of_type("AWS::EC2::LaunchTemplate")) {
    if (same(candidate->property("LaunchTemplateName"), name)) return candidate;
  }
  return nullptr;
}

std::vector<const Resource*> groups_using(const StackSet& set, const Resource& launch_template) {
  std::vector<const Resource*> groups;
  for (const Resource* group : set.of_type("AWS::AutoScaling::AutoScalingGroup")) {
    if (launch_template_of(set, *group) == &launch_template) groups.push_back(group);
  }
  return groups;
}

std::vector<const Resource*> targets(const StackSet& set, const Value& list) {
  std::vector<const Resource*> result;
  for (const Value* item : list.each()) {
    for (const Value* one : item->each()) {
      if (const Resource* found = set.target(*one)) result.push_back(found);
    }
  }
  return result;
}

bool allows_value(const sim::Node& allowed_values, std::string_view value) {
  const Value wanted{ValueKind::text, std::string(value)};
  return std::any_of(
      allowed_values.children.begin(), allowed_values.children.end(), [&](const sim::Node& one) {
        const Value allowed{ValueKind::text, one.text};
        return one.text == value || (allowed.is_true() && wanted.is_true()) ||
               (allowed.is_false() && wanted.is_false()) ||
               (allowed.number() && allowed.number() == wanted.number());
      });
}

std::vector<const Resource*> alarms_of(const StackSet& set) {
  auto alarms = set.of_type("AWS::CloudWatch::Alarm");
  for (const Resource* composite : set.of_type("AWS::CloudWatch::CompositeAlarm")) {
    alarms.push_back(composite);
  }
  return alarms;
}

bool ref_is_arn(std::string_view type) {
  return std::find(kRefIsArn.begin(), kRefIsArn.end(), type) != kRefIsArn.end();
}

bool is_arn(const StackSet& set, const Value& value) {
  if (!value.is_text()) return true;
  if (value.text.starts_with("arn:")) return true;
  const auto reference = value.reference();
  if (!reference) return false;
  const Resource* resource = set.find(*reference);
  if (resource == nullptr) return true;  // a parameter: cannot be known
  if (reference->attribute.empty()) return ref_is_arn(resource->type);
  return reference->attribute.ends_with("Arn") || reference->attribute.ends_with("ARN");
}

}  // namespace shopsim::generator::checker
