#pragma once
/// Does the shop survive the loss of any one zone, subnet, NAT gateway or instance?
///
/// The parts of the request path (balancer nodes, servers, copies of data, mount targets, NAT
/// gateways) are placed into zones and subnets; each loss closes some of them; then a server must
/// remain that is reached from the internet and reaches all it needs. Leaves out capacity: one
/// server left is enough here, whether it is enough for the traffic is what the simulation says.
#include <string>
#include <vector>

#include "generator/check_network.hpp"
#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

/// One loss the shop does not survive.
struct Breakdown {
  std::string message;
  const Resource* culprit = nullptr;  ///< what should be there twice
  const Value* value = nullptr;       ///< the property that says it is not
};

/// Empty if the set has no balancer or no servers behind it: then nothing is claimed.
std::vector<Breakdown> breakdowns(const StackSet& set, const Network& network);

/// The port clients connect to.
int port_of_data(const Member& member);

}  // namespace shopsim::generator::checker
