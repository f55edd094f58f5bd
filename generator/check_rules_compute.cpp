// Rules about instances, launch templates and Auto Scaling groups.
#include <algorithm>

#include "generator/check_policies.hpp"
#include "generator/check_resolve.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kLaunch =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-ec2-launchtemplate.html";
constexpr std::string_view kGroup =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-autoscaling-autoscalinggroup.html";
constexpr std::string_view kSignals =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-attribute-creationpolicy.html";
constexpr std::string_view kUpdates =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-attribute-updatepolicy.html";
constexpr std::size_t kMostUserData = 16'384;

std::string named(const Resource& resource) { return sim::shown(resource.id); }

std::vector<const Resource*> groups(const StackSet& set) {
  return set.of_type("AWS::AutoScaling::AutoScalingGroup");
}

const Value& launch_data(const Resource& launch_template) {
  return launch_template.property("LaunchTemplateData");
}

bool has_word(const Value& text, std::string_view word) {
  return text.is_text() && text.text.find(word) != std::string::npos;
}

void check_metadata(const Checked& checked, Report& report) {
  for (const Resource* launch : checked.set.of_type("AWS::EC2::LaunchTemplate")) {
    const Value& options = launch_data(*launch).at("MetadataOptions");
    const Value& tokens = options.at("HttpTokens");
    if (!tokens.given() || (tokens.is_literal() && !tokens.is("required"))) {
      report.add(*launch, tokens, named(*launch) + " answers metadata requests without a token");
    }
    const auto hops = options.at("HttpPutResponseHopLimit").number();
    const Value& script = launch_data(*launch).at("UserData");
    const bool has_own_network = has_word(script, "docker run") &&
                                 !has_word(script, "--network host") &&
                                 !has_word(script, "--net=host");
    const bool is_known = hops || !options.at("HttpPutResponseHopLimit").given();
    if (has_own_network && is_known && hops.value_or(1) < 2) {
      report.add(*launch, options.at("HttpPutResponseHopLimit"),
                 "containers are one hop further away: the token's answer does not reach them with "
                 "HttpPutResponseHopLimit " + std::to_string(static_cast<int>(hops.value_or(1))));
    } else if (hops && *hops > 2) {
      report.add(*launch, options.at("HttpPutResponseHopLimit"),
                 "the metadata token may travel further than a container needs");
    }
  }
}

void check_disks(const Checked& checked, Report& report) {
  for (const Resource* launch : checked.set.of_type("AWS::EC2::LaunchTemplate")) {
    for (const Value* disk : launch_data(*launch).at("BlockDeviceMappings").each()) {
      const Value& ebs = disk->at("Ebs");
      const bool unknown = ebs.at("Encrypted").given() && !ebs.at("Encrypted").is_literal();
      if (!ebs.given() || unknown || ebs.at("Encrypted").is_true()) continue;
      report.add(*launch, ebs, "a disk of " + named(*launch) + " is not encrypted");
    }
  }
}

void check_user_data(const Checked& checked, Report& report) {
  for (const Resource* launch : checked.set.of_type("AWS::EC2::LaunchTemplate")) {
    const Value& script = launch_data(*launch).at("UserData");
    if (!script.is_text()) continue;
    if (readable(script.text).size() > kMostUserData) {
      report.add(*launch, script, "the user data has " +
                                      std::to_string(readable(script.text).size()) +
                                      " bytes, at most 16384");
    }
    const bool is_script = script.text.starts_with("#!") || script.text.starts_with("#cloud-") ||
                           script.text.starts_with("MIME-Version") ||
                           script.text.starts_with("Content-Type") ||
                           script.text.starts_with("<powershell>");
    // Text that is base64 already cannot be looked into.
    if (!is_script && script.text.find('\n') != std::string::npos) {
      report.add(*launch, script, "the user data begins with no `#!`, so that nothing runs it");
    }
  }
}

void check_image(const Checked& checked, Report& report) {
  for (const Resource* launch : checked.set.of_type("AWS::EC2::LaunchTemplate")) {
    const Value& image = launch_data(*launch).at("ImageId");
    const bool is_fixed = image.is_literal() && image.text.starts_with("ami-");
    if (!is_fixed || image.node == nullptr || is_function(*image.node)) continue;
    report.add(*launch, image, sim::shown(image.text) + " exists in one region and grows old");
  }
}

