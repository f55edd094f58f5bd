#pragma once
/// The edge stack, always in us-east-1. Its parts are in edge_distribution.cpp and edge_stack.cpp;
/// the alarms on its metrics are in edge_alarms.cpp, because those metrics exist there only.
#include <string>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

class EdgeStack : private StackParts {
 public:
  explicit EdgeStack(const Design& design)
      : StackParts(design, "edge", "CloudFront, its firewall and certificate, DNS (us-east-1)",
                 "What stands between customers and the region. CloudFront takes certificates and "
                 "firewalls from us-east-1 only, and publishes its metrics there.") {}

  Stack make();

 private:
  void inputs();
  void key_and_topics();
  void topic(const std::string& id, const char* title, const char* why);
  void subscribe(const std::string& topic, const char* protocol, const std::string& parameter);
  void certificate();
  void log_delivery();
  void caching();
  void caching_of(const std::string& number, sim::Duration kept, const char* why,
                  const std::string& source);
  void distribution();
  void addresses();
  void health_check();
  void outputs();
};

}  // namespace shopsim::generator
