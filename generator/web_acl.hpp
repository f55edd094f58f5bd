#pragma once
/// The web application firewall, alike for both scopes: in front of CloudFront and of the balancer.
#include <string>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

/// Whose address the rate rule counts: at the edge it is the viewer's; behind CloudFront every
/// request comes from CloudFront, so the balancer's rule reads X-Forwarded-For.
enum class WafScope : std::uint8_t { edge, balancer };

/// What the ACL is called in its metrics: two environments of one account must not add up.
std::string web_acl_metric(const models::Platform& platform, WafScope scope);

/// Adds the ACL, and its log group and logging configuration if the platform wants logs.
void add_web_acl(StackBuilder& builder, WafScope scope, const Value& logs_key_arn);

}  // namespace shopsim::generator
