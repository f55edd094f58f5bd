#pragma once
/// Key policies: who may use which key, complete enough that services do not fail silently.
#include <string>
#include <vector>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

/// The account itself: without it nobody could ever change the policy again.
Statement key_owner();
/// CloudWatch Logs may encrypt the account's log groups of the region.
Statement key_for_logs();
/// Services that publish to topics encrypted with the key: an alarm whose service lacks this fires
/// and nobody is told.
Statement key_for_publishers(std::vector<std::string> services);

Resource encryption_key(std::string id, std::string description, std::string why,
                        const std::vector<Statement>& statements, bool rotation);
Resource key_alias(const std::string& key, Value name);

/// The policy of a topic: these services of this account may publish, and only with TLS.
Resource topic_policy(std::string id, const std::vector<std::string>& topics,
                      std::vector<std::string> services);

}  // namespace shopsim::generator
