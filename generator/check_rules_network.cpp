// Rules about networks, subnets, security groups, endpoints and balancers.
#include <algorithm>
#include <set>

#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kSubnets =
    "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html";
constexpr std::string_view kDns = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html";
constexpr std::string_view kBalancer =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "application-load-balancers.html";
constexpr std::string_view kGroups =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-ec2-securitygroup.html";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

void check_ranges(const Checked& checked, Report& report) {
  const auto& subnets = checked.network.subnets();
  for (std::size_t i = 0; i < subnets.size(); ++i) {
    const Subnet& subnet = subnets[i];
    const Value& value = subnet.resource->property("CidrBlock");
    if (!subnet.range) {
      if (value.is_literal()) {
        report.add(*subnet.resource, value, sim::shown(value.text) + " is no IPv4 range");
      }
      continue;
    }
    if (subnet.range->prefix < 16 || subnet.range->prefix > 28) {
      report.add(*subnet.resource, value, "a subnet has a prefix of /16 to /28, given " +
                                              sim::shown(value.text));
    }
    const auto whole = subnet.vpc == nullptr
                           ? std::nullopt
                           : models::parse_cidr(subnet.vpc->property("CidrBlock").text);
    if (whole && !whole->contains(*subnet.range)) {
      report.add(*subnet.resource, value, value.text + " lies outside the network's " +
                                              subnet.vpc->property("CidrBlock").text);
    }
    for (std::size_t j = 0; j < i; ++j) {
      const Subnet& other = subnets[j];
      if (other.vpc != subnet.vpc || !other.range) continue;
      if (!other.range->overlaps(*subnet.range)) continue;
      report.add(*subnet.resource, value, value.text + " overlaps " + named(*other.resource) +
                                              ", " + other.resource->property("CidrBlock").text);
    }
  }
}

void check_dns(const Checked& checked, Report& report) {
  for (const Resource* vpc : checked.set.of_type("AWS::EC2::VPC")) {
    const Resource* needs = nullptr;
    for (const Resource* endpoint : checked.set.of_type("AWS::EC2::VPCEndpoint")) {
      if (endpoint->property("PrivateDnsEnabled").is_true() &&
          checked.set.target(endpoint->property("VpcId")) == vpc) {
        needs = endpoint;
      }
    }
    for (const Resource* mount : checked.set.of_type("AWS::EFS::MountTarget")) {
      const Subnet* subnet =
          checked.network.subnet(checked.set.target(mount->property("SubnetId")));
      if (subnet != nullptr && subnet->vpc == vpc) needs = mount;
    }
    if (needs == nullptr) continue;
    for (const std::string_view name : {"EnableDnsHostnames", "EnableDnsSupport"}) {
      const Value& value = vpc->property(name);
      // Support is on unless it is switched off; host names are off unless switched on.
      const bool on = value.is_true() || (!value.given() && name == "EnableDnsSupport");
      if (on || (value.given() && !value.is_literal())) continue;
      report.add(*vpc, value, named(*needs) + " needs " + std::string(name) + " of " +
                                  named(*vpc));
    }
  }
}

std::set<std::string> zones_of(const Member& member) {
  std::set<std::string> zones;
  for (const Subnet* subnet : member.subnets) zones.insert(subnet->zone);
  return zones;
}

void check_balancer_subnets(const Checked& checked, Report& report) {
  for (const Member& member : checked.network.members()) {
    if (member.tier != Tier::balancer || member.subnets.empty()) continue;
    const Value& list = member.resource->property("Subnets");
    if (member.subnets.size() == list.each().size() && zones_of(member).size() < 2) {
      report.add(*member.resource, list,
                 named(*member.resource) + " has subnets in one zone only; it takes two or more");
    }
    if (zones_of(member).size() < member.subnets.size() && zones_of(member).size() > 1) {
      report.add(*member.resource, list,
                 named(*member.resource) + " has two subnets in one zone; it takes one of each");
    }
    if (!member.has_public_address) continue;
    for (const Subnet* subnet : member.subnets) {
      if (subnet->gateway_route != nullptr) continue;
      report.add(*member.resource, list, named(*member.resource) + " faces the internet, but " +
                                             named(*subnet->resource) +
                                             " has no route to an internet gateway");
    }
  }
}

