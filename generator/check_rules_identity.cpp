// Rules about roles, service-linked roles, secrets and capabilities.
#include <algorithm>
#include <array>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kLinkedRoles =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-iam-servicelinkedrole.html";
constexpr std::string_view kMark = ":role/aws-service-role/";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

/// The service of a service-linked role's ARN: `autoscaling.amazonaws.com`; empty: another role.
std::string service_of_role(std::string_view arn) {
  const std::size_t at = arn.find(kMark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = arn.substr(at + kMark.size());
  return std::string(rest.substr(0, rest.find('/')));
}

void check_linked_role(const Checked& checked, const Resource& user, const Value& principals,
                       Report& report) {
  for (const Value* principal : principals.at("AWS").each()) {
    if (!principal->is_text()) continue;
    const std::string service = service_of_role(principal->text);
    if (service.empty()) continue;
    const auto roles = checked.set.of_type("AWS::IAM::ServiceLinkedRole");
    const auto role = std::find_if(roles.begin(), roles.end(), [&](const Resource* one) {
      return one->property("AWSServiceName").is(service);
    });
    if (role == roles.end()) {
      report.add(user, *principal,
                 "in a fresh account there is no service-linked role for " + service +
                     ", and no template here makes it");
    } else if (!checked.dependencies.after(user, **role)) {
      report.add(user, *principal, named(user) + " may be made before " + named(**role) +
                                       ", the role this principal names");
    }
  }
}

void check_fresh_account(const Checked& checked, Report& report) {
  for (const std::string_view type :
       {"AWS::KMS::Key", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"}) {
    for (const Resource* resource : checked.set.of_type(type)) {
      const Value& document = resource->property(type == "AWS::KMS::Key" ? "KeyPolicy"
                                                                         : "PolicyDocument");
      for (const Statement& statement : statements_of(document)) {
        check_linked_role(checked, *resource, *statement.principal, report);
      }
    }
  }
}

void check_linked_condition(const Checked& checked, Report& report) {
  for (const Resource* role : checked.set.of_type("AWS::IAM::ServiceLinkedRole")) {
    if (!role->condition.empty()) continue;
    report.add(*role, "most accounts have the service-linked role for " +
                          sim::shown(role->property("AWSServiceName").text) +
                          " already, and an account has it once");
  }
}

/// Every policy document of IAM resources, with the resource it belongs to.
struct OwnedDocument {
  const Resource* owner;
  const Value* document;
};

std::vector<OwnedDocument> identity_policies(const StackSet& set) {
  std::vector<OwnedDocument> documents;
  for (const std::string_view type : {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy",
                                      "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy"}) {
    for (const Resource* one : set.of_type(type)) {
      documents.push_back({one, &one->property("PolicyDocument")});
    }
  }
  for (const std::string_view type : {"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"}) {
    for (const Resource* one : set.of_type(type)) {
      for (const Value* policy : one->property("Policies").each()) {
        documents.push_back({one, &policy->at("PolicyDocument")});
      }
    }
  }
  return documents;
}

void check_policy_arns(const Checked& checked, Report& report) {
  for (const OwnedDocument& one : identity_policies(checked.set)) {
    for (const Statement& statement : statements_of(*one.document)) {
      for (const Value* resource : statement.value->at("Resource").each()) {
        const auto reference = resource->reference();
        if (!reference || checked.set.find(*reference) == nullptr) continue;
        if (is_arn(checked.set, *resource)) continue;
        report.add(*one.owner, *resource, "a policy's Resource is an ARN, but " +
                                              sim::shown(readable(resource->text)) +
                                              " is a name or an id");
      }
    }
  }
}

struct SecretProperty {
  std::string_view type;
  std::string_view property;
};
constexpr std::array kSecretProperties{
    SecretProperty{"AWS::RDS::DBInstance", "MasterUserPassword"},
    SecretProperty{"AWS::RDS::DBCluster", "MasterUserPassword"},
    SecretProperty{"AWS::ElastiCache::ReplicationGroup", "AuthToken"},
    SecretProperty{"AWS::ElastiCache::User", "Passwords"},
    SecretProperty{"AWS::SecretsManager::Secret", "SecretString"},
    SecretProperty{"AWS::Redshift::Cluster", "MasterUserPassword"},
};

void check_secrets(const Checked& checked, Report& report) {
  for (const SecretProperty& one : kSecretProperties) {
    for (const Resource* resource : checked.set.of_type(one.type)) {
      for (const Value* value : resource->property(one.property).each()) {
        if (!value->is_literal() || value->text.empty()) continue;
        if (value->text.starts_with("{{resolve:")) continue;
        report.add(*resource, *value, std::string(one.property) + " of " + named(*resource) +
                                          " stands in the template in clear");
      }
    }
  }
}

void check_secret_parameters(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    const sim::Node* section = stack.section("Parameters");
    if (section == nullptr) continue;
    for (std::size_t i = 0; i < section->keys.size(); ++i) {
      const std::string& name = section->keys[i].text;
      const bool is_secret = name.ends_with("Password") || name.ends_with("AuthToken") ||
                             name.ends_with("SecretString");
      const sim::Node* hidden = section->children[i].child("NoEcho");
      const bool is_hidden =
          hidden != nullptr && (hidden->text == "true" || hidden->text == "True");
      const bool is_choice = section->children[i].child("AllowedValues") != nullptr;
      if (is_secret && !is_choice && !is_hidden) {
        report.add(sim::place_of(stack.document, section->keys[i]),
                   "the parameter " + sim::shown(name) + " is shown to everybody: no NoEcho");
      }
      const sim::Node* initial = section->children[i].child("Default");
      if (is_hidden && initial != nullptr && !initial->text.empty()) {
        report.add(sim::place_of(stack.document, *initial),
                   "the secret parameter " + sim::shown(name) + " has a default in clear");
      }
    }
  }
}

/// What servers run as: a role that one of these services may take. Functions are left out, as
/// those that rotate a secret or make logins must read the master's.
bool is_servers_role(const Resource& role) {
  static constexpr std::array kServers = {"ec2", "ecs-tasks", "tasks.apprunner", "pods.eks",
                                          "elasticbeanstalk"};
  for (const Statement& statement : statements_of(role.property("AssumeRolePolicyDocument"))) {
    if (!statement.allows || statement.names_everyone()) continue;
    if (std::any_of(kServers.begin(), kServers.end(), [&](const char* service) {
          return statement.names_service(service);
        })) {
      return true;
    }
  }
  return false;
}

/// The policies of a role: its own, and those that are attached to it by resources.
std::vector<OwnedDocument> policies_of(const StackSet& set, const Resource& role) {
  std::vector<OwnedDocument> documents;
  const auto managed = targets(set, role.property("ManagedPolicyArns"));
  for (const OwnedDocument& one : identity_policies(set)) {
    const Resource& owner = *one.owner;
    const bool attached =
        &owner == &role || set.target(owner.property("RoleName")) == &role ||
        std::find(managed.begin(), managed.end(), &owner) != managed.end();
    const auto roles = targets(set, owner.property("Roles"));
    if (attached || std::find(roles.begin(), roles.end(), &role) != roles.end()) {
      documents.push_back(one);
    }
  }
  return documents;
}

/// The secrets of databases' masters that the templates themselves make.
std::vector<const Resource*> master_secrets(const StackSet& set) {
  std::vector<const Resource*> secrets;
  for (const std::string_view type : {"AWS::RDS::DBInstance", "AWS::RDS::DBCluster"}) {
    for (const Resource* database : set.of_type(type)) {
      const Value& password = database->property("MasterUserPassword");
      if (!password.is_text()) continue;
      for (const Reference& reference : references_in(password.text)) {
        const Resource* secret = set.find(reference);
        if (secret != nullptr && secret->type == "AWS::SecretsManager::Secret") {
          secrets.push_back(secret);
        }
      }
    }
  }
  return secrets;
}

/// Whether a policy's Resource is, or covers, the secret of a database's master.
bool is_master_secret(const StackSet& set, const Value& resource) {
  const Resource* secret = set.target(resource);
  if (secret != nullptr && secret->type == "AWS::SecretsManager::SecretTargetAttachment") {
    secret = set.target(secret->property("SecretId"));
  }
  const auto masters = master_secrets(set);
  if (secret != nullptr && std::find(masters.begin(), masters.end(), secret) != masters.end()) {
    return true;
  }
  if (const auto reference = resource.reference()) {
    return reference->attribute == "MasterUserSecret.SecretArn" &&
           set.find(*reference) != nullptr;
  }
  if (!resource.is_text()) return false;
  // RDS names the secrets it keeps `rds!db-...` and `rds!cluster-...`.
  static constexpr std::string_view kSecret = ":secret:";
  const std::size_t at = resource.text.find(kSecret);
  const std::string_view name = at == std::string::npos
                                    ? std::string_view()
                                    : std::string_view(resource.text).substr(at + kSecret.size());
  return resource.text == "*" || name.starts_with("rds!") || name == "*" || name == "rds*";
}

void check_master_secret(const Checked& checked, Report& report) {
  if (checked.set.of_type("AWS::RDS::DBInstance").empty() &&
      checked.set.of_type("AWS::RDS::DBCluster").empty()) {
    return;
  }
  for (const Resource* role : checked.set.of_type("AWS::IAM::Role")) {
    if (!is_servers_role(*role)) continue;
    for (const Value* policy : role->property("ManagedPolicyArns").each()) {
      if (policy->is_text() && (policy->text.ends_with(":policy/SecretsManagerReadWrite") ||
                                policy->text.ends_with(":policy/AdministratorAccess"))) {
        report.add(*role, *policy, "the servers' role " + named(*role) +
                                       " may read every secret, the database master's among them");
      }
    }
    for (const OwnedDocument& one : policies_of(checked.set, *role)) {
      for (const Statement& statement : statements_of(*one.document)) {
        if (!statement.allows || !statement.covers("secretsmanager:GetSecretValue")) continue;
        if (statement.condition->given()) continue;  // narrowed by what cannot be evaluated here
        for (const Value* resource : statement.value->at("Resource").each()) {
          if (!is_master_secret(checked.set, *resource)) continue;
          report.add(*one.owner, *resource, "the servers' role " + named(*role) +
                                                " may read the secret of the database's master");
        }
      }
    }
  }
}

void check_role_sources(const Checked& checked, Report& report) {
  // Those of which AWS's guides say that they send the account they act for.
  static constexpr std::array kServices = {"vpc-flow-logs", "monitoring.rds", "config"};
  for (const Resource* role : checked.set.of_type("AWS::IAM::Role")) {
    for (const Statement& statement : statements_of(role->property("AssumeRolePolicyDocument"))) {
      const bool says_for_whom =
          std::any_of(kServices.begin(), kServices.end(), [&](const char* service) {
            return statement.names_service(service);
          });
      if (!statement.allows || !says_for_whom) continue;
      if (statement.condition_on("aws:SourceAccount") != nullptr ||
          statement.condition_on("aws:SourceArn") != nullptr) {
        continue;
      }
      report.add(*role, *statement.principal,
                 "the service may take " + named(*role) + " on behalf of any account");
    }
  }
}

/// What must be acknowledged when a template is deployed.
struct Needed {
  std::string_view capability;
  const Resource* because = nullptr;
  const sim::Node* node = nullptr;
  std::size_t stack = 0;
};

std::vector<Needed> needed_capabilities(const StackSet& set) {
  std::vector<Needed> needed;
  for (std::size_t i = 0; i < set.stacks().size(); ++i) {
    for (const Resource& resource : set.stacks()[i].resources) {
      if (!resource.type.starts_with("AWS::IAM::")) continue;
      const bool has_name = std::any_of(
          resource.properties().keys.begin(), resource.properties().keys.end(),
          [](std::string_view key) {
            return key == "RoleName" || key == "UserName" || key == "GroupName" ||
                   key == "ManagedPolicyName" || key == "InstanceProfileName";
          });
      const bool names = has_name && resource.type != "AWS::IAM::AccessKey";
      needed.push_back({names ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM", &resource, nullptr, i});
    }
    if (const sim::Node* transform = set.stacks()[i].section("Transform")) {
      needed.push_back({"CAPABILITY_AUTO_EXPAND", nullptr, transform, i});
    }
  }
  return needed;
}

void check_capabilities(const Checked& checked, Report& report) {
  for (const Script& script : checked.scripts) {
    const bool deploys = script.text.find("cloudformation deploy") != std::string::npos ||
                         script.text.find("create-change-set") != std::string::npos ||
                         script.text.find("create-stack") != std::string::npos;
    if (!deploys) continue;
    std::vector<std::string_view> told;
    for (const Needed& one : needed_capabilities(checked.set)) {
      const bool named_suffices = one.capability == "CAPABILITY_IAM" &&
                                  script.text.find("CAPABILITY_NAMED_IAM") != std::string::npos;
      if (named_suffices || script.text.find(one.capability) != std::string::npos) continue;
      if (std::find(told.begin(), told.end(), one.capability) != told.end()) continue;
      told.push_back(one.capability);
      const std::string message = sim::shown(script.file) + " deploys without " +
                                  std::string(one.capability) + ", which this needs";
      if (one.because != nullptr) {
        report.add(*one.because, message);
      } else {
        report.add(checked.set.place(one.stack, *one.node), message);
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"fresh-account-role", "A service-linked role that a policy names is made before the policy",
     "`MalformedPolicyDocument: Policy contains a statement with one or more invalid principals` "
     "in every account that never used the service (terraform-aws-eks issue 3013).",
     kLinkedRoles,
     "make an AWS::IAM::ServiceLinkedRole under a condition and give the resource DependsOn it",
     sim::Severity::error, check_fresh_account},
    {"linked-role-condition", "A service-linked role is made under a condition",
     "`Service role name AWSServiceRoleFor... has been taken in this account`.", kLinkedRoles,
     "make the role under a condition that a parameter switches", sim::Severity::error,
     check_linked_condition},
    {"policy-resource-arn", "An identity's policy names resources by ARN",
     "A name or an id is refused as malformed, or matches nothing.",
     "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
     "use Fn::GetAtt [Resource, Arn]", sim::Severity::error, check_policy_arns},
    {"master-secret", "No server's role reads the secret of a database's master",
     "Whoever breaks into one web server owns the database: tables, logins and all.",
     "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_BestPractices.Security.html",
     "give the application a login of its own: rds-db:connect and a user in rds_iam, or a secret "
     "that holds nothing else",
     sim::Severity::error, check_master_secret},
    {"role-source", "A service takes a role for this account only",
     "Through the service, somebody else's resources act with this role.",
     "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
     "add a condition on aws:SourceAccount to the trust policy", sim::Severity::warning,
     check_role_sources},
    {"secret-in-clear", "No password or token stands in a template",
     "Everybody who may read the stack or the repository has it.",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html",
     "let the service manage it (ManageMasterUserPassword), generate it (GenerateSecretString), or "
     "use {{resolve:secretsmanager:...}}",
     sim::Severity::error, check_secrets},
    {"secret-parameter", "Parameters that carry secrets are NoEcho and have no default",
     "The console, the events and describe-stacks show the value.",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
     "parameters-section-structure.html",
     "set NoEcho: true and remove the default", sim::Severity::error, check_secret_parameters},
    {"capabilities", "The deploy script acknowledges the capabilities the templates need",
     "`Requires capabilities : [CAPABILITY_NAMED_IAM]`.",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html",
     "add the capability to --capabilities", sim::Severity::error, check_capabilities},
};

}  // namespace

std::span<const Rule> identity_rules() { return kRules; }

}  // namespace shopsim::generator::checker
