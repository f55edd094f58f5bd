// Application Load Balancer with its certificate, listeners and address: part of the compute stack.
#include "generator/compute_stack.hpp"
#include "sim/decimal.hpp"

namespace shopsim::generator {

namespace {

Value attribute_entry(const char* key, std::string value) {
  return map({{"Key", key}, {"Value", std::move(value)}});
}

std::string seconds_text(sim::Duration duration) {
  return std::to_string(duration.nanoseconds / 1'000'000'000);
}

std::string yes_or_no(bool value) { return value ? "true" : "false"; }

}  // namespace

void ComputeStack::certificate() {
  const bool behind_cdn = platform_.cdn.enabled;
  const Value host = behind_cdn ? text("origin.${DomainName}") : ref("DomainName");
  add({.id = "OriginCertificate",
       .type = "AWS::CertificateManager::Certificate",
       .why = "requests are encrypted on their way to the balancer, too",
       .source = "certificates",
       .requirements = platform_.certificates.because,
       .properties = {{"DomainName", host},
                      {"ValidationMethod", "DNS"},
                      {"KeyAlgorithm", platform_.certificates.key_algorithm},
                      {"DomainValidationOptions",
                       list({map({{"DomainName", host},
                                  {"HostedZoneId", ref("HostedZoneId")}})})}},
       .condition = "MakesOriginCertificate"});
  add({.id = "OriginAddress",
       .type = "AWS::Route53::RecordSet",
       .why = behind_cdn ? "the name by which CloudFront reaches the balancer"
                         : "the name by which customers reach the shop",
       .source = "dns",
       .requirements = platform_.dns.because,
       .properties = {{"HostedZoneId", ref("HostedZoneId")},
                      {"Name", host},
                      {"Type", "A"},
                      {"AliasTarget",
                       map({{"DNSName", attribute("Balancer", "DNSName")},
                            {"HostedZoneId", attribute("Balancer", "CanonicalHostedZoneID")},
                            {"EvaluateTargetHealth", true}})}}});
}

void ComputeStack::balancer() {
  const models::BalancerConfig& balancer = platform_.balancer;
  List attributes = {
      attribute_entry("deletion_protection.enabled", yes_or_no(balancer.deletion_protection)),
      attribute_entry("idle_timeout.timeout_seconds", seconds_text(balancer.idle_timeout)),
      attribute_entry("routing.http.drop_invalid_header_fields.enabled", "true"),
      attribute_entry("routing.http.xff_client_port.enabled", "false")};
  if (balancer.access_logs) {
    attributes.push_back(attribute_entry("access_logs.s3.enabled", "true"));
    attributes.push_back(map({{"Key", "access_logs.s3.bucket"}, {"Value", ref("LogBucketName")}}));
    attributes.push_back(attribute_entry("access_logs.s3.prefix", "balancer"));
  }
  add({.id = "Balancer",
       .type = "AWS::ElasticLoadBalancingV2::LoadBalancer",
       .why = "spreads requests over healthy servers of both zones",
       .source = "balancer",
       .requirements = balancer.because,
       .properties = {{"Type", "application"},
                      {"Scheme", "internet-facing"},
                      {"IpAddressType", "ipv4"},
                      {"Subnets", ref("PublicSubnetIds")},
                      {"SecurityGroups",
                       list({ref("BalancerSecurityGroupId"), ref("RedirectSecurityGroupId")})},
                      {"LoadBalancerAttributes", std::move(attributes)}},
       .mutability = Mutability::change_with_constraints});
  List target_attributes = {
      attribute_entry("deregistration_delay.timeout_seconds",
                      seconds_text(balancer.deregistration_delay)),
      attribute_entry("load_balancing.algorithm.type",
                      std::string(enum_names(balancer.algorithm)[static_cast<std::size_t>(
                          balancer.algorithm)])),
      attribute_entry("load_balancing.cross_zone.enabled", yes_or_no(balancer.cross_zone)),
      attribute_entry("stickiness.enabled", "false"),
      attribute_entry("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
                      std::to_string(balancer.health_check.routing_minimum_healthy)),
      attribute_entry("target_group_health.dns_failover.minimum_healthy_targets.count",
                      std::to_string(balancer.health_check.dns_minimum_healthy))};
  if (balancer.slow_start.nanoseconds > 0) {
    target_attributes.push_back(
        attribute_entry("slow_start.duration_seconds", seconds_text(balancer.slow_start)));
  }
  const models::HealthCheckConfig& check = balancer.health_check;
  add({.id = "WebTargets",
       .type = "AWS::ElasticLoadBalancingV2::TargetGroup",
       .why = "which servers are healthy, and how long one that leaves may finish its work",
       .source = "balancer.health_check",
       .requirements = balancer.because,
       .properties = {
           {"VpcId", ref("VpcId")},
           {"TargetType", "instance"},
           {"Protocol", "HTTP"},
           {"ProtocolVersion", "HTTP1"},
           {"Port", std::stoi(platform_.web.application_port)},
           {"HealthCheckProtocol", "HTTP"},
           {"HealthCheckPath", platform_.web.health_check_path},
           {"HealthCheckIntervalSeconds", check.interval.nanoseconds / 1'000'000'000},
           {"HealthCheckTimeoutSeconds", check.timeout.nanoseconds / 1'000'000'000},
           {"HealthyThresholdCount", check.healthy_threshold},
           {"UnhealthyThresholdCount", check.unhealthy_threshold},
           {"Matcher", map({{"HttpCode", check.matcher}})},
           {"TargetGroupAttributes", std::move(target_attributes)}},
       .comment = "HTTP inside the VPC: TLS ends at the balancer, and the security groups let "
                  "nobody "
                  "else reach the port.",
       .exemptions = {{"CKV_AWS_378", "TLS ends at the balancer; the port is reachable from the "
                                      "balancer's security group only"}}});
}

void ComputeStack::listeners() {
  const bool behind_cdn = platform_.cdn.enabled;
  const Value forward = map({{"Type", "forward"}, {"TargetGroupArn", ref("WebTargets")}});
  const Value refuse = map({{"Type", "fixed-response"},
                            {"FixedResponseConfig",
                             map({{"StatusCode", "403"},
                                  {"ContentType", "text/plain"},
                                  {"MessageBody", "Please use the address of the shop."}})}});
  add({.id = "HttpsListener",
       .type = "AWS::ElasticLoadBalancingV2::Listener",
       .why = behind_cdn ? "TLS 1.2 and 1.3 only; without the secret header nobody gets further"
                         : "TLS 1.2 and 1.3 only",
       .source = "balancer",
       .requirements = platform_.balancer.because,
       .properties = {
           {"LoadBalancerArn", ref("Balancer")},
           {"Port", 443},
           {"Protocol", "HTTPS"},
           {"SslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06"},
           {"Certificates",
            list({map({{"CertificateArn",
                        choose("MakesOriginCertificate", ref("OriginCertificate"),
                               ref("OriginCertificateArn"))}})})},
           {"DefaultActions", list({behind_cdn ? refuse : forward})}}});
  if (behind_cdn) {
    add({.id = "FromOurDistribution",
         .type = "AWS::ElasticLoadBalancingV2::ListenerRule",
         .why = "requests that passed our distribution and its firewall reach the servers",
         .source = "cdn",
         .requirements = platform_.cdn.because,
         .properties = {
             {"ListenerArn", ref("HttpsListener")},
             {"Priority", 1},
             {"Conditions",
              list({map({{"Field", "http-header"},
                         {"HttpHeaderConfig",
                          map({{"HttpHeaderName", "X-Origin-Verify"},
                               {"Values",
                                list({text("{{resolve:secretsmanager:${OriginVerifyName}:"
                                           "SecretString}}")})}})}})})},
             {"Actions", list({forward})}}});
  }
  add({.id = "HttpListener",
       .type = "AWS::ElasticLoadBalancingV2::Listener",
       .why = "nobody stays on plain HTTP",
       .source = "balancer",
       .requirements = platform_.balancer.because,
       .properties = {
           {"LoadBalancerArn", ref("Balancer")},
           {"Port", 80},
           {"Protocol", "HTTP"},
           {"DefaultActions",
            list({map({{"Type", "redirect"},
                       {"RedirectConfig", map({{"Protocol", "HTTPS"},
                                               {"Port", "443"},
                                               {"StatusCode", "HTTP_301"}})}})})}}});
}

}  // namespace shopsim::generator
