#pragma once
/// The compute stack. Its parts are in compute_balancer.cpp, compute_servers.cpp and
/// compute_scaling.cpp.
#include <string>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

/// How CloudFormation calls it.
const char* termination_policy(models::TerminationPolicy policy);
/// Whether servers wait for a hook before they are in service.
bool has_launch_hooks(const models::AutoScalingConfig& scaling);

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
  void scaling_policy(const std::string& number, std::string why, Map properties);
  void target_tracking(const models::TargetTrackingConfig& policy, const std::string& number);
  void step_scaling(const models::StepScalingConfig& policy, const std::string& number);
  void simple_scaling(const models::SimpleScalingConfig& policy, const std::string& number);
  void predictive_scaling(const models::PredictiveScalingConfig& policy,
                          const std::string& number);
  void policy_alarm(const models::PolicyTrigger& trigger, const std::string& policy,
                    const std::string& number);
  void scheduled_actions();
  void warm_pool();
  [[nodiscard]] Value lifecycle_hooks() const;
  [[nodiscard]] Value hibernation() const;
  void tracing();
  void outputs();
};

}  // namespace shopsim::generator