void check_version(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    const Value* version = &group->property("LaunchTemplate").at("Version");
    if (!version->given()) {
      version = &group->property("MixedInstancesPolicy")
                     .at("LaunchTemplate")
                     .at("LaunchTemplateSpecification")
                     .at("Version");
    }
    if (!version->is("$Latest") && !version->is("$Default")) continue;
    report.add(*group, *version, "with " + sim::shown(version->text) + " a new launch template "
                                 "changes nothing that CloudFormation sees: no rolling update");
  }
}

void check_sizes(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    const Value& least = group->property("MinSize");
    const Value& most = group->property("MaxSize");
    const Value& wanted = group->property("DesiredCapacity");
    const auto from = least.number();
    const auto to = most.number();
    const auto size = wanted.number();
    if (from && to && *from > *to) {
      report.add(*group, least, "MinSize " + least.text + " is larger than MaxSize " + most.text);
    }
    if (size && ((from && *size < *from) || (to && *size > *to))) {
      report.add(*group, wanted, "DesiredCapacity " + wanted.text + " is not between MinSize and "
                                 "MaxSize");
    }
  }
}

void check_health(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    if (group->property("TargetGroupARNs").each().empty()) continue;
    const Value& kind = group->property("HealthCheckType");
    const bool uses_balancer = kind.is_text() && kind.text.find("ELB") != std::string::npos;
    if (!uses_balancer && (kind.is_literal() || !kind.given())) {
      report.add(*group, kind, named(*group) + " keeps instances that its balancer finds "
                                               "unhealthy");
    }
    const Value& grace = group->property("HealthCheckGracePeriod");
    if (grace.given() && (!grace.number() || *grace.number() > 0)) continue;
    report.add(*group, grace, named(*group) + " judges instances while they boot: no "
                                              "HealthCheckGracePeriod");
  }
}

void check_signals(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    const Resource* launch = launch_template_of(checked.set, *group);
    if (launch == nullptr) continue;
    const Value& signal = group->body.at("CreationPolicy").at("ResourceSignal");
    const Value& rolling = group->body.at("UpdatePolicy").at("AutoScalingRollingUpdate");
    const bool waits = signal.given() || rolling.at("WaitOnResourceSignals").is_true();
    const Value& script = launch_data(*launch).at("UserData");
    const bool signals = has_word(script, "cfn-signal") || has_word(script, "signal-resource");
    if (waits && script.is_text() && !signals) {
      report.add(*group, signal.given() ? signal : rolling,
                 named(*group) + " waits for signals that " + named(*launch) + " never sends");
    }
    if (signals && !waits) {
      report.add(*launch, script, named(*launch) + " sends signals, but " + named(*group) +
                                      " does not wait for them: the stack is ready before the "
                                      "servers are");
    }
    const auto count = signal.at("Count").number();
    const Value& wanted = group->property("DesiredCapacity").given()
                              ? group->property("DesiredCapacity")
                              : group->property("MinSize");
    if (count && wanted.number() && *count > *wanted.number()) {
      report.add(*group, signal.at("Count"), "waits for " + signal.at("Count").text +
                                                 " signals, but starts " + wanted.text +
                                                 " instances");
    }
  }
}

void check_updates(const Checked& checked, Report& report) {
  for (const Resource* group : groups(checked.set)) {
    const Value& rolling = group->body.at("UpdatePolicy").at("AutoScalingRollingUpdate");
    const Value& kept = rolling.at("MinInstancesInService");
    const auto in_service = kept.number();
    const auto most = group->property("MaxSize").number();
    if (in_service && most && *in_service >= *most) {
      report.add(*group, kept, "MinInstancesInService " + kept.text +
                                   " leaves no room below MaxSize " +
                                   group->property("MaxSize").text);
    }
    if (!rolling.given()) continue;
    const auto suspended = rolling.at("SuspendProcesses").each();
    const bool quiet = std::any_of(suspended.begin(), suspended.end(), [](const Value* process) {
      return process->is("AlarmNotification");
    });
    if (!quiet) {
      report.add(*group, rolling, "scaling policies act during a rolling update and change the "
                                  "size it counts on");
    }
  }
}

