// Rules about what must be there before something else is made, beyond what references say.
#include <algorithm>

#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kDependsOn =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

/// The attachment of an internet gateway to its network; nullptr: it is not attached here.
const Resource* attachment_of(const StackSet& set, const Resource& gateway) {
  for (const Resource* attachment : set.of_type("AWS::EC2::VPCGatewayAttachment")) {
    if (set.target(attachment->property("InternetGatewayId")) == &gateway) return attachment;
  }
  return nullptr;
}

void check_gateway_routes(const Checked& checked, Report& report) {
  for (const Resource* route : checked.set.of_type("AWS::EC2::Route")) {
    const Value& value = route->property("GatewayId");
    const Resource* gateway = checked.set.target(value);
    if (gateway == nullptr || gateway->type != "AWS::EC2::InternetGateway") continue;
    const Resource* attachment = attachment_of(checked.set, *gateway);
    if (attachment == nullptr) {
      report.add(*route, value, named(*gateway) + " is attached to no network");
    } else if (!checked.dependencies.after(*route, *attachment)) {
      report.add(*route, named(*route) + " may be made before " + named(*attachment) +
                             " has attached the gateway");
    }
  }
}

void check_addresses(const Checked& checked, Report& report) {
  const auto attachments = checked.set.of_type("AWS::EC2::VPCGatewayAttachment");
  for (const Resource* address : checked.set.of_type("AWS::EC2::EIP")) {
    const bool is_late = std::any_of(
        attachments.begin(), attachments.end(), [&](const Resource* attachment) {
          return checked.dependencies.after(*address, *attachment);
        });
    if (attachments.empty() || is_late) continue;
    report.add(*address, named(*address) + " may be made before, and deleted after, the gateway's "
                                           "attachment " + named(*attachments.front()));
  }
}

std::vector<const Resource*> groups(const StackSet& set) {
  return set.of_type("AWS::AutoScaling::AutoScalingGroup");
}

/// The default routes of the subnets a group launches into.
std::vector<const Resource*> default_routes(const StackSet& set, const Resource& group) {
  std::vector<const Resource*> routes;
  for (const Resource* subnet : targets(set, group.property("VPCZoneIdentifier"))) {
    for (const Resource* link : set.of_type("AWS::EC2::SubnetRouteTableAssociation")) {
      if (set.target(link->property("SubnetId")) != subnet) continue;
      const Resource* table = set.target(link->property("RouteTableId"));
      for (const Resource* route : set.of_type("AWS::EC2::Route")) {
        const bool is_default = route->property("DestinationCidrBlock").is("0.0.0.0/0");
        const Resource* own = set.target(route->property("RouteTableId"));
        if (is_default && own == table && table != nullptr) routes.push_back(route);
      }
    }
  }
  return routes;
}

void check_group_routes(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    for (const Resource* route : default_routes(checked.set, *group)) {
      if (checked.dependencies.after(*group, *route)) continue;
      report.add(*group, group->property("VPCZoneIdentifier"),
                 named(*group) + " may start instances before their default route " +
                     named(*route) + " is there");
    }
  }
}

bool names_target_group(const StackSet& set, const Value& actions, const Resource& target_group) {
  for (const Value* action : actions.each()) {
    if (set.target(action->at("TargetGroupArn")) == &target_group) return true;
    for (const Value* one : action->at("ForwardConfig").at("TargetGroups").each()) {
      if (set.target(one->at("TargetGroupArn")) == &target_group) return true;
    }
  }
  return false;
}

/// A listener, or rule of one, that joins the target group to a balancer, if the resource is made
/// after none of them; nullptr: after one, or there is none.
const Resource* missing_listener(const Checked& checked, const Resource& resource,
                                 const Resource& target_group) {
  const Resource* missing = nullptr;
  for (const std::string_view type : {"AWS::ElasticLoadBalancingV2::Listener",
                                      "AWS::ElasticLoadBalancingV2::ListenerRule"}) {
    for (const Resource* listener : checked.set.of_type(type)) {
      const Value& actions = type.ends_with("Rule") ? listener->property("Actions")
                                                    : listener->property("DefaultActions");
      if (!names_target_group(checked.set, actions, target_group)) continue;
      if (checked.dependencies.after(resource, *listener)) return nullptr;
      if (missing == nullptr) missing = listener;
    }
  }
  return missing;
}

void check_group_listener(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    for (const Resource* target_group : targets(checked.set, group->property("TargetGroupARNs"))) {
      const Resource* missing = missing_listener(checked, *group, *target_group);
      if (missing == nullptr) continue;
      report.add(*group, group->property("TargetGroupARNs"),
                 named(*group) + " may be made before " + named(*missing) + " serves " +
                     named(*target_group));
    }
  }
}

