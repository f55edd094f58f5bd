// CloudFront: origins, behaviours, headers and access logs. Part of the edge stack.
#include <algorithm>

#include "generator/buckets.hpp"
#include "generator/edge_stack.hpp"

namespace shopsim::generator {

namespace {

// AWS's own policies, the same in every account.
constexpr const char* kCachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
constexpr const char* kAllViewerHeaders = "216adef6-5c7f-47e4-b989-5492eafa07d3";

std::int64_t whole_seconds(sim::Duration duration) {
  return duration.nanoseconds / 1'000'000'000;
}

}  // namespace

/// The policy of all images, without a number, or of those under a path of their own.
void EdgeStack::caching_of(const std::string& number, sim::Duration kept, const char* why,
                           const std::string& source) {
  const std::int64_t time_to_live = whole_seconds(kept);
  const Value nothing = map({{"CookieBehavior", "none"}});
  add({.id = "ImageCaching" + number,
       .type = "AWS::CloudFront::CachePolicy",
       .why = why,
       .source = source,
       .requirements = platform_.cdn.because,
       .properties = {
           {"CachePolicyConfig",
            map({{"Name", builder_.name(number.empty() ? "images" : "images-" + number)},
                 {"MinTTL", std::min<std::int64_t>(1, time_to_live)},
                 {"DefaultTTL", time_to_live},
                 {"MaxTTL", std::max<std::int64_t>(time_to_live, 31536000)},
                 {"ParametersInCacheKeyAndForwardedToOrigin",
                  map({{"CookiesConfig", nothing},
                       {"HeadersConfig", map({{"HeaderBehavior", "none"}})},
                       {"QueryStringsConfig", map({{"QueryStringBehavior", "none"}})},
                       {"EnableAcceptEncodingBrotli", true},
                       {"EnableAcceptEncodingGzip", true}})}})}}});
}

void EdgeStack::caching() {
  const models::CdnConfig& cdn = platform_.cdn;
  caching_of("", cdn.image_time_to_live,
             "images are kept at the edges as long as the simulation assumed",
             "cdn.image_time_to_live");
  for (std::size_t i = 0; i < cdn.behaviours.size(); ++i) {
    caching_of(std::to_string(i + 1), cdn.behaviours[i].time_to_live,
               "images under this path are kept at the edges as long as the simulation assumed",
               "cdn.behaviours[" + std::to_string(i) + "].time_to_live");
  }
  add({.id = "SecurityHeaders",
       .type = "AWS::CloudFront::ResponseHeadersPolicy",
       .why = "browsers insist on HTTPS and refuse to frame, sniff or leak",
       .source = "cdn",
       .requirements = platform_.cdn.because,
       .properties = {
           {"ResponseHeadersPolicyConfig",
            map({{"Name", builder_.name("security-headers")},
                 {"SecurityHeadersConfig",
                  map({{"StrictTransportSecurity", map({{"AccessControlMaxAgeSec", 63072000},
                                                        {"IncludeSubdomains", true},
                                                        {"Preload", false},
                                                        {"Override", true}})},
                       {"ContentTypeOptions", map({{"Override", true}})},
                       {"FrameOptions", map({{"FrameOption", "DENY"}, {"Override", true}})},
                       {"ReferrerPolicy",
                        map({{"ReferrerPolicy", "strict-origin-when-cross-origin"},
                             {"Override", true}})},
                       // The application may send a policy of its own, which then holds.
                       {"ContentSecurityPolicy",
                        map({{"ContentSecurityPolicy",
                              "default-src 'self'; img-src 'self' data:; object-src 'none'; "
                              "frame-ancestors 'none'; base-uri 'self'"},
                             {"Override", false}})}})}})}}});
  add({.id = "OriginAccess",
       .type = "AWS::CloudFront::OriginAccessControl",
       .why = "the bucket answers signed requests of CloudFront only",
       .source = "cdn",
       .requirements = platform_.cdn.because,
       .properties = {{"OriginAccessControlConfig",
                       map({{"Name", builder_.name("images")},
                            {"OriginAccessControlOriginType", "s3"},
                            {"SigningBehavior", "always"},
                            {"SigningProtocol", "sigv4"}})}}});
}

void EdgeStack::distribution() {
  const models::CdnConfig& cdn = platform_.cdn;
  const auto behaviour = [&](const char* target, const char* why_methods, const Value& cache_policy,
                             Map more) {
    const bool all = std::string(why_methods) == "all";
    const Value methods = all ? list({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
                              : list({"GET", "HEAD", "OPTIONS"});
    return joined({{"TargetOriginId", target},
                   {"ViewerProtocolPolicy", "redirect-to-https"},
                   {"AllowedMethods", methods},
                   {"CachedMethods", list({"GET", "HEAD"})},
                   {"Compress", true},
                   {"CachePolicyId", cache_policy},
                   {"ResponseHeadersPolicyId", ref("SecurityHeaders")}},
                  std::move(more));
  };
  Map images = {{"Id", "images"},
                {"DomainName", ref("ImageBucketDomain")},
                {"OriginAccessControlId", ref("OriginAccess")},
                {"S3OriginConfig", map({{"OriginAccessIdentity", ""}})},
                {"ConnectionAttempts", cdn.connection_attempts},
                {"ConnectionTimeout", whole_seconds(cdn.connection_timeout)}};
  if (cdn.origin_shield.enabled) {  // nearest to the bucket: in the shop's region
    images.push_back({"OriginShield",
                      map({{"Enabled", true}, {"OriginShieldRegion", platform_.region}})});
  }
  const Value shop = map(
      {{"Id", "shop"},
       {"DomainName", text("origin.${DomainName}")},
       {"CustomOriginConfig",
        map({{"OriginProtocolPolicy", "https-only"},
             {"OriginSSLProtocols", list({"TLSv1.2"})},
             {"HTTPSPort", 443},
             {"OriginReadTimeout", whole_seconds(cdn.response_timeout)},
             // Shorter than the balancer's idle timeout, so that CloudFront closes first.
             {"OriginKeepaliveTimeout",
              std::clamp<std::int64_t>(whole_seconds(platform_.balancer.idle_timeout) - 5, 1,
                                       60)}})},
       {"OriginCustomHeaders",
        list({map({{"HeaderName", "X-Origin-Verify"},
                   {"HeaderValue", text("{{resolve:secretsmanager:${OriginVerifyName}:"
                                        "SecretString}}")}})})},
       {"ConnectionAttempts", cdn.connection_attempts},
       {"ConnectionTimeout", whole_seconds(cdn.connection_timeout)}});
  List behaviours;  // the first whose pattern fits is taken
  const auto of_images = [&](const std::string& path_pattern, const std::string& caching) {
    Map one = behaviour("images", "read", ref(caching), {});
    one.insert(one.begin(), {"PathPattern", path_pattern});
    behaviours.push_back(std::move(one));
  };
  for (std::size_t i = 0; i < cdn.behaviours.size(); ++i) {
    of_images(cdn.behaviours[i].path_pattern, "ImageCaching" + std::to_string(i + 1));
  }
  of_images("/images/*", "ImageCaching");
  List errors;
  for (const int code : {500, 502, 503, 504}) {
    errors.push_back(map({{"ErrorCode", code},
                          {"ErrorCachingMinTTL", whole_seconds(cdn.error_time_to_live)}}));
  }
  Map config = {
      {"Comment", builder_.name("distribution")},
      {"Enabled", true},
      {"HttpVersion", "http2and3"},
      {"IPV6Enabled", true},
      {"PriceClass", cdn.price_class},
      {"Aliases", list({ref("DomainName")})},
      {"ViewerCertificate",
       map({{"AcmCertificateArn",
             choose("MakesCertificate", ref("Certificate"), ref("CertificateArn"))},
            {"MinimumProtocolVersion", cdn.minimum_tls},
            {"SslSupportMethod", "sni-only"}})},
      {"Origins", list({std::move(images), shop})},
      {"DefaultCacheBehavior",
       behaviour("shop", "all", kCachingDisabled, {{"OriginRequestPolicyId", kAllViewerHeaders}})},
      {"CacheBehaviors", std::move(behaviours)},
      {"CustomErrorResponses", std::move(errors)},
      {"Restrictions", map({{"GeoRestriction", map({{"RestrictionType", "none"}})}})}};
  if (platform_.waf.enabled) config.push_back({"WebACLId", attribute("EdgeWebAcl", "Arn")});
  add({.id = "Distribution",
       .type = "AWS::CloudFront::Distribution",
       .why = "images from the edge, everything else through its firewall to the balancer",
       .source = "cdn",
       .requirements = cdn.because,
       .properties = {{"DistributionConfig", std::move(config)}},
       .mutability = Mutability::change_with_constraints,
       .comment = "Errors are kept as long as the simulation assumed: AWS's default of 10 s would "
                  "stretch every hiccup of the shop.",
       .exemptions = {
           {"CKV_AWS_86", "access logs are delivered by standard logging v2 (AccessLogDelivery "
                          "below), which needs no bucket with ACLs"},
           {"CKV_AWS_305", "the application answers at /; a default object would hide it"},
           {"CKV_AWS_310", "the origin is a balancer over two zones; a second origin would be "
                           "another region"},
           {"CKV_AWS_374", "the shop sells everywhere"}}});
  add({.id = "DistributionMetrics",
       .type = "AWS::CloudFront::MonitoringSubscription",
       .why = "hit rate and origin latency are published only on request",
       .source = "cdn",
       .requirements = platform_.monitoring.because,
       .properties = {{"DistributionId", ref("Distribution")},
                      {"MonitoringSubscription",
                       map({{"RealtimeMetricsSubscriptionConfig",
                             map({{"RealtimeMetricsSubscriptionStatus", "Enabled"}})}})}}});
}

void EdgeStack::log_delivery() {
  add(bucket({.id = "EdgeLogBucket",
              .why = "CloudFront's access logs, which are delivered in us-east-1",
              .source = "cdn",
              .requirements = platform_.audit.because,
              .data_class = "logs",
              .archive_after_days = 90,
              .expire_after_days = std::max<std::int64_t>(platform_.audit.retention_days, 180),
              .exemptions = {{"CKV_AWS_18", "a bucket of logs; logging its requests would log the "
                                            "deliveries only"}}}));
  const Value sources = text("arn:${AWS::Partition}:logs:us-east-1:${AWS::AccountId}:"
                             "delivery-source:*");
  add(bucket_policy("EdgeLogBucket",
                    {{.id = "AccessLogsOfCloudFront",
                      .principal = service({"delivery.logs.amazonaws.com"}),
                      .actions = {"s3:PutObject"},
                      .resource = text("${EdgeLogBucket.Arn}/AWSLogs/${AWS::AccountId}/"
                                       "CloudFront/*"),
                      .conditions = {{"StringEquals",
                                      map({{"aws:SourceAccount", ref("AWS::AccountId")},
                                           {"s3:x-amz-acl", "bucket-owner-full-control"}})},
                                     {"ArnLike", map({{"aws:SourceArn", sources}})}}}},
                    "cdn"));
  add({.id = "AccessLogSource",
       .type = "AWS::Logs::DeliverySource",
       .why = "the distribution's access log",
       .source = "cdn",
       .properties = {{"Name", builder_.name("cloudfront")},
                      {"LogType", "ACCESS_LOGS"},
                      {"ResourceArn", text("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:"
                                           "distribution/${Distribution}")}}});
  add({.id = "AccessLogDestination",
       .type = "AWS::Logs::DeliveryDestination",
       .why = "the bucket it goes to",
       .source = "cdn",
       .properties = {{"Name", builder_.name("cloudfront")},
                      {"OutputFormat", "parquet"},
                      {"DestinationResourceArn", attribute("EdgeLogBucket", "Arn")}}});
  add({.id = "AccessLogDelivery",
       .type = "AWS::Logs::Delivery",
       .why = "who asked for what at the edge",
       .source = "cdn",
       .properties = {{"DeliverySourceName", ref("AccessLogSource")},
                      {"DeliveryDestinationArn", attribute("AccessLogDestination", "Arn")}},
       .depends_on = {"EdgeLogBucketPolicy"}});
}

}  // namespace shopsim::generator
