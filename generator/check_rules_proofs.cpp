// Proofs on the emitted network: what the internet cannot reach, and what one failure cannot stop.
#include <algorithm>
#include <set>

#include "generator/check_reach.hpp"
#include "generator/check_redundancy.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kTiers =
    "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_network_protection_"
    "create_layers.html";
constexpr std::string_view kFaults =
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
    "use-fault-isolation-to-protect-your-workload.html";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

bool holds_data(const Member& member) {
  return member.tier == Tier::database || member.tier == Tier::cache ||
         member.tier == Tier::file_system;
}

bool share_network(const Member& a, const Member& b) {
  for (const Subnet* one : a.subnets) {
    for (const Subnet* other : b.subnets) {
      if (one->vpc == other->vpc) return true;
    }
  }
  return a.subnets.empty() || b.subnets.empty();
}

/// Who may open a connection to whom: vertex 0 is the internet, then the members.
void connect_members(const Network& network, ReachGraph& graph) {
  const auto& members = network.members();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (network.faces_internet(members[i]) && network.admits_internet(members[i]) != nullptr) {
      graph.connect(0, i + 1);
    }
    for (std::size_t j = 0; j < members.size(); ++j) {
      if (i == j || !share_network(members[i], members[j])) continue;
      const bool open = network.admits(members[i], members[j]) != nullptr &&
                        network.lets_out(members[i], members[j]);
      if (open) graph.connect(i + 1, j + 1);
    }
  }
}

std::string path_text(const std::vector<Member>& members, const std::vector<std::size_t>& path) {
  std::string text = "internet";
  for (std::size_t i = 1; i < path.size(); ++i) {
    text += " -> " + std::string(members[path[i] - 1].resource->id);
  }
  return text;
}

/// Reports paths to data that avoid a tier.
void check_avoiding(const Checked& checked, const ReachGraph& graph, Tier tier, Report& report) {
  const auto& members = checked.network.members();
  std::vector<bool> closed(members.size() + 1, false);
  for (std::size_t i = 0; i < members.size(); ++i) closed[i + 1] = members[i].tier == tier;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!holds_data(members[i])) continue;
    const auto path = graph.path(0, i + 1, closed);
    if (path.empty()) continue;
    const Member& first = members[path[1] - 1];
    const TrafficRule* rule =
        tier == Tier::balancer || path.size() == 2
            ? checked.network.admits_internet(first)
            : checked.network.admits(members[path[path.size() - 2] - 1], members[i]);
    if (rule == nullptr) continue;
    report.add(*rule->group, *rule->value,
               "the internet reaches the " + std::string(to_text(members[i].tier)) + " " +
                   named(*members[i].resource) + " around the " + std::string(to_text(tier)) +
                   ": " + path_text(members, path));
  }
}

void check_internet_paths(const Checked& checked, Report& report) {
  ReachGraph graph(checked.network.members().size() + 1);
  connect_members(checked.network, graph);
  check_avoiding(checked, graph, Tier::balancer, report);
  check_avoiding(checked, graph, Tier::web, report);
}

void check_data_routes(const Checked& checked, Report& report) {
  std::set<const Resource*> seen;
  for (const Member& member : checked.network.members()) {
    if (!holds_data(member)) continue;
    if (member.has_public_address) {
      report.add(*member.resource, member.resource->property("PubliclyAccessible"),
                 named(*member.resource) + " asks for a public address");
    }
    for (const Subnet* subnet : member.subnets) {
      if (subnet->gateway_route == nullptr || !seen.insert(subnet->resource).second) continue;
      report.add(*subnet->gateway_route, named(*subnet->resource) + ", where the " +
                                             std::string(to_text(member.tier)) + " " +
                                             named(*member.resource) +
                                             " lies, is routed to the internet");
    }
  }
}

void check_reachable(const Checked& checked, Report& report) {
  const auto& members = checked.network.members();
  bool has_clients = false;
  for (const Member& member : members) {
    if (member.tier != Tier::web) continue;
    has_clients = true;
    if (member.security_groups.empty()) return;  // they come from outside of the set
  }
  for (const Member& member : members) {
    if (!holds_data(member) || !has_clients || member.security_groups.empty()) continue;
    const int port = port_of_data(member);
    const bool open = std::any_of(members.begin(), members.end(), [&](const Member& from) {
      return !holds_data(from) && share_network(from, member) &&
             checked.network.may_admit(from, member, port) &&
             checked.network.lets_out(from, member, port);
    });
    if (open) continue;
    report.add(*member.resource, "no server may open a connection to the " +
                                     std::string(to_text(member.tier)) + " " +
                                     named(*member.resource) + " on port " +
                                     std::to_string(port));
  }
}

void check_failures(const Checked& checked, Report& report) {
  for (const Breakdown& one : breakdowns(checked.set, checked.network)) {
    report.add(*one.culprit, *one.value, one.message);
  }
}

constexpr Rule kRules[] = {
    {"internet-path",
     "No path leads from the internet to data except through the balancer and the web tier",
     "Proved on the graph of public addresses, routes and security groups; network ACLs are not "
     "counted, as they can only forbid more.",
     kTiers, "limit the security group to the tier before it", sim::Severity::error,
     check_internet_paths},
    {"data-route", "Subnets of databases, caches and file systems are not routed to the internet",
     "One wrong security group is then enough to expose them.", kTiers,
     "use subnets whose route table has no internet gateway, and PubliclyAccessible: false",
     sim::Severity::error, check_data_routes},
    {"data-reachable", "Some server may open connections to each database, cache and file system",
     "Every request that needs it fails.", kTiers,
     "allow its port from the web tier's security group", sim::Severity::error, check_reachable},
    {"single-failure", "Without any one zone, subnet, NAT gateway or instance the shop still works",
     "Proved by taking away each of them: a path must remain from the internet through a balancer "
     "node and a server to every database, cache and file system, and out.",
     kFaults, "add a second one in another zone", sim::Severity::error, check_failures},
};

}  // namespace

std::span<const Rule> proof_rules() { return kRules; }

}  // namespace shopsim::generator::checker
