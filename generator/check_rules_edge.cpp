// Rules about CloudFront and WAF, and about what must lie in us-east-1.
#include <algorithm>

#include "generator/check_policies.hpp"
#include "generator/check_region.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kAccess =
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
    "private-content-restricting-access-to-s3.html";
constexpr std::string_view kCertificates =
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
    "cnames-and-https-requirements.html";
constexpr std::string_view kScope =
    "https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

std::vector<const Resource*> distributions(const StackSet& set) {
  return set.of_type("AWS::CloudFront::Distribution");
}

const Value& config(const Resource& distribution) {
  return distribution.property("DistributionConfig");
}

/// Reports a resource that must be in us-east-1 beside regional ones, unless a rule asserts it.
void require_home(const Checked& checked, const Resource& resource, const Value& place,
                  const std::string& what, Report& report) {
  const Resource* other = regional_companion(checked.set, resource);
  if (other == nullptr) return;
  report.add(resource, place, what + " must lie in us-east-1, but is deployed together with " +
                                  named(*other) + ", which may lie anywhere");
}

void check_waf_region(const Checked& checked, Report& report) {
  for (const std::string_view type :
       {"AWS::WAFv2::WebACL", "AWS::WAFv2::IPSet", "AWS::WAFv2::RuleGroup"}) {
    for (const Resource* resource : checked.set.of_type(type)) {
      const Value& scope = resource->property("Scope");
      if (!scope.is("CLOUDFRONT")) continue;
      require_home(checked, *resource, scope, named(*resource) + ", of scope CLOUDFRONT,", report);
    }
  }
}

void check_certificate_region(const Checked& checked, Report& report) {
  for (const Resource* distribution : distributions(checked.set)) {
    const Value& value = config(*distribution).at("ViewerCertificate").at("AcmCertificateArn");
    if (value.is_literal() && value.text.starts_with("arn:aws:acm:") &&
        !value.text.starts_with("arn:aws:acm:us-east-1:")) {
      report.add(*distribution, value, "the certificate lies in another region: " +
                                           sim::shown(value.text));
    }
    const Resource* certificate = checked.set.target(value);
    if (certificate == nullptr || certificate->type != "AWS::CertificateManager::Certificate") {
      continue;
    }
    require_home(checked, *certificate, certificate->property("DomainName"),
                 named(*certificate) + ", the certificate of " + named(*distribution) + ",",
                 report);
  }
}

void check_scope(const Checked& checked, Report& report) {
  for (const Resource* distribution : distributions(checked.set)) {
    const Value& value = config(*distribution).at("WebACLId");
    const Resource* acl = checked.set.target(value);
    if (acl != nullptr && acl->property("Scope").is("REGIONAL")) {
      report.add(*distribution, value, named(*acl) + " has the scope REGIONAL; a distribution "
                                                     "takes CLOUDFRONT");
    }
  }
  for (const Resource* association : checked.set.of_type("AWS::WAFv2::WebACLAssociation")) {
    const Value& value = association->property("WebACLArn");
    const Resource* acl = checked.set.target(value);
    if (acl != nullptr && acl->property("Scope").is("CLOUDFRONT")) {
      report.add(*association, value, named(*acl) + " has the scope CLOUDFRONT; an association "
                                                    "takes REGIONAL");
    }
  }
}

/// An origin that is a bucket of the set read through origin access control.
struct BucketOrigin {
  const Resource* distribution;
  const Value* origin;
  const Resource* bucket;
};

std::vector<BucketOrigin> bucket_origins(const StackSet& set) {
  std::vector<BucketOrigin> found;
  for (const Resource* distribution : distributions(set)) {
    for (const Value* origin : config(*distribution).at("Origins").each()) {
      const Resource* bucket = bucket_of(set, origin->at("DomainName"));
      if (bucket == nullptr || !origin->at("OriginAccessControlId").given()) continue;
      found.push_back({distribution, origin, bucket});
    }
  }
  return found;
}

void check_origin_form(const Checked& checked, Report& report) {
  for (const BucketOrigin& one : bucket_origins(checked.set)) {
    const Value& domain = one.origin->at("DomainName");
    const auto reference = domain.reference();
    const bool is_regional_name =
        reference ? reference->attribute == "RegionalDomainName"
                  : domain.text.find(".s3.") != std::string::npos &&
                        domain.text.find(".s3.amazonaws.com") == std::string::npos;
    if (!is_regional_name) {
      report.add(*one.distribution, domain,
                 "the origin is " + sim::shown(readable(domain.text)) +
                     ", not the bucket's regional domain name");
    }
    const Value& s3 = one.origin->at("S3OriginConfig");
    const Value& identity = s3.at("OriginAccessIdentity");
    if (!s3.given()) {
      report.add(*one.distribution, *one.origin, "a bucket origin needs S3OriginConfig with "
                                                 "OriginAccessIdentity \"\"");
    } else if (identity.is_text() && !identity.text.empty()) {
      report.add(*one.distribution, identity,
                 "with origin access control, OriginAccessIdentity must be empty");
    }
  }
}

