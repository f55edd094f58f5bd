#pragma once
/// The compute stack. Its parts are in compute_balancer.cpp and compute_servers.cpp.
#include <string>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

class ComputeStack : private StackParts {
 public:
  explicit ComputeStack(const Design& design)
      : StackParts(design, "compute", "Balancer, firewall, web servers and their scaling",
                 "Stateless: everything here can be replaced at any time without losing data.") {}

  Stack make();

 private:
  void inputs();
  void certificate();
  void balancer();
  void listeners();
  void firewall();
  void application_parameters();
  void sizes();
  void server_role();
  void launch_template();
  void scaling_group();
  void scaling_policies();
  void tracing();
  void outputs();
};

}  // namespace shopsim::generator
