#include "generator/stack_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace shopsim::generator {

namespace {

enum class TagForm { list, map };

struct TagRule {
  std::string_view type;
  std::string_view property;
  TagForm form = TagForm::list;
};

/// Types whose tags do not stand in a list called `Tags`.
constexpr std::array kOddTags = {
    TagRule{"AWS::EFS::FileSystem", "FileSystemTags"},
    TagRule{"AWS::EFS::AccessPoint", "AccessPointTags"},
    TagRule{"AWS::Backup::BackupVault", "BackupVaultTags", TagForm::map},
    TagRule{"AWS::Backup::BackupPlan", "BackupPlanTags", TagForm::map},
    TagRule{"AWS::Route53::HealthCheck", "HealthCheckTags"},
    TagRule{"AWS::SSM::Parameter", "Tags", TagForm::map},
    TagRule{"AWS::Budgets::Budget", "ResourceTags"},
    TagRule{"AWS::SecurityHub::Hub", "Tags", TagForm::map},
};

/// Types that take a list called `Tags`. The Auto Scaling group and the launch template are missing
/// on purpose: theirs have a form of their own.
constexpr std::array<std::string_view, 43> kTagged = {
    "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway",
    "AWS::EC2::EIP", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::NetworkAcl",
    "AWS::EC2::FlowLog", "AWS::EC2::VPCEndpoint", "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBParameterGroup", "AWS::RDS::EventSubscription",
    "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::SubnetGroup",
    "AWS::ElastiCache::ParameterGroup", "AWS::S3::Bucket", "AWS::KMS::Key",
    "AWS::SecretsManager::Secret", "AWS::SNS::Topic", "AWS::IAM::Role", "AWS::Logs::LogGroup",
    "AWS::CloudTrail::Trail", "AWS::GuardDuty::Detector", "AWS::WAFv2::WebACL",
    "AWS::CloudFront::Distribution", "AWS::CertificateManager::Certificate", "AWS::XRay::Group",
    "AWS::XRay::SamplingRule", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm",
    "AWS::Events::Rule", "AWS::Logs::DeliverySource", "AWS::Logs::DeliveryDestination",
    "AWS::Logs::Delivery", "AWS::CloudFormation::Stack", "AWS::CloudWatch::Dashboard",
    "AWS::AccessAnalyzer::Analyzer"};

TagRule tag_rule(std::string_view type) {
  for (const TagRule& rule : kOddTags) {
    if (rule.type == type) return rule;
  }
  const bool tagged = std::find(kTagged.begin(), kTagged.end(), type) != kTagged.end();
  return {type, tagged ? "Tags" : ""};
}

/// `ProductImagesBucket` as `product-images-bucket`.
std::string hyphenated(std::string_view id) {
  std::string result;
  for (const char c : id) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !result.empty()) result += '-';
    result += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

/// A text as tag values may be: AWS takes letters, digits, space and `_.:/=+-@`.
std::string tag_value(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, 200)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    result += plain || std::string_view(" _.:/=+-@").find(c) != std::string_view::npos ? c : '_';
  }
  return result;
}

std::string requirement_tag(const std::vector<std::string>& requirements) {
  std::string result;
  for (const std::string& id : requirements) result += (result.empty() ? "" : " ") + tag_value(id);
  return result.empty() ? "baseline" : result;
}

}  // namespace

std::string safe_name(std::string_view name) {
  std::string result;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool letter = c >= 'a' && c <= 'z';
    const bool digit = c >= '0' && c <= '9';
    if (result.empty() && !letter) continue;
    if (letter || digit) {
      result += c;
    } else if (result.back() != '-') {
      result += '-';
    }
  }
  result = result.substr(0, 20);
  while (result.ends_with('-')) result.pop_back();
  return result.empty() ? "shop" : result;
}

StackBuilder::StackBuilder(const Design& design, std::string name, std::string description,
                           std::string architecture)
    : design_(design), safe_name_(safe_name(design.platform.name)) {
  stack_.name = std::move(name);
  stack_.description = std::move(description);
  stack_.architecture = std::move(architecture);
  parameter({.id = "Environment",
             .group = "Who and what",
             .description = "Which copy of the platform this is; part of every name and tag",
             .default_value = "prod",
             .allowed = {"dev", "stage", "prod"}});
  parameter({.id = "Owner",
             .group = "Who and what",
             .description = "Team that answers for the resources; a tag on each of them",
             .default_value = "platform-team",
             .pattern = "^[A-Za-z0-9 _.:/=+@-]{1,100}$",
             .constraint = "1 to 100 letters, digits, spaces or _.:/=+@-"});
  parameter({.id = "CostCenter",
             .group = "Who and what",
             .description = "Where the costs are booked; a tag on every resource",
             .default_value = "online-shop",
             .pattern = "^[A-Za-z0-9 _.:/=+@-]{1,100}$",
             .constraint = "1 to 100 letters, digits, spaces or _.:/=+@-"});
}

void StackBuilder::input(std::string id, std::string description, std::string type) {
  parameter({.id = std::move(id),
             .group = "From other stacks",
             .type = std::move(type),
             .description = std::move(description)});
}

void StackBuilder::toggle(Parameter parameter, std::string condition) {
  parameter.allowed = {"true", "false"};
  stack_.conditions.push_back({std::move(condition), parameter.id, "true"});
  stack_.parameters.push_back(std::move(parameter));
}