void check_origin_policy(const Checked& checked, Report& report) {
  for (const BucketOrigin& one : bucket_origins(checked.set)) {
    const auto policy = policy_of_bucket(checked.set, *one.bucket);
    if (allows_service(policy.statements, "cloudfront", {"s3:GetObject"})) continue;
    report.add(*one.distribution, one.origin->at("DomainName"),
               "no policy of " + named(*one.bucket) + " allows cloudfront.amazonaws.com "
                                                      "s3:GetObject");
  }
}

void check_origin_names(const Checked& checked, Report& report) {
  for (const Resource* distribution : distributions(checked.set)) {
    const Value& settings = config(*distribution);
    std::vector<std::string_view> ids;
    for (const Value* origin : settings.at("Origins").each()) ids.push_back(origin->at("Id").text);
    for (const Value* group : settings.at("OriginGroups").at("Items").each()) {
      ids.push_back(group->at("Id").text);
    }
    std::vector<const Value*> behaviours = settings.at("CacheBehaviors").each();
    if (settings.at("DefaultCacheBehavior").given()) {
      behaviours.push_back(&settings.at("DefaultCacheBehavior"));
    }
    for (const Value* behaviour : behaviours) {
      const Value& target = behaviour->at("TargetOriginId");
      const bool found = std::find(ids.begin(), ids.end(), target.text) != ids.end();
      if (!target.is_text() || found) continue;
      report.add(*distribution, target, "there is no origin " +
                                            sim::shown(readable(target.text)));
    }
  }
}

void check_validation(const Checked& checked, Report& report) {
  for (const Resource* certificate : checked.set.of_type("AWS::CertificateManager::Certificate")) {
    if (!certificate->condition.empty()) continue;
    const Value& method = certificate->property("ValidationMethod");
    const auto options = certificate->property("DomainValidationOptions").each();
    const bool has_zone = std::any_of(options.begin(), options.end(), [](const Value* option) {
      return option->at("HostedZoneId").given();
    });
    if (method.is("DNS") && has_zone) continue;
    report.add(*certificate, method,
               "the stack waits until somebody validates " + named(*certificate) +
                   " by hand: no hosted zone is given and the certificate is not optional");
  }
}

constexpr Rule kRules[] = {
    {"waf-region", "A web ACL of scope CLOUDFRONT is made in us-east-1",
     "`The scope is not valid` in every other region.", kScope,
     "put it into a stack of its own for us-east-1, or assert the region in the Rules section",
     sim::Severity::error, check_waf_region},
    {"certificate-region", "A distribution's certificate lies in us-east-1",
     "`The specified SSL certificate doesn't exist, isn't in us-east-1 region`.", kCertificates,
     "make it in a stack of its own in us-east-1 and pass its ARN, or assert the region in the "
     "Rules section",
     sim::Severity::error, check_certificate_region},
    {"waf-scope", "Distributions use a CLOUDFRONT web ACL, balancers a REGIONAL one",
     "`WAFInvalidParameterException`.", kScope, "change the Scope, or use the other web ACL",
     sim::Severity::error, check_scope},
    {"bucket-origin", "A bucket origin names the regional domain and no access identity",
     "The other domain redirects for hours after the bucket is made; both kinds of access at once "
     "are refused.",
     kAccess, "use Fn::GetAtt [Bucket, RegionalDomainName] and S3OriginConfig with "
     "OriginAccessIdentity \"\"",
     sim::Severity::error, check_origin_form},
    {"bucket-origin-policy", "The bucket lets CloudFront read", "Every request answers 403.",
     kAccess, "allow cloudfront.amazonaws.com s3:GetObject under AWS:SourceArn",
     sim::Severity::error, check_origin_policy},
    {"origin-exists", "Cache behaviours name origins that exist",
     "`One or more of your origins or origin groups do not exist`.",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
     "aws-resource-cloudfront-distribution.html",
     "correct TargetOriginId", sim::Severity::error, check_origin_names},
    {"certificate-validation", "A certificate validates itself, or one can be given instead",
     "The stack hangs until a person adds a record, and fails after 72 hours.",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
     "aws-resource-certificatemanager-certificate.html",
     "use ValidationMethod DNS with a HostedZoneId, or make the certificate under a condition "
     "with a "
     "CertificateArn parameter",
     sim::Severity::warning, check_validation},
};

}  // namespace

std::span<const Rule> edge_rules() { return kRules; }

}  // namespace shopsim::generator::checker
