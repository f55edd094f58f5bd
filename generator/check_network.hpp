#pragma once
/// Who can talk to whom in the emitted network? Subnets, routes, security groups and public
/// addresses, read from the resources of a set.
///
/// Leaves out: network ACLs (they can only forbid more), peering, transit gateways and VPNs (what
/// comes in there is unknown), and prefix lists, which count as part of the internet.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_stacks.hpp"
#include "models/cidr.hpp"

namespace shopsim::generator::checker {

struct Subnet {
  const Resource* resource = nullptr;
  const Resource* vpc = nullptr;
  std::string zone;  ///< as resolved text; equal texts are one zone
  std::optional<models::Cidr> range;
  const Resource* gateway_route = nullptr;  ///< its default route to an internet gateway
  const Resource* nat = nullptr;            ///< where its default route leads instead
  bool gives_public_addresses = false;
};

enum class Tier : std::uint8_t { balancer, web, database, cache, file_system, other };
std::string_view to_text(Tier tier);

/// Something with a network interface.
struct Member {
  const Resource* resource = nullptr;
  Tier tier = Tier::other;
  std::vector<const Subnet*> subnets;
  std::vector<const Resource*> security_groups;
  bool has_public_address = false;
  bool follows_subnet = false;  ///< has a public address where its subnet gives one
};

/// One rule of a security group; ports -1..-1: all.
struct TrafficRule {
  const Resource* group = nullptr;      ///< whose rule it is
  const Resource* peer_group = nullptr; ///< nullptr: a range, or unknown
  std::optional<models::Cidr> range;
  bool from_anywhere = false;           ///< 0.0.0.0/0, ::/0 or a prefix list
  bool is_unknown = false;              ///< whom it admits is known at deployment only
  int first_port = -1;
  int last_port = -1;
  const Value* value = nullptr;
};

class Network {
 public:
  explicit Network(const StackSet& set);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  [[nodiscard]] const std::vector<Subnet>& subnets() const { return subnets_; }
  [[nodiscard]] const std::vector<Member>& members() const { return members_; }
  [[nodiscard]] const std::vector<TrafficRule>& ingress() const { return ingress_; }
  [[nodiscard]] const Subnet* subnet(const Resource* resource) const;
  /// The ingress rule by which something on the internet may open a connection to a member.
  [[nodiscard]] const TrafficRule* admits_internet(const Member& to) const;
  /// The ingress rule by which one member may open a connection to another, on `port` if given.
  [[nodiscard]] const TrafficRule* admits(const Member& from, const Member& to,
                                          std::optional<int> port = std::nullopt) const;
  /// Whether a rule admits it, or may do so once it is known.
  [[nodiscard]] bool may_admit(const Member& from, const Member& to,
                               std::optional<int> port = std::nullopt) const;
  /// Whether the sender's own groups let it open a connection to the other, on `port` if given.
  [[nodiscard]] bool lets_out(const Member& from, const Member& to,
                              std::optional<int> port = std::nullopt) const;
  /// Whether packets from the internet can arrive at all: public address and a route.
  [[nodiscard]] bool faces_internet(const Member& member) const;

 private:
  void read_subnets();
  void read_routes();
  void read_rules();
  void add_rules(const Resource& group, const Value& rule, bool is_ingress);
  void read_members();
  Member& add_member(const Resource& resource, Tier tier, const Value& subnets,
                     const Value& security_groups);
  [[nodiscard]] std::vector<const Subnet*> subnets_in(const Value& list) const;

  const StackSet& set_;
  std::vector<Subnet> subnets_;
  std::vector<Member> members_;
  std::vector<TrafficRule> ingress_;
  std::vector<TrafficRule> egress_;
  std::set<const Resource*> limits_egress_;  ///< groups with egress rules of their own
};

}  // namespace shopsim::generator::checker
