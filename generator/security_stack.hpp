#pragma once
/// The security stack. Its parts are in security_keys.cpp (keys, topics), security_logs.cpp (log
/// bucket, trail) and security_watchers.cpp (threat detection and the like).
#include <string>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

class SecurityStack : private StackParts {
 public:
  explicit SecurityStack(const Design& design)
      : StackParts(design, "security",
                 "Keys, notification topics, log bucket, audit trail, threat detection",
                 "Everything the other stacks encrypt with, log to and report to.") {}

  Stack make();

 private:
  void switches();
  void keys();
  void topics();
  void subscribe(const std::string& topic, const std::string& protocol,
                 const std::string& parameter);
  void log_bucket();
  void trail();
  void watchers();
  void threat_findings(const char* id, List severities, const char* topic, const char* why);
  void secrets();
  void outputs();
};

}  // namespace shopsim::generator
