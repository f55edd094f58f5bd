#include "generator/check_redundancy.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "generator/check_reach.hpp"
#include "generator/check_support.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator::checker {
namespace {

/// Something that one failure can take away.
struct Part {
  const Member* member = nullptr;  ///< nullptr: a NAT gateway
  const Resource* resource = nullptr;
  std::set<const Resource*> subnets;  ///< the loss of any of them takes it away
  std::set<std::string> zones;
  bool is_whole = true;  ///< the loss of one instance takes it away
  const Subnet* server_subnet = nullptr;  ///< of servers
};

/// A loss and what it closes.
struct Loss {
  std::string what;
  std::function<bool(const Part&)> takes;
};

std::string named(const Resource& resource) { return sim::shown(resource.id); }

std::string readable_zone(const std::string& zone) {
  const std::string text = readable(zone);
  // `${AWS::Zone0}` is Fn::Select [0, GetAZs].
  const std::size_t at = text.find("AWS::Zone");
  return at == std::string::npos ? text : "number " + text.substr(at + 9, 1);
}

/// Whether a cache keeps working without one node, and without one zone.
bool survives_node(const Resource& cache) {
  const auto clusters = cache.property("NumCacheClusters").number();
  const auto replicas = cache.property("ReplicasPerNodeGroup").number();
  const bool unknown = (cache.property("NumCacheClusters").given() && !clusters) ||
                       (cache.property("ReplicasPerNodeGroup").given() && !replicas);
  const bool several = unknown || clusters.value_or(1) >= 2 || replicas.value_or(0) >= 1;
  return several && cache.property("AutomaticFailoverEnabled").is_true();
}

class Model {
 public:
  Model(const StackSet& set, const Network& network) : set_(set), network_(network) {
    for (const Member& member : network.members()) add(member);
    for (const Resource* nat : set.of_type("AWS::EC2::NatGateway")) add_nat(*nat);
    connect();
  }
  [[nodiscard]] bool has_path_at_all() const;
  [[nodiscard]] std::vector<Loss> losses() const;
  /// What is missing after a loss; nothing: the shop works.
  [[nodiscard]] std::optional<Breakdown> broken_by(const Loss& loss) const;

 private:
  void add(const Member& member);
  /// How the copies of some data lie.
  struct Copies {
    bool zones_apart = false;  ///< one in each zone; else together, or only one
    bool is_one = true;        ///< the loss of one instance takes a copy away
  };
  void add_copies(const Member& member, const Copies& copies);
  void add_nat(const Resource& nat);
  void connect();
  [[nodiscard]] bool is_open(const Member& from, const Member& to) const;
  [[nodiscard]] std::vector<const Resource*> needs_of(const Part& server) const;
  [[nodiscard]] bool reaches(std::size_t server, const Resource& needed,
                             const std::vector<bool>& closed) const;

