// The edge without the distribution itself: inputs, key, topics, certificate, DNS, health check.
#include "generator/edge_stack.hpp"

#include "generator/alarms.hpp"
#include "generator/key_policies.hpp"
#include "generator/stacks.hpp"
#include "generator/web_acl.hpp"

namespace shopsim::generator {

Stack EdgeStack::make() {
  inputs();
  key_and_topics();
  if (platform_.cdn.enabled) {
    certificate();
    if (platform_.waf.enabled) add_web_acl(builder_, WafScope::edge, attribute("EdgeKey", "Arn"));
    caching();
    distribution();
    log_delivery();
    addresses();
  }
  health_check();
  add_edge_alarms(builder_);
  outputs();
  return std::move(builder_).finish();
}

void EdgeStack::inputs() {
  builder_.assertion({.id = "OnlyInNorthVirginia",
                      .description = "Deploy this stack in us-east-1: CloudFront takes "
                                     "certificates "
                                     "and firewalls from there only",
                      .subject = "AWS::Region",
                      .allowed = {"us-east-1"}});
  builder_.parameter({.id = "DomainName",
                      .group = "Address",
                      .description = "Under which the shop is found",
                      .default_value = platform_.dns.domain,
                      .pattern = "^([a-z0-9-]{1,63}\\.)+[a-z]{2,63}$",
                      .constraint = "a domain name in lower case, such as shop.example.com"});
  if (platform_.cdn.enabled) {  // else the name leads to the balancer, in the compute stack
    builder_.parameter({.id = "HostedZoneId",
                        .group = "Address",
                        .type = "AWS::Route53::HostedZone::Id",
                        .description = "Hosted zone of the domain; it must be delegated already"});
  }
  for (std::size_t i = 0; i < platform_.notifications.emails.size(); ++i) {
    builder_.parameter({.id = "AlertEmail" + std::to_string(i + 1),
                        .group = "People to tell",
                        .description = "Receives every alarm by mail; must confirm once",
                        .pattern = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
                        .constraint = "a mail address"});
  }
  for (std::size_t i = 0; i < platform_.notifications.phones.size(); ++i) {
    builder_.parameter({.id = "AlertPhone" + std::to_string(i + 1),
                        .group = "People to tell",
                        .description = "Receives critical alarms as a text message",
                        .pattern = "^\\+[1-9][0-9]{6,14}$",
                        .constraint = "a phone number in international form, +15550100100"});
  }
  if (!platform_.cdn.enabled) return;
  builder_.parameter({.id = "CertificateArn",
                      .group = "Address",
                      .description = "Certificate of the shop in us-east-1; empty: ACM issues one, "
                                     "which waits until the zone is delegated",
                      .default_value = "",
                      .pattern = "^(arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/.+)?$",
                      .constraint = "ARN of a certificate in us-east-1, or empty"});
  builder_.condition({"MakesCertificate", "CertificateArn", ""});
  builder_.input("ImageBucketDomain", "Regional domain of the image bucket");
  builder_.input("OriginVerifyName", "The secret header's secret");
}

void EdgeStack::key_and_topics() {
  const std::vector<std::string> publishers = {"cloudwatch.amazonaws.com"};
  // In us-east-1 the security stack listens for both.
  const bool own_region = platform_.cdn.enabled && platform_.region != "us-east-1";
  std::vector<Statement> statements = {key_owner(), key_for_logs(),
                                       key_for_publishers(publishers)};
  if (own_region) statements.push_back(key_for_events());
  add(encryption_key("EdgeKey", "Logs and topics of the edge",
                     "keys do not leave their region; the edge needs one of its own",
                     statements, platform_.keys.rotation));
  add(key_alias("EdgeKey", text("alias/" + builder_.name_pattern("edge"))));
  topic("EdgeTopic", "Shop edge CRITICAL",
        "alarms notify topics of their own region only, and the edge's alarms live here");
  for (std::size_t i = 0; i < platform_.notifications.phones.size(); ++i) {
    subscribe("EdgeTopic", "sms", "AlertPhone" + std::to_string(i + 1));
  }
  topic("EdgeWarningTopic", "Shop edge warning", "tells of the edge without waking anybody");
  add(topic_policy("EdgeTopicPolicy", {"EdgeTopic", "EdgeWarningTopic"}, publishers,
                   own_region ? Events::publish : Events::none));
  if (own_region) add(expiring_certificates("ExpiringCertificates", ref("EdgeWarningTopic")));
}

/// A topic with everybody's mail address.
void EdgeStack::topic(const std::string& id, const char* title, const char* why) {
  add({.id = id,
       .type = "AWS::SNS::Topic",
       .why = why,
       .source = "notifications",
       .requirements = platform_.notifications.because,
       .properties = {{"DisplayName", title}, {"KmsMasterKeyId", ref("EdgeKey")}}});
  for (std::size_t i = 0; i < platform_.notifications.emails.size(); ++i) {
    subscribe(id, "email", "AlertEmail" + std::to_string(i + 1));
  }
}

void EdgeStack::subscribe(const std::string& topic, const char* protocol,
                          const std::string& parameter) {
  add({.id = topic + "To" + parameter,
       .type = "AWS::SNS::Subscription",
       .why = "one person who is told",
       .source = "notifications",
       .properties = {{"TopicArn", ref(topic)},
                      {"Protocol", protocol},
                      {"Endpoint", ref(parameter)}}});
}

void EdgeStack::certificate() {
  add({.id = "Certificate",
       .type = "AWS::CertificateManager::Certificate",
       .why = "proves to customers that this is the shop",
       .source = "certificates",
       .requirements = platform_.certificates.because,
       .properties = {{"DomainName", ref("DomainName")},
                      {"ValidationMethod", "DNS"},
                      {"KeyAlgorithm", platform_.certificates.key_algorithm},
                      {"DomainValidationOptions",
                       list({map({{"DomainName", ref("DomainName")},
                                  {"HostedZoneId", ref("HostedZoneId")}})})}},
       .condition = "MakesCertificate"});
}

void EdgeStack::addresses() {
  for (const char* type : {"A", "AAAA"}) {
    add({.id = std::string("Address") + (type[1] == 'A' ? "Six" : "Four"),
         .type = "AWS::Route53::RecordSet",
         .why = "the name by which customers reach the shop",
         .source = "dns",
         .requirements = platform_.dns.because,
         .properties = {{"HostedZoneId", ref("HostedZoneId")},
                        {"Name", ref("DomainName")},
                        {"Type", type},
                        {"AliasTarget",
                         map({{"DNSName", attribute("Distribution", "DomainName")},
                              // The zone of all CloudFront distributions.
                              {"HostedZoneId", "Z2FDTNDATAQYW2"}})}}});
  }
}

void EdgeStack::health_check() {
  add({.id = "HealthCheck",
       .type = "AWS::Route53::HealthCheck",
       .why = "the shop as seen from outside, from several continents",
       .source = "dns",
       .requirements = platform_.dns.because,
       .properties = {
           {"HealthCheckConfig",
            map({{"Type", "HTTPS"},
                 {"FullyQualifiedDomainName", ref("DomainName")},
                 {"Port", 443},
                 {"ResourcePath", platform_.web.health_check_path},
                 {"RequestInterval",
                  platform_.dns.health_check_interval.nanoseconds / 1'000'000'000},
                 {"FailureThreshold", platform_.dns.health_check_threshold},
                 {"EnableSNI", true},
                 {"MeasureLatency", true}})}}});
}

void EdgeStack::outputs() {
  if (platform_.cdn.enabled) {
    builder_.output("DistributionId", "CloudFront distribution", ref("Distribution"));
    builder_.output("DistributionDomain", "CloudFront's own name of it",
                    attribute("Distribution", "DomainName"));
  }
  builder_.output("HealthCheckId", "Health check from outside", ref("HealthCheck"));
}

Stack edge_stack(const Design& design) { return EdgeStack(design).make(); }

}  // namespace shopsim::generator
