// Rules about what an account or a region has once, or only so many of.
#include <algorithm>
#include <array>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kDeletion =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-attribute-deletionpolicy.html";
constexpr std::string_view kNames =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html";
constexpr std::size_t kAddressQuota = 5;
constexpr std::size_t kVpcQuota = 5;

struct Singleton {
  std::string_view type;
  std::string_view what;
};
constexpr std::array kSingletons{
    Singleton{"AWS::GuardDuty::Detector", "GuardDuty detector"},
    Singleton{"AWS::Config::ConfigurationRecorder", "Config recorder"},
    Singleton{"AWS::Config::DeliveryChannel", "Config delivery channel"},
    Singleton{"AWS::SecurityHub::Hub", "Security Hub"},
    Singleton{"AWS::Macie::Session", "Macie session"},
};

std::string named(const Resource& resource) { return sim::shown(resource.id); }

void check_singletons(const Checked& checked, Report& report) {
  for (const Singleton& one : kSingletons) {
    const auto found = checked.set.of_type(one.type);
    for (const Resource* resource : found) {
      if (!resource->condition.empty()) continue;
      report.add(*resource, "an account has one " + std::string(one.what) +
                                " in each region, and this one is made in any case");
    }
  }
}

void check_hub(const Checked& checked, Report& report) {
  const auto recorders = checked.set.of_type("AWS::Config::ConfigurationRecorder");
  for (const Resource* hub : checked.set.of_type("AWS::SecurityHub::Hub")) {
    for (const Resource* recorder : recorders) {
      if (checked.dependencies.after(*hub, *recorder)) continue;
      report.add(*hub, named(*hub) + " may be made before " + named(*recorder) +
                           ", whose records its controls need");
    }
  }
}

/// Whether a fixed name holds what differs between accounts and regions.
bool is_distinct(const Value& name) {
  const auto holds = [&](std::string_view pseudo) {
    return name.text.find(pseudo_text(pseudo)) != std::string::npos;
  };
  return !name.is_literal() &&
         (holds("AWS::AccountId") || holds("AWS::StackId") || !references_in(name.text).empty());
}

bool is_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 63) return false;
  const auto edge = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return edge(name.front()) && edge(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return edge(c) || c == '-' || c == '.'; });
}

void check_bucket_names(const Checked& checked, Report& report) {
  for (const Resource* bucket : checked.set.of_type("AWS::S3::Bucket")) {
    const Value& name = bucket->property("BucketName");
    if (!name.is_text()) continue;
    if (name.is_literal() && !is_bucket_name(name.text)) {
      report.add(*bucket, name, "a bucket's name is 3 to 63 lower-case letters, digits, dots and "
                                "hyphens; given " + sim::shown(name.text));
    } else if (!is_distinct(name)) {
      report.add(*bucket, name, "names of buckets are shared by all accounts of the world; " +
                                    sim::shown(readable(name.text)) +
                                    " holds no account id");
    }
  }
}

void check_addresses(const Checked& checked, Report& report) {
  const auto addresses = checked.set.of_type("AWS::EC2::EIP");
  if (addresses.size() > kAddressQuota) {
    report.add(*addresses[kAddressQuota],
               std::to_string(addresses.size()) + " elastic addresses are made; an account has 5 "
                                                  "in a region unless the quota is raised");
  }
  const auto networks = checked.set.of_type("AWS::EC2::VPC");
  if (networks.size() > kVpcQuota) {
    report.add(*networks[kVpcQuota],
               std::to_string(networks.size()) + " VPCs are made; an account has 5 in a region "
                                                 "unless the quota is raised");
  }
}

void check_budget(const Checked& checked, Report& report) {
  for (const Resource* budget : checked.set.of_type("AWS::Budgets::Budget")) {
    for (const Value* one : budget->property("NotificationsWithSubscribers").each()) {
      const auto subscribers = one->at("Subscribers").each();
      if (!subscribers.empty() && subscribers.size() <= 11) continue;
      report.add(*budget, *one, "a budget's notification has 1 to 11 subscribers, given " +
                                    std::to_string(subscribers.size()));
    }
  }
}