  const StackSet& set_;
  const Network& network_;
  std::vector<Part> parts_;  ///< vertex 0 of the graph is the internet, part i is vertex i + 1
  std::unique_ptr<ReachGraph> graph_;
};

void Model::add_copies(const Member& member, const Copies& copies) {
  if (!copies.zones_apart) {
    // One copy, or copies that may lie together: any of its zones may be the one.
    Part part{&member, member.resource, {}, {}, copies.is_one, nullptr};
    for (const Subnet* subnet : member.subnets) {
      part.subnets.insert(subnet->resource);
      part.zones.insert(subnet->zone);
    }
    parts_.push_back(std::move(part));
    return;
  }
  std::set<std::string> zones;
  for (const Subnet* subnet : member.subnets) {
    if (!zones.insert(subnet->zone).second) continue;
    parts_.push_back({&member, member.resource, {subnet->resource}, {subnet->zone}, copies.is_one,
                      nullptr});
  }
}

void Model::add(const Member& member) {
  const Resource& resource = *member.resource;
  switch (member.tier) {
    case Tier::balancer:
    case Tier::web:
      for (const Subnet* subnet : member.subnets) {
        const bool is_web = member.tier == Tier::web;
        const auto least = resource.property("MinSize").number();
        const bool is_one = is_web && least && *least < 2;
        parts_.push_back({&member, &resource, {subnet->resource}, {subnet->zone}, is_one,
                          is_web ? subnet : nullptr});
      }
      break;
    case Tier::database: {
      const Value& twice = resource.property("MultiAZ");
      const bool is_double = twice.is_true() || (twice.given() && !twice.is_literal());
      add_copies(member, {.zones_apart = is_double, .is_one = true});
      break;
    }
    case Tier::cache: {
      const bool fails_over = survives_node(resource);
      const bool apart = fails_over && resource.property("MultiAZEnabled").is_true();
      add_copies(member, {.zones_apart = apart, .is_one = apart || !fails_over});
      break;
    }
    case Tier::file_system:
      add_copies(member, {.zones_apart = true, .is_one = false});  // no instance of ours
      break;
    case Tier::other: break;
  }
}

void Model::add_nat(const Resource& nat) {
  if (!nat.present) return;
  Part part{nullptr, &nat, {}, {}, false, nullptr};
  if (const Subnet* subnet = network_.subnet(set_.target(nat.property("SubnetId")))) {
    part.subnets.insert(subnet->resource);
    part.zones.insert(subnet->zone);
  }
  parts_.push_back(std::move(part));
}

bool Model::is_open(const Member& from, const Member& to) const {
  if (from.tier == Tier::balancer) return network_.may_admit(from, to);
  const int port = port_of_data(to);
  return network_.may_admit(from, to, port) && network_.lets_out(from, to, port);
}

void Model::connect() {
  graph_ = std::make_unique<ReachGraph>(parts_.size() + 1);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& from = parts_[i];
    if (from.member == nullptr) continue;
    if (from.member->tier == Tier::balancer) graph_->connect(0, i + 1);
    for (std::size_t j = 0; j < parts_.size(); ++j) {
      const Part& to = parts_[j];
      if (to.member == nullptr) {
        // A subnet leaves through the NAT gateway of its own route table only.
        if (from.server_subnet != nullptr && from.server_subnet->nat == to.resource) {
          graph_->connect(i + 1, j + 1);
        }
        continue;
      }
      const bool to_server = from.member->tier == Tier::balancer && to.member->tier == Tier::web;
      const bool to_data = from.member->tier == Tier::web && to.server_subnet == nullptr &&
                           to.member->tier != Tier::balancer;
      // A mount target serves its own zone.
      const bool other_zone = to.member->tier == Tier::file_system &&
                              !to.zones.contains(*from.zones.begin());
      if ((to_server || (to_data && !other_zone)) && is_open(*from.member, *to.member)) {
        graph_->connect(i + 1, j + 1);
      }
    }
  }
}

/// What a server is connected to when nothing is lost, of any of its group's subnets.
std::vector<const Resource*> Model::needs_of(const Part& server) const {
  std::vector<const Resource*> needs;
  const std::vector<bool> open(parts_.size() + 1, false);
  for (std::size_t j = 0; j < parts_.size(); ++j) {
    if (parts_[j].member == nullptr || parts_[j].member->tier == Tier::balancer ||
        parts_[j].server_subnet != nullptr) {
      continue;
    }
    const Resource* needed = parts_[j].member->tier == Tier::file_system
                                 ? set_.target(parts_[j].resource->property("FileSystemId"))
                                 : parts_[j].resource;
    if (needed == nullptr || std::find(needs.begin(), needs.end(), needed) != needs.end()) continue;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].member != server.member) continue;
      if (!graph_->path(i + 1, j + 1, open).empty()) {
        needs.push_back(needed);
        break;
      }
    }
  }
  return needs;
}

bool Model::reaches(std::size_t server, const Resource& needed,
                    const std::vector<bool>& closed) const {
  for (std::size_t j = 0; j < parts_.size(); ++j) {
    const Part& part = parts_[j];
    const bool is_it =
        part.resource == &needed ||
        (part.member != nullptr && part.member->tier == Tier::file_system &&
         set_.target(part.resource->property("FileSystemId")) == &needed);
    if (is_it && !graph_->path(server + 1, j + 1, closed).empty()) return true;
  }
  return false;
}

bool Model::has_path_at_all() const {
  const std::vector<bool> open(parts_.size() + 1, false);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].server_subnet != nullptr && !graph_->path(0, i + 1, open).empty()) return true;
  }
  return false;
}

