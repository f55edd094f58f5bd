#include "generator/web_acl.hpp"

#include <string>
#include <utility>

namespace shopsim::generator {

namespace {

Value visibility(Value metric) {
  return map({{"SampledRequestsEnabled", true},
              {"CloudWatchMetricsEnabled", true},
              {"MetricName", std::move(metric)}});
}

Value managed_group(const std::string& name, int priority) {
  Map statement = {{"VendorName", "AWS"}, {"Name", name}};
  if (name == "AWSManagedRulesCommonRuleSet") {
    // Photo uploads are larger than the 8 KiB this one rule allows; it counts instead of blocking.
    statement.push_back({"RuleActionOverrides",
                         list({map({{"Name", "SizeRestrictions_BODY"},
                                    {"ActionToUse", map({{"Count", map({})}})}})})});
  }
  return map({{"Name", name},
              {"Priority", priority},
              {"OverrideAction", map({{"None", map({})}})},
              {"Statement", map({{"ManagedRuleGroupStatement", std::move(statement)}})},
              {"VisibilityConfig", visibility(name)}});
}

Value rate_rule(const models::WafConfig& waf) {
  Map statement = {{"Limit", waf.rate_limit_per_address},
                   {"EvaluationWindowSec", waf.rate_window.nanoseconds / 1'000'000'000},
                   {"AggregateKeyType", "IP"}};
  return map({{"Name", "RequestsPerAddress"},
              {"Priority", 0},
              {"Action", map({{"Block", map({{"CustomResponse", map({{"ResponseCode", 429}})}})}})},
              {"Statement", map({{"RateBasedStatement", std::move(statement)}})},
              {"VisibilityConfig", visibility("RequestsPerAddress")}});
}

}  // namespace

std::string web_acl_metric(const models::Platform& platform, WafScope scope) {
  return safe_name(platform.name) + "-${Environment}-" +
         (scope == WafScope::edge ? "edge" : "balancer") + "-firewall";
}

void add_web_acl(StackBuilder& builder, WafScope scope, const Value& logs_key_arn) {
  const models::Platform& platform = builder.platform();
  const models::WafConfig& waf = platform.waf;
  const bool at_edge = scope == WafScope::edge;
  const std::string id = at_edge ? "EdgeWebAcl" : "WebAcl";
  // Behind CloudFront the balancer sees CloudFront's addresses, and of X-Forwarded-For WAF takes
  // the first one (S-WAF-FWD), which the client writes: anybody could have anybody else blocked.
  const bool sees_clients = at_edge || !platform.cdn.enabled;
  List rules;
  if (sees_clients) rules.push_back(rate_rule(waf));
  for (std::size_t i = 0; i < waf.managed_rule_groups.size(); ++i) {
    rules.push_back(managed_group(waf.managed_rule_groups[i], static_cast<int>(i) + 1));
  }
  builder.add({.id = id,
               .type = "AWS::WAFv2::WebACL",
               .why = at_edge ? "attacks and floods end at the edge, before they cost anything"
                              : "second line: what reaches the balancer is looked at again",
               .source = "waf",
               .requirements = waf.because,
               .properties = {
                   {"Scope", at_edge ? "CLOUDFRONT" : "REGIONAL"},
                   {"DefaultAction", map({{"Allow", map({})}})},
                   {"VisibilityConfig", visibility(text(web_acl_metric(platform, scope)))},
                   {"Rules", std::move(rules)}}});
  if (!waf.logging) return;
  Resource group = log_group(id + "LogGroup",
                             text("aws-waf-logs-" + builder.name_pattern(
                                                        at_edge ? "edge" : "balancer")),
                             platform.monitoring.log_retention_days,
                             "which requests were blocked, and by which rule", "waf.logging");
  group.properties[2].value = logs_key_arn;
  group.comment = "WAF accepts only log groups whose name begins with aws-waf-logs-.";
  builder.add(std::move(group));
  builder.add(
      {.id = id + "Logging",
       .type = "AWS::WAFv2::LoggingConfiguration",
       .why = "logs what was blocked or counted; allowed requests are in the access logs",
       .source = "waf.logging",
       .properties = {
           {"ResourceArn", attribute(id, "Arn")},
           // The group's own Arn attribute ends in `:*`, which WAF refuses.
           {"LogDestinationConfigs",
            list({text("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${" +
                       id + "LogGroup}")})},
           {"RedactedFields", list({map({{"SingleHeader", map({{"Name", "authorization"}})}}),
                                    map({{"SingleHeader", map({{"Name", "cookie"}})}})})},
           {"LoggingFilter",
            map({{"DefaultBehavior", "DROP"},
                 {"Filters",
                  list({map({{"Behavior", "KEEP"},
                             {"Requirement", "MEETS_ANY"},
                             {"Conditions",
                              list({map({{"ActionCondition", map({{"Action", "BLOCK"}})}}),
                                    map({{"ActionCondition",
                                          map({{"Action", "COUNT"}})}})})}})})}})}}});
}

}  // namespace shopsim::generator