std::vector<const Resource*> listeners(const StackSet& set) {
  return set.of_type("AWS::ElasticLoadBalancingV2::Listener");
}

void check_certificates(const Checked& checked, Report& report) {
  for (const Resource* listener : listeners(checked.set)) {
    const Value& protocol = listener->property("Protocol");
    const bool encrypts = protocol.is("HTTPS") || protocol.is("TLS");
    if (encrypts && listener->property("Certificates").each().empty()) {
      report.add(*listener, protocol, named(*listener) + " has no certificate");
    }
    if (!encrypts && listener->property("Certificates").given() && protocol.is_literal()) {
      report.add(*listener, protocol, "a certificate does nothing with " + protocol.text);
    }
  }
}

/// A target group, the balancers that serve it, and the members in it.
struct Served {
  const Resource* target_group;
  const Member* balancer;
  const Member* server;
};

std::vector<Served> served_groups(const Checked& checked) {
  std::vector<Served> result;
  for (const Member& server : checked.network.members()) {
    const Value& value = server.resource->property("TargetGroupARNs");
    for (const Resource* target_group : targets(checked.set, value)) {
      for (const Resource* listener : listeners(checked.set)) {
        const Resource* balancer = checked.set.target(listener->property("LoadBalancerArn"));
        bool forwards = false;
        for (const Value* action : listener->property("DefaultActions").each()) {
          forwards = forwards || checked.set.target(action->at("TargetGroupArn")) == target_group;
        }
        for (const Resource* rule :
             checked.set.of_type("AWS::ElasticLoadBalancingV2::ListenerRule")) {
          if (checked.set.target(rule->property("ListenerArn")) != listener) continue;
          for (const Value* action : rule->property("Actions").each()) {
            forwards = forwards || checked.set.target(action->at("TargetGroupArn")) == target_group;
          }
        }
        for (const Member& member : checked.network.members()) {
          if (forwards && member.resource == balancer) {
            result.push_back({target_group, &member, &server});
          }
        }
      }
    }
  }
  return result;
}

void check_targets(const Checked& checked, Report& report) {
  std::set<std::pair<const Resource*, const Resource*>> seen;
  for (const Served& one : served_groups(checked)) {
    if (!seen.emplace(one.target_group, one.balancer->resource).second) continue;
    const Value& port = one.target_group->property("Port");
    const auto number = port.number();
    if (!number || one.server->security_groups.empty()) continue;
    const int wanted = static_cast<int>(*number);
    if (!checked.network.may_admit(*one.balancer, *one.server, wanted)) {
      report.add(*one.target_group, port,
                 "no security group of " + named(*one.server->resource) + " lets " +
                     named(*one.balancer->resource) + " in on port " + port.text);
    } else if (!checked.network.lets_out(*one.balancer, *one.server, wanted)) {
      report.add(*one.target_group, port,
                 "no security group of " + named(*one.balancer->resource) +
                     " lets it out on port " + port.text + " to " +
                     named(*one.server->resource));
    }
  }
}

/// The usual stand-in for no rules at all: an address that nobody has.
bool is_placeholder(const Value& rule) {
  const Value& range = rule.at("CidrIp");
  return range.is("127.0.0.1/32") || range.is("255.255.255.255/32") ||
         rule.at("CidrIpv6").is("::1/128");
}

void check_drift(const Checked& checked, Report& report) {
  for (const std::string_view direction : {"Ingress", "Egress"}) {
    const std::string list = "SecurityGroup" + std::string(direction);
    for (const Resource* rule : checked.set.of_type("AWS::EC2::" + list)) {
      const Resource* group = checked.set.target(rule->property("GroupId"));
      if (group == nullptr) continue;
      const auto inline_rules = group->property(list).each();
      if (std::all_of(inline_rules.begin(), inline_rules.end(),
                      [](const Value* one) { return is_placeholder(*one); })) {
        continue;
      }
      report.add(*rule, named(*group) + " has " + list + " of its own beside " + named(*rule));
    }
  }
}