std::vector<Loss> Model::losses() const {
  std::vector<Loss> result;
  std::set<std::string> zones;
  std::set<const Resource*> subnets;
  std::set<const Resource*> gateways;
  std::set<const Resource*> instances;
  for (const Part& part : parts_) {
    zones.insert(part.zones.begin(), part.zones.end());
    subnets.insert(part.subnets.begin(), part.subnets.end());
    if (part.member == nullptr) gateways.insert(part.resource);
    if (part.is_whole) instances.insert(part.resource);
  }
  for (const std::string& zone : zones) {
    result.push_back({"zone " + readable_zone(zone),
                      [zone](const Part& part) { return part.zones.contains(zone); }});
  }
  for (const Subnet& subnet : network_.subnets()) {
    const Resource* resource = subnet.resource;
    if (!subnets.contains(resource)) continue;
    result.push_back({"subnet " + named(*resource), [resource](const Part& part) {
                        return part.subnets.contains(resource);
                      }});
  }
  for (const Part& part : parts_) {
    const Resource* resource = part.resource;
    if (gateways.erase(resource) == 0) continue;
    result.push_back({"NAT gateway " + named(*resource),
                      [resource](const Part& one) { return one.resource == resource; }});
  }
  for (const Part& part : parts_) {
    const Resource* resource = part.resource;
    if (instances.erase(resource) == 0) continue;
    // One instance of several is one part; a lone one is everything.
    const Part* first = &part;
    const bool is_web = part.server_subnet != nullptr;
    result.push_back({"one instance of " + named(*resource),
                      [resource, first, is_web](const Part& one) {
                        return is_web ? one.resource == resource : &one == first;
                      }});
  }
  return result;
}

/// The property that should ask for a second one.
const Value& property_of(const Resource& resource) {
  if (resource.type == "AWS::RDS::DBInstance") return resource.property("MultiAZ");
  if (resource.type == "AWS::ElastiCache::ReplicationGroup") {
    const Value& zones = resource.property("MultiAZEnabled");
    return survives_node(resource) ? zones : resource.property("AutomaticFailoverEnabled");
  }
  return resource.property("SubnetId");
}

std::optional<Breakdown> Model::broken_by(const Loss& loss) const {
  std::vector<bool> closed(parts_.size() + 1, false);
  for (std::size_t i = 0; i < parts_.size(); ++i) closed[i + 1] = loss.takes(parts_[i]);
  const std::string start = "without " + loss.what + " no working path is left: ";
  Breakdown last;
  bool some_server = false;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& server = parts_[i];
    if (server.server_subnet == nullptr) continue;
    if (last.culprit == nullptr) {
      const bool too_few = server.is_whole;
      last = {start + "no server of " + named(*server.resource) + " remains", server.resource,
              &server.resource->property(too_few ? "MinSize" : "VPCZoneIdentifier")};
    }
    if (closed[i + 1]) continue;
    if (graph_->path(0, i + 1, closed).empty()) {
      if (some_server) continue;
      for (const Part& part : parts_) {
        if (part.member == nullptr || part.member->tier != Tier::balancer) continue;
        last = {start + "no node of " + named(*part.resource) + " reaches a server", part.resource,
                &part.resource->property("Subnets")};
      }
      continue;
    }
    some_server = true;
    const Resource* missing = nullptr;
    for (const Resource* needed : needs_of(server)) {
      if (missing == nullptr && !reaches(i, *needed, closed)) missing = needed;
    }
    if (missing != nullptr) {
      last = {start + "internet -> balancer -> " + std::string(server.resource->id) + " in " +
                  std::string(server.server_subnet->resource->id) + " has no way to " +
                  named(*missing),
              missing, &property_of(*missing)};
      continue;
    }
    const Resource* nat = server.server_subnet->nat;
    if (nat != nullptr && !reaches(i, *nat, closed)) {
      last = {start + "internet -> balancer -> " + std::string(server.resource->id) + " in " +
                  std::string(server.server_subnet->resource->id) + " has no way out but " +
                  named(*nat),
              nat, &property_of(*nat)};
      continue;
    }
    return std::nullopt;
  }
  return last;
}

}  // namespace

int port_of_data(const Member& member) {
  const Resource& resource = *member.resource;
  if (const auto port = resource.property("Port").number()) return static_cast<int>(*port);
  switch (member.tier) {
    case Tier::database: {
      const std::string& engine = resource.property("Engine").text;
      if (engine.find("postgres") != std::string::npos) return 5432;
      if (engine.starts_with("sqlserver")) return 1433;
      if (engine.starts_with("oracle")) return 1521;
      return 3306;
    }
    case Tier::cache: return 6379;
    case Tier::file_system: return 2049;
    case Tier::balancer:
    case Tier::web:
    case Tier::other: break;
  }
  return -1;
}

std::vector<Breakdown> breakdowns(const StackSet& set, const Network& network) {
  const Model model(set, network);
  std::vector<Breakdown> result;
  if (!model.has_path_at_all()) return result;
  for (const Loss& loss : model.losses()) {
    if (auto one = model.broken_by(loss)) result.push_back(std::move(*one));
  }
  return result;
}

}  // namespace shopsim::generator::checker