void StackBuilder::add(Resource resource) {
  const TagRule rule = tag_rule(resource.type);
  if (!rule.property.empty()) {
    Map tags = {{"Name", name(hyphenated(resource.id))},
                {"Application", tag_value(design_.platform.name)},
                {"Environment", ref("Environment")},
                {"Owner", ref("Owner")},
                {"CostCenter", ref("CostCenter")},
                {"ManagedBy", "shopsim"},
                {"Requirement", requirement_tag(resource.requirements)}};
    if (!resource.data_class.empty()) tags.push_back({"DataClass", resource.data_class});
    tags = joined(std::move(tags), resource.more_tags);
    if (rule.form == TagForm::map) {
      resource.properties.push_back({std::string(rule.property), tags});
    } else {
      List items;
      for (Entry& entry : tags) items.push_back(tag(entry.key, std::move(entry.value)));
      resource.properties.push_back({std::string(rule.property), std::move(items)});
    }
  }
  stack_.resources.push_back(std::move(resource));
}

std::string StackBuilder::name_pattern(std::string_view suffix) const {
  return safe_name_ + "-${Environment}-" + std::string(suffix);
}

Value StackBuilder::name(std::string_view suffix) const { return text(name_pattern(suffix)); }

Value policy_document(const std::vector<Statement>& statements) {
  List list;
  for (const Statement& statement : statements) {
    List actions;
    for (const std::string& action : statement.actions) actions.emplace_back(action);
    Map entries = {{"Sid", statement.id},
                   {"Effect", statement.effect},
                   {"Principal", statement.principal},
                   {"Action", actions.size() == 1 ? actions[0] : Value(actions)},
                   {"Resource", statement.resource}};
    if (!statement.conditions.empty()) entries.push_back({"Condition", statement.conditions});
    list.emplace_back(std::move(entries));
  }
  return map({{"Version", "2012-10-17"}, {"Statement", std::move(list)}});
}

Value trust(const std::string& name) {
  // Those of which AWS's guides say that they send the account they act for.
  static constexpr std::array kSayForWhom = {"vpc-flow-logs.amazonaws.com",
                                             "monitoring.rds.amazonaws.com",
                                             "config.amazonaws.com"};
  Map statement = {{"Effect", "Allow"},
                   {"Principal", service({name})},
                   {"Action", "sts:AssumeRole"}};
  if (std::find(kSayForWhom.begin(), kSayForWhom.end(), name) != kSayForWhom.end()) {
    statement.push_back(
        {"Condition",
         map({{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})}})});
  }
  return map({{"Version", "2012-10-17"}, {"Statement", list({std::move(statement)})}});
}

Value service(std::vector<std::string> names) {
  List list;
  for (std::string& name : names) list.emplace_back(std::move(name));
  return map({{"Service", list.size() == 1 ? list[0] : Value(list)}});
}

Value inline_policy(const char* name, const std::vector<Statement>& statements) {
  return list({map({{"PolicyName", name}, {"PolicyDocument", policy_document(statements)}})});
}

Value tag(std::string key, Value value) {
  return map({{"Key", std::move(key)}, {"Value", std::move(value)}});
}

std::vector<std::string> together(
    std::initializer_list<const std::vector<std::string>*> lists) {
  std::vector<std::string> result;
  for (const auto* ids : lists) {
    for (const std::string& id : *ids) {
      if (std::find(result.begin(), result.end(), id) == result.end()) result.push_back(id);
    }
  }
  return result;
}

Statement tls_only(const std::string& bucket) {
  return {.id = "RefusePlainText",
          .effect = "Deny",
          .principal = "*",
          .actions = {"s3:*"},
          .resource = list({attribute(bucket, "Arn"), text("${" + bucket + ".Arn}/*")}),
          .conditions = {{"Bool", map({{"aws:SecureTransport", "false"}})}}};
}

std::int64_t offered_retention(std::int64_t days) {
  // 1, 3, 5, 7, 14, ... and nothing between.
  constexpr std::array<std::int64_t, 22> kDays = {1,    3,    5,    7,    14,   30,   60,  90,
                                                  120,  150,  180,  365,  400,  545,  731, 1096,
                                                  1827, 2192, 2557, 2922, 3288, 3653};
  const auto* fitting = std::lower_bound(kDays.begin(), kDays.end(), days);
  return fitting == kDays.end() ? kDays.back() : *fitting;
}

Resource log_group(std::string id, Value name, std::int64_t retention_days, std::string why,
                   std::string source) {
  return {.id = std::move(id),
          .type = "AWS::Logs::LogGroup",
          .why = std::move(why),
          .source = std::move(source),
          .properties = {{"LogGroupName", std::move(name)},
                         {"RetentionInDays", offered_retention(retention_days)},
                         {"KmsKeyId", ref("LogsKeyArn")}},
          .on_removal = OnRemoval::retain,
          .data_class = "logs"};
}

std::string zone_id(std::string_view stem, std::size_t zone) {
  return std::string(stem) + static_cast<char>('A' + zone);
}

Value comma_list(const std::vector<std::string>& ids) {
  std::string pattern;
  for (const std::string& id : ids) pattern += (pattern.empty() ? "${" : ",${") + id + '}';
  return text(pattern);
}

}  // namespace shopsim::generator