void check_endpoints(const Checked& checked, Report& report) {
  for (const Resource* endpoint : checked.set.of_type("AWS::EC2::VPCEndpoint")) {
    const Value& kind = endpoint->property("VpcEndpointType");
    const bool is_interface = kind.is("Interface");
    if (!is_interface && (!kind.given() || kind.is("Gateway"))) {
      if (endpoint->property("RouteTableIds").each().empty()) {
        report.add(*endpoint, named(*endpoint) + " is in no route table, so nothing uses it");
      }
      continue;
    }
    if (!is_interface) continue;
    if (endpoint->property("SubnetIds").each().empty()) {
      report.add(*endpoint, named(*endpoint) + " is in no subnet, so nothing reaches it");
    }
    const auto groups = targets(checked.set, endpoint->property("SecurityGroupIds"));
    if (groups.empty()) continue;
    const auto& rules = checked.network.ingress();
    const bool open = std::any_of(rules.begin(), rules.end(), [&](const TrafficRule& rule) {
      const bool own = std::find(groups.begin(), groups.end(), rule.group) != groups.end();
      return own && (rule.first_port < 0 || (rule.first_port <= 443 && 443 <= rule.last_port));
    });
    if (!open) {
      report.add(*endpoint, endpoint->property("SecurityGroupIds"),
                 "no security group of " + named(*endpoint) + " lets anybody in on port 443");
    }
  }
}

void check_open_ports(const Checked& checked, Report& report) {
  for (const TrafficRule& rule : checked.network.ingress()) {
    if (!rule.from_anywhere) continue;
    // Prefix lists are chosen by hand, e.g. CloudFront's.
    if (rule.value->at("SourcePrefixListId").given()) continue;
    const bool is_web = rule.first_port == rule.last_port &&
                        (rule.first_port == 80 || rule.first_port == 443);
    if (is_web) continue;
    const std::string ports =
        rule.first_port < 0 ? "all ports"
                            : "ports " + std::to_string(rule.first_port) + " to " +
                                  std::to_string(rule.last_port);
    report.add(*rule.group, *rule.value, named(*rule.group) + " is open to the internet on " +
                                             ports);
  }
}

constexpr Rule kRules[] = {
    {"subnet-range", "Subnets lie in their network, do not overlap, and are /16 to /28",
     "`The CIDR 'x' conflicts with another subnet`.", kSubnets, "choose another range",
     sim::Severity::error, check_ranges},
    {"dns-attributes", "DNS names are on where mount targets and private endpoints need them",
     "Mounts hang on `Failed to resolve`; endpoints are refused.", kDns,
     "set EnableDnsHostnames and EnableDnsSupport: true", sim::Severity::error, check_dns},
    {"balancer-subnets", "A balancer has one subnet in each of two zones, public if it is",
     "`At least two subnets in two different Availability Zones must be specified`; or nobody "
     "reaches it.",
     kBalancer, "give it one public subnet in each zone", sim::Severity::error,
     check_balancer_subnets},
    {"listener-certificate", "An HTTPS listener has a certificate",
     "`A certificate must be specified for HTTPS listeners`.", kBalancer,
     "set Certificates, or correct the Protocol", sim::Severity::error, check_certificates},
    {"balancer-reaches-targets", "The balancer may open connections to its targets' port",
     "All targets are unhealthy and every request answers 504.",
     "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
     "load-balancer-update-security-groups.html",
     "allow the port between both security groups", sim::Severity::error, check_targets},
    {"security-group-drift", "A security group's rules stand in one place",
     "Inline and separate rules of one group overwrite each other and show as drift; a group with "
     "inline rules that name each other cannot be made at all.",
     kGroups, "move the inline rules into resources of their own", sim::Severity::warning,
     check_drift},
    {"endpoint-reachable", "Endpoints are in route tables, or in subnets and open on port 443",
     "Calls go through the NAT gateway after all, or time out.",
     "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
     "set RouteTableIds, or SubnetIds and a security group open to the network on 443",
     sim::Severity::error, check_endpoints},
    {"open-port", "Only ports 80 and 443 are open to the internet",
     "Everything else is found and tried within minutes.", kGroups,
     "limit the rule to a security group or a range of the network", sim::Severity::error,
     check_open_ports},
};

}  // namespace

std::span<const Rule> network_rules() { return kRules; }

}  // namespace shopsim::generator::checker