void check_profile(const Checked& checked, Report& report) {
  for (const Resource* launch : checked.set.of_type("AWS::EC2::LaunchTemplate")) {
    const Value& named_profile = launch_data(*launch).at("IamInstanceProfile");
    const Value& arn = named_profile.at("Arn");
    const Value& value = arn.given() ? arn : named_profile.at("Name");
    const Resource* profile = checked.set.target(value);
    if (profile == nullptr) continue;
    if (profile->type == "AWS::IAM::Role") {
      report.add(*launch, value, named(*profile) + " is a role, not an instance profile");
      continue;
    }
    for (const Resource* role : targets(checked.set, profile->property("Roles"))) {
      if (role->type != "AWS::IAM::Role") continue;
      const auto trust = statements_of(role->property("AssumeRolePolicyDocument"));
      if (allows_service(trust, "ec2", {"sts:AssumeRole"})) continue;
      report.add(*role, role->property("AssumeRolePolicyDocument"),
                 named(*role) + " is an instance's role and does not let ec2.amazonaws.com assume "
                                "it");
    }
  }
}

constexpr Rule kRules[] = {
    {"metadata-token", "Instances want a token for metadata, one hop away, two with containers",
     "Without it, any request a server can be tricked into sends its credentials away.",
     "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
     "configuring-instance-metadata-service.html",
     "set HttpTokens: required and HttpPutResponseHopLimit 1 (2 with containers)",
     sim::Severity::error, check_metadata},
    {"disk-encryption", "The disks of instances are encrypted", "Every compliance pack asks for "
        "it.",
     kLaunch, "set Encrypted: true", sim::Severity::error, check_disks},
    {"user-data", "User data is a script of at most 16 KB",
     "More is refused; without `#!` cloud-init ignores it silently.",
     "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
     "shorten it, and begin it with #!", sim::Severity::error, check_user_data},
    {"image-id", "The machine image is looked up, not written down",
     "The stack cannot be made in another region, and nobody updates the image.", kLaunch,
     "use a parameter of type AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
     sim::Severity::warning, check_image},
    {"launch-version", "A group names the launch template's version by number",
     "An update of the launch template reaches no instance.", kGroup,
     "use Fn::GetAtt [LaunchTemplate, LatestVersionNumber]", sim::Severity::warning, check_version},
    {"group-size", "MinSize, DesiredCapacity and MaxSize are in this order",
     "`Min capacity must be less than or equal to max`.", kGroup, "correct the sizes",
     sim::Severity::error, check_sizes},
    {"group-health", "A group behind a balancer uses its health checks, after a grace period",
     "Servers that answer nothing stay; or servers are killed while they boot, for ever.", kGroup,
     "set HealthCheckType: ELB and a HealthCheckGracePeriod longer than the boot",
     sim::Severity::error, check_health},
    {"group-signal", "A group waits for as many signals as its instances send",
     "The stack fails after the timeout, or is ready before the servers are.", kSignals,
     "call cfn-signal at the end of the user data and set CreationPolicy.ResourceSignal with Count "
     "= MinSize",
     sim::Severity::error, check_signals},
    {"group-update", "A rolling update has room and is not disturbed by scaling",
     "`MinInstancesInService must be less than the autoscaling group's MaxSize`; or the update "
     "fails under load.",
     kUpdates,
     "keep MinInstancesInService below MaxSize and suspend AlarmNotification among others",
     sim::Severity::error, check_updates},
    {"instance-profile", "Instances have a profile whose role EC2 may assume",
     "Instances start without credentials, or not at all.",
     "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-"
     "profiles.html",
     "name an AWS::IAM::InstanceProfile whose role trusts ec2.amazonaws.com", sim::Severity::error,
     check_profile},
};

}  // namespace

std::span<const Rule> compute_rules() { return kRules; }

}  // namespace shopsim::generator::checker