void check_group_mounts(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    const Resource* launch = launch_template_of(checked.set, *group);
    if (launch == nullptr) continue;
    for (const Resource* mount : checked.set.of_type("AWS::EFS::MountTarget")) {
      const Resource* system = checked.set.target(mount->property("FileSystemId"));
      const std::string& script = launch->property("LaunchTemplateData").at("UserData").text;
      const auto used = references_in(script);
      const bool mounts = std::any_of(used.begin(), used.end(), [&](const Reference& one) {
        const Resource* found = checked.set.find(one);
        if (found == nullptr) return false;
        return found == system || (found->type == "AWS::EFS::AccessPoint" &&
                                   checked.set.target(found->property("FileSystemId")) == system);
      });
      if (!mounts || system == nullptr || checked.dependencies.after(*group, *mount)) continue;
      report.add(*group, named(*group) + " may start instances that mount " + named(*system) +
                             " before " + named(*mount) + " is there");
    }
  }
}

void check_scaling_order(const Checked& checked, Report& report) {
  for (const Resource* policy : checked.set.of_type("AWS::AutoScaling::ScalingPolicy")) {
    const Value& metric = policy->property("TargetTrackingConfiguration")
                              .at("PredefinedMetricSpecification");
    if (!metric.at("PredefinedMetricType").is("ALBRequestCountPerTarget")) continue;
    const Value& label = metric.at("ResourceLabel");
    const auto used = references_in(label.text);
    const bool has_balancer = std::any_of(used.begin(), used.end(), [](const Reference& one) {
      return one.attribute == "LoadBalancerFullName";
    });
    const bool has_targets = std::any_of(used.begin(), used.end(), [](const Reference& one) {
      return one.attribute == "TargetGroupFullName";
    });
    const bool is_written = label.is_literal() && label.text.starts_with("app/") &&
                            label.text.find("/targetgroup/") != std::string::npos;
    if ((has_balancer && has_targets) || is_written) {
      const Resource* group = checked.set.target(policy->property("AutoScalingGroupName"));
      if (group == nullptr) continue;
      for (const Resource* target_group :
           targets(checked.set, group->property("TargetGroupARNs"))) {
        const Resource* missing = missing_listener(checked, *policy, *target_group);
        if (missing == nullptr) continue;
        report.add(*policy, named(*policy) + " may be made before " + named(*missing) +
                                " joins the target group to the balancer");
        break;
      }
      continue;
    }
    report.add(*policy, label,
               "ResourceLabel is LoadBalancerFullName/TargetGroupFullName, given " +
                   (label.given() ? sim::shown(readable(label.text)) : std::string("nothing")));
  }
}

constexpr Rule kRules[] = {
    {"route-after-attachment", "A route to an internet gateway waits for its attachment",
     "`route table and network gateway belong to different networks`, now and then.", kDependsOn,
     "give the route DependsOn the VPCGatewayAttachment", sim::Severity::error,
     check_gateway_routes},
    {"address-after-attachment", "An elastic address waits for the gateway's attachment",
     "Deleting the stack fails: the gateway has mapped public addresses.", kDependsOn,
     "give the EIP DependsOn the VPCGatewayAttachment", sim::Severity::error, check_addresses},
    {"group-after-routes", "An Auto Scaling group waits for its subnets' default routes",
     "Instances boot without a way out: package downloads and cfn-signal time out, and the stack "
     "rolls back.",
     kDependsOn, "give the group DependsOn its subnets' NAT routes", sim::Severity::error,
     check_group_routes},
    {"group-after-listener", "An Auto Scaling group waits for the listener of its target group",
     "Health checks stay `unused`, and request-count scaling fails with `target group not "
     "associated`.",
     kDependsOn, "give the group DependsOn the listener", sim::Severity::error,
     check_group_listener},
    {"group-after-mounts", "Instances that mount a file system wait for its mount targets",
     "The mount hangs on DNS and the signal times out (aws-samples/aws-refarch-wordpress issue "
     "56).",
     kDependsOn, "give the group DependsOn the mount targets", sim::Severity::error,
     check_group_mounts},
    {"request-scaling-label", "Scaling on requests names balancer and target group in full",
     "`The load balancer does not route traffic to the target group`.",
     "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/"
     "API_PredefinedMetricSpecification.html",
     "join LoadBalancerFullName and TargetGroupFullName with a slash, and give the policy "
     "DependsOn "
     "the listener",
     sim::Severity::error, check_scaling_order},
};

}  // namespace

std::span<const Rule> order_rules() { return kRules; }

}  // namespace shopsim::generator::checker
