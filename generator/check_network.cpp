#include "generator/check_network.hpp"

#include <algorithm>

#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

bool is_anywhere(const Value& rule) {
  return rule.at("CidrIp").is("0.0.0.0/0") || rule.at("CidrIpv6").is("::/0") ||
         rule.at("SourcePrefixListId").given() || rule.at("DestinationPrefixListId").given();
}

/// Whether a range holds addresses outside RFC 1918 and the like, that is, of the internet.
bool is_public(const models::Cidr& range) {
  for (const std::string_view text :
       {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"}) {
    const auto inside = models::parse_cidr(text);
    if (inside && inside->contains(range)) return false;
  }
  return true;
}

int port_of(const Value& value) {
  const auto number = value.number();
  return number ? static_cast<int>(*number) : -1;
}

bool covers_port(const TrafficRule& rule, std::optional<int> port) {
  if (!port || rule.first_port < 0) return true;
  return rule.first_port <= *port && *port <= rule.last_port;
}

/// Whether the addresses of a member's subnets overlap a range; unknown ranges may.
bool lies_in(const Member& member, const models::Cidr& range) {
  return member.subnets.empty() ||
         std::any_of(member.subnets.begin(), member.subnets.end(), [&](const Subnet* subnet) {
           return !subnet->range || subnet->range->overlaps(range);
         });
}

bool has_group(const Member& member, const Resource* group) {
  return std::find(member.security_groups.begin(), member.security_groups.end(), group) !=
         member.security_groups.end();
}

}  // namespace

std::string_view to_text(Tier tier) {
  switch (tier) {
    case Tier::balancer: return "balancer";
    case Tier::web: return "web tier";
    case Tier::database: return "database";
    case Tier::cache: return "cache";
    case Tier::file_system: return "file system";
    case Tier::other: return "resource";
  }
  return "?";
}

Network::Network(const StackSet& set) : set_(set) {
  read_subnets();
  read_routes();
  read_rules();
  read_members();
}

void Network::read_subnets() {
  for (const Resource* resource : set_.of_type("AWS::EC2::Subnet")) {
    if (!resource->present) continue;
    Subnet subnet;
    subnet.resource = resource;
    subnet.vpc = set_.target(resource->property("VpcId"));
    const Value& zone = resource->property("AvailabilityZone");
    // A subnet without a zone lies in one of AWS's choice, perhaps the same as another's.
    subnet.zone = zone.is_text() ? zone.text : "any zone";
    subnet.range = models::parse_cidr(resource->property("CidrBlock").text);
    subnet.gives_public_addresses = resource->property("MapPublicIpOnLaunch").is_true();
    subnets_.push_back(std::move(subnet));
  }
}

void Network::read_routes() {
  for (const Resource* route : set_.of_type("AWS::EC2::Route")) {
    const bool is_default = route->property("DestinationCidrBlock").is("0.0.0.0/0") ||
                            route->property("DestinationIpv6CidrBlock").is("::/0");
    const Resource* table = set_.target(route->property("RouteTableId"));
    if (!is_default || table == nullptr || !route->present) continue;
    const Resource* gateway = set_.target(route->property("GatewayId"));
    const Resource* nat = set_.target(route->property("NatGatewayId"));
    for (const Resource* link : set_.of_type("AWS::EC2::SubnetRouteTableAssociation")) {
      if (set_.target(link->property("RouteTableId")) != table) continue;
      const Resource* target = set_.target(link->property("SubnetId"));
      for (Subnet& subnet : subnets_) {
        if (subnet.resource != target) continue;
        if (gateway != nullptr && gateway->type == "AWS::EC2::InternetGateway") {
          subnet.gateway_route = route;
        }
        if (nat != nullptr && nat->present) subnet.nat = nat;
      }
    }
  }
}

