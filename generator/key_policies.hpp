#pragma once
/// Key policies: who may use which key, complete enough that services do not fail silently.
#include <cstdint>
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
/// EventBridge may, under no condition: it fills in none of the keys one could ask for, neither for
/// the key nor for the topic (S-SNS-KMS, S-EB-SNS), so that its messages would be lost.
Statement key_for_events();

Resource encryption_key(std::string id, std::string description, std::string why,
                        const std::vector<Statement>& statements, bool rotation);
Resource key_alias(const std::string& key, Value name);

/// Whether EventBridge publishes to a topic, too.
enum class Events : std::uint8_t { none, publish };

/// Tells the topic of certificates of the region that end within 45 days and were not renewed:
/// issued ones whose record is gone, and given ones, which nobody renews (S-ACM-EVENTS).
Resource expiring_certificates(std::string id, Value topic);

/// The policy of a topic: these services of this account may publish, and only with TLS.
Resource topic_policy(std::string id, const std::vector<std::string>& topics,
                      std::vector<std::string> services, Events events);

}  // namespace shopsim::generator