/// Where types carry a name of their own that an account has once.
struct NameProperty {
  std::string_view type;
  std::string_view property;
};
constexpr std::array kNameProperties{
    NameProperty{"AWS::Logs::LogGroup", "LogGroupName"},
    NameProperty{"AWS::SecretsManager::Secret", "Name"},
    NameProperty{"AWS::Backup::BackupVault", "BackupVaultName"},
    NameProperty{"AWS::S3::Bucket", "BucketName"},
    NameProperty{"AWS::DynamoDB::Table", "TableName"},
    NameProperty{"AWS::IAM::Role", "RoleName"},
    NameProperty{"AWS::CloudWatch::Alarm", "AlarmName"},
    NameProperty{"AWS::CloudWatch::CompositeAlarm", "AlarmName"},
    NameProperty{"AWS::CloudWatch::Dashboard", "DashboardName"},
    NameProperty{"AWS::CloudTrail::Trail", "TrailName"},
    NameProperty{"AWS::SNS::Topic", "TopicName"},
};

void check_kept_names(const Checked& checked, Report& report) {
  for (const NameProperty& one : kNameProperties) {
    for (const Resource* resource : checked.set.of_type(one.type)) {
      const Value& policy = resource->body.at("DeletionPolicy");
      if (!policy.is("Retain") || !resource->property(one.property).given()) continue;
      report.add(*resource, policy,
                 named(*resource) + " has a name of its own and is kept when its first deployment "
                                    "fails: the next one finds the name taken");
    }
  }
}

bool is_environment(std::string_view parameter) {
  return parameter == "Environment" || parameter == "EnvironmentName" || parameter == "Stage" ||
         parameter == "Env";
}

/// Whether the text stands in the file as it is: no function made it.
bool is_written_out(const Value& value) {
  return value.is_literal() && value.node != nullptr && value.node->text == value.text;
}

void check_environment_names(const Checked& checked, Report& report) {
  const auto check = [&](const Resource& resource, const Value& name) {
    if (!is_written_out(name)) return;
    const sim::Node* parameters = checked.set.stacks()[name.stack].section("Parameters");
    if (parameters == nullptr) return;
    const bool has_environments =
        std::any_of(parameters->keys.begin(), parameters->keys.end(),
                    [](const auto& key) { return is_environment(key.text); });
    if (!has_environments) return;
    report.add(resource, name, "every environment's " + named(resource) + " is called " +
                                   sim::shown(name.text));
  };
  for (const NameProperty& one : kNameProperties) {
    for (const Resource* resource : checked.set.of_type(one.type)) {
      check(*resource, resource->property(one.property));
    }
  }
  for (const Resource* firewall : checked.set.of_type("AWS::WAFv2::WebACL")) {
    check(*firewall, firewall->property("VisibilityConfig").at("MetricName"));
  }
}

constexpr Rule kRules[] = {
    {"account-singleton", "What an account has once is made under a condition",
     "`A detector already exists for the current account`; and deleting the stack takes it from "
     "everybody else (nozaq/terraform-aws-secure-baseline issue 35).",
     "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html",
     "make it under a condition that an Enable... parameter switches", sim::Severity::error,
     check_singletons},
    {"hub-needs-recorder", "Security Hub is made after the Config recorder",
     "Most controls stay in `No data`.",
     "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-setup-prereqs.html",
     "give the hub DependsOn the recorder or, where the recorder has a condition of its own, a tag "
     "that names it inside Fn::If", sim::Severity::warning, check_hub},
    {"bucket-name", "A bucket's fixed name is lower-case and holds the account's id",
     "`BucketAlreadyExists`: names are global; and a named bucket cannot be replaced.",
     "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
     "leave BucketName out, or end it with ${AWS::AccountId}-${AWS::Region}", sim::Severity::error,
     check_bucket_names},
    {"kept-name", "What is kept and has a name does not block the second attempt",
     "After a first deployment that failed: `Resource of type ... already exists`, until somebody "
     "deletes by hand what is empty anyway.",
     kDeletion, "set DeletionPolicy: RetainExceptOnCreate", sim::Severity::warning,
     check_kept_names},
    {"environment-name", "Names differ between environments",
     "In one account the second environment is refused, or both write the same metric and one's "
     "alarm rings for the other.",
     kNames, "put the environment into the name: !Sub shop-${Environment}-NAME",
     sim::Severity::warning, check_environment_names},
    {"region-quota", "No more addresses and VPCs are made than an account has",
     "`The maximum number of addresses has been reached`.",
     "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
     "have the quota raised before, and say so in the guide", sim::Severity::warning,
     check_addresses},
    {"budget-subscribers", "A budget's notification has subscribers", "The budget is not made.",
     "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/"
     "API_budgets_NotificationWithSubscribers.html",
     "add a subscriber", sim::Severity::error, check_budget},
};

}  // namespace

std::span<const Rule> account_rules() { return kRules; }

}  // namespace shopsim::generator::checker