void Network::add_rules(const Resource& group, const Value& value, bool is_ingress) {
  TrafficRule rule;
  rule.group = &group;
  rule.value = &value;
  rule.from_anywhere = is_anywhere(value);
  rule.range = models::parse_cidr(value.at("CidrIp").text);
  const Value& peer = value.at(is_ingress ? "SourceSecurityGroupId" : "DestinationSecurityGroupId");
  rule.peer_group = set_.target(peer);
  const bool has_range = value.at("CidrIp").given();
  rule.is_unknown = value.kind == ValueKind::unknown ||
                    (peer.given() && rule.peer_group == nullptr) || (has_range && !rule.range);
  const bool all = value.at("IpProtocol").is("-1");
  rule.first_port = all ? -1 : port_of(value.at("FromPort"));
  rule.last_port = all ? -1 : port_of(value.at("ToPort"));
  if (!rule.from_anywhere && rule.range && is_public(*rule.range)) rule.from_anywhere = true;
  (is_ingress ? ingress_ : egress_).push_back(rule);
  if (!is_ingress) limits_egress_.insert(&group);
}

void Network::read_rules() {
  for (const Resource* group : set_.of_type("AWS::EC2::SecurityGroup")) {
    for (const Value* rule : group->property("SecurityGroupIngress").each()) {
      add_rules(*group, *rule, true);
    }
    for (const Value* rule : group->property("SecurityGroupEgress").each()) {
      add_rules(*group, *rule, false);
    }
  }
  for (const Resource* rule : set_.of_type("AWS::EC2::SecurityGroupIngress")) {
    const Resource* group = set_.target(rule->property("GroupId"));
    if (group != nullptr && rule->present) add_rules(*group, rule->properties(), true);
  }
  for (const Resource* rule : set_.of_type("AWS::EC2::SecurityGroupEgress")) {
    const Resource* group = set_.target(rule->property("GroupId"));
    if (group != nullptr && rule->present) add_rules(*group, rule->properties(), false);
  }
}

std::vector<const Subnet*> Network::subnets_in(const Value& list) const {
  std::vector<const Subnet*> result;
  for (const Resource* resource : targets(set_, list)) {
    if (const Subnet* found = subnet(resource)) result.push_back(found);
  }
  return result;
}

Member& Network::add_member(const Resource& resource, Tier tier, const Value& subnets,
                            const Value& security_groups) {
  Member member;
  member.resource = &resource;
  member.tier = tier;
  member.subnets = subnets_in(subnets);
  for (const Resource* group : targets(set_, security_groups)) {
    member.security_groups.push_back(group);
  }
  members_.push_back(std::move(member));
  return members_.back();
}

void Network::read_members() {
  static const Value kNone{};
  for (const Resource* one : set_.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer")) {
    Member& balancer = add_member(*one, Tier::balancer, one->property("Subnets"),
                                  one->property("SecurityGroups"));
    balancer.has_public_address = !one->property("Scheme").is("internal");
  }
  for (const Resource* one : set_.of_type("AWS::AutoScaling::AutoScalingGroup")) {
    const Resource* launch = launch_template_of(set_, *one);
    const Resource* configuration = set_.target(one->property("LaunchConfigurationName"));
    const Value& data = launch == nullptr ? kNone : launch->property("LaunchTemplateData");
    const auto interfaces = data.at("NetworkInterfaces").each();
    const Value& groups = interfaces.empty() || !interfaces[0]->at("Groups").given()
                              ? data.at("SecurityGroupIds")
                              : interfaces[0]->at("Groups");
    const bool is_served = one->property("TargetGroupARNs").given();
    Member& web = add_member(*one, is_served ? Tier::web : Tier::other,
                             one->property("VPCZoneIdentifier"), groups);
    const Value& address =
        interfaces.empty() ? kNone : interfaces[0]->at("AssociatePublicIpAddress");
    web.has_public_address = address.is_true();
    web.follows_subnet = !address.given();
    if (configuration != nullptr) {
      const Value& old_address = configuration->property("AssociatePublicIpAddress");
      web.security_groups = targets(set_, configuration->property("SecurityGroups"));
      web.has_public_address = old_address.is_true();
      web.follows_subnet = !old_address.given();
    }
  }
  for (const Resource* one : set_.of_type("AWS::EC2::Instance")) {
    Member& instance =
        add_member(*one, Tier::other, one->property("SubnetId"), one->property("SecurityGroupIds"));
    instance.follows_subnet = true;
    for (const Resource* address : set_.of_type("AWS::EC2::EIP")) {
      if (set_.target(address->property("InstanceId")) == one) instance.has_public_address = true;
    }
  }
  for (const Resource* one : set_.of_type("AWS::RDS::DBInstance")) {
    const Resource* group = set_.target(one->property("DBSubnetGroupName"));
    Member& database = add_member(*one, Tier::database,
                                  group == nullptr ? kNone : group->property("SubnetIds"),
                                  one->property("VPCSecurityGroups"));
    database.has_public_address = one->property("PubliclyAccessible").is_true();
  }
  for (const Resource* one : set_.of_type("AWS::ElastiCache::ReplicationGroup")) {
    const Resource* group = set_.target(one->property("CacheSubnetGroupName"));
    add_member(*one, Tier::cache, group == nullptr ? kNone : group->property("SubnetIds"),
               one->property("SecurityGroupIds"));
  }
  for (const Resource* one : set_.of_type("AWS::EFS::MountTarget")) {
    add_member(*one, Tier::file_system, one->property("SubnetId"), one->property("SecurityGroups"));
  }
  for (const Resource* one : set_.of_type("AWS::Lambda::Function")) {
    const Value& vpc = one->property("VpcConfig");
    if (vpc.given()) {
      add_member(*one, Tier::other, vpc.at("SubnetIds"), vpc.at("SecurityGroupIds"));
    }
  }
  std::erase_if(members_, [](const Member& member) { return !member.resource->present; });
}

const Subnet* Network::subnet(const Resource* resource) const {
  const auto found = std::find_if(subnets_.begin(), subnets_.end(), [&](const Subnet& one) {
    return one.resource == resource;
  });
  return found == subnets_.end() ? nullptr : &*found;
}

bool Network::faces_internet(const Member& member) const {
  return std::any_of(member.subnets.begin(), member.subnets.end(), [&](const Subnet* one) {
    const bool has_address =
        member.has_public_address || (member.follows_subnet && one->gives_public_addresses);
    return has_address && one->gateway_route != nullptr;
  });
}

const TrafficRule* Network::admits_internet(const Member& to) const {
  for (const TrafficRule& rule : ingress_) {
    if (rule.from_anywhere && has_group(to, rule.group)) return &rule;
  }
  return nullptr;
}

const TrafficRule* Network::admits(const Member& from, const Member& to,
                                   std::optional<int> port) const {
  for (const TrafficRule& rule : ingress_) {
    if (!has_group(to, rule.group) || !covers_port(rule, port)) continue;
    if (rule.peer_group != nullptr && has_group(from, rule.peer_group)) return &rule;
    const bool in_range = rule.range && lies_in(from, *rule.range);
    if (rule.peer_group == nullptr && (rule.from_anywhere || in_range)) return &rule;
  }
  return nullptr;
}

bool Network::may_admit(const Member& from, const Member& to, std::optional<int> port) const {
  if (to.security_groups.empty() || admits(from, to, port) != nullptr) return true;
  return std::any_of(ingress_.begin(), ingress_.end(), [&](const TrafficRule& rule) {
    return rule.is_unknown && has_group(to, rule.group) && covers_port(rule, port);
  });
}

bool Network::lets_out(const Member& from, const Member& to, std::optional<int> port) const {
  for (const Resource* group : from.security_groups) {
    // A group without egress rules lets everything out.
    if (!limits_egress_.contains(group)) return true;
  }
  return from.security_groups.empty() ||
         std::any_of(egress_.begin(), egress_.end(), [&](const TrafficRule& rule) {
           if (!has_group(from, rule.group) || !covers_port(rule, port)) return false;
           if (rule.peer_group != nullptr) return has_group(to, rule.peer_group);
           return rule.is_unknown || rule.from_anywhere || (rule.range && lies_in(to, *rule.range));
         });
}

}  // namespace shopsim::generator::checker
