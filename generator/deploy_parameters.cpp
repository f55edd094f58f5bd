// Parameter files per environment and the stack policy.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "generator/alarm_limits.hpp"
#include "generator/deploy_files.hpp"
#include "sim/decimal.hpp"

namespace shopsim::generator {

namespace {

using Json = nlohmann::ordered_json;

/// What a value is that only a person knows: deploy.sh refuses it until it is replaced.
constexpr std::string_view kToFill = "FILL-IN";

/// Storage of the database in the smaller environments, GiB.
constexpr double kSmallStorage = 100;

bool is_arm(const std::string& type) { return type.find("7g") != type.npos ||
                                              type.find("6g") != type.npos ||
                                              type.find("4g") != type.npos ||
                                              type.find("8g") != type.npos; }

/// A number of production, at most `most`.
std::string at_most(double most, double production) {
  return sim::rounded_text(std::min(most, production), 12);
}

/// Values of the two smaller environments; empty: as in production.
std::string smaller(const Design& design, std::string_view environment, const std::string& id) {
  const bool dev = environment == "dev";
  const MachineSizes production = production_sizes(design);
  const std::string& servers = design.platform.web.instance_type;
  const std::string& database = design.platform.database.instance_class;
  if (id == "MinimumServers") return at_most(dev ? 1 : 2, production.servers_least);
  if (id == "DesiredServers") return at_most(dev ? 1 : 2, production.servers_most);
  if (id == "MaximumServers") return at_most(dev ? 2 : 4, production.servers_most);
  if (id == "InstanceType" && dev) return is_arm(servers) ? "t4g.medium" : "t3.medium";
  if (id == "DatabaseInstanceClass" && dev) {
    return is_arm(database) ? "db.t4g.medium" : "db.t3.medium";
  }
  if (id == "DatabaseMultiAz") return dev ? "false" : "";
  if (id == "DatabaseStorage") return at_most(kSmallStorage, production.storage_gib);
  if (id == "DatabaseStorageMaximum") {
    return at_most(2 * kSmallStorage, 2 * production.storage_gib);
  }
  if (id == "DatabaseIops") return "0";  // below 400 GiB gp3 has its 3000 and no more
  if (id == "CacheNodeType" && dev) {
    return is_arm(design.platform.cache.node_type) ? "cache.t4g.medium" : "cache.t3.medium";
  }
  if (id == "MonthlyBudget") {
    const double limit = design.platform.budget.monthly_limit.dollars();
    return sim::rounded_text(std::max(1.0, std::round((dev ? 0.1 : 0.4) * limit)), 12);
  }
  if (id == "DomainName") return std::string(environment) + '.' + design.platform.dns.domain;
  // The account's watchers are switched on by production, if all share one account.
  if (id.starts_with("Enable")) return "false";
  return {};
}

/// What thresholds of an environment follow.
MachineSizes sizes_of(const Design& design, std::string_view environment) {
  const MachineSizes production = production_sizes(design);
  const auto number = [&](const char* id, double otherwise) {
    const std::string text = smaller(design, environment, id);
    return text.empty() ? otherwise : std::stod(text);
  };
  const std::string database = smaller(design, environment, "DatabaseInstanceClass");
  return {database.empty() ? production.database_class : database,
          number("DatabaseStorage", production.storage_gib),
          number("MinimumServers", production.servers_least),
          number("MaximumServers", production.servers_most)};
}

/// The threshold that the parameter holds in an environment; empty: it holds none.
std::string threshold_of(const Design& design, std::string_view environment,
                         const std::string& parameter) {
  if (!parameter.ends_with("Threshold")) return {};
  for (const AlarmPlan& plan : regional_alarms(design).alarms) {
    if (plan.threshold_parameter != parameter) continue;
    return sim::rounded_text(threshold_in(plan, design, sizes_of(design, environment)), 12);
  }
  return {};
}

std::string value_of(const Design& design, std::string_view environment,
                     const Parameter& parameter) {
  if (parameter.id == "Environment") return std::string(environment);
  const models::NotificationConfig& people = design.platform.notifications;
  for (std::size_t i = 0; i < people.emails.size(); ++i) {
    if (parameter.id == "AlertEmail" + std::to_string(i + 1)) return people.emails[i];
  }
  for (std::size_t i = 0; i < people.phones.size(); ++i) {
    if (parameter.id == "AlertPhone" + std::to_string(i + 1)) return people.phones[i];
  }
  if (environment != "prod") {
    if (std::string value = threshold_of(design, environment, parameter.id); !value.empty()) {
      return value;
    }
    if (std::string value = smaller(design, environment, parameter.id); !value.empty()) {
      return value;
    }
  }
  return parameter.default_value.value_or(std::string(kToFill));
}

}  // namespace

std::string parameter_file(const Design& design, const std::vector<Stack>& stacks,
                           std::string_view environment) {
  // deploy.sh finds these out by itself.
  std::set<std::string> done = {"TemplateBucket", "TemplatePrefix", "CloudFrontPrefixListId"};
  Json list = Json::array();
  for (const Stack& stack : stacks) {
    const bool deployed_by_itself =
        stack.name == "root" || stack.name == "edge" || stack.name == "observability";
    if (!deployed_by_itself) continue;
    for (const Parameter& parameter : stack.parameters) {
      if (parameter.group == "From other stacks" || !done.insert(parameter.id).second) continue;
      list.push_back({{"ParameterKey", parameter.id},
                      {"ParameterValue", value_of(design, environment, parameter)}});
    }
  }
  return list.dump(2) + '\n';
}

std::string stack_policy() {
  const Json policy = {
      {"Statement",
       {{{"Effect", "Allow"}, {"Action", "Update:*"}, {"Principal", "*"}, {"Resource", "*"}},
        {{"Effect", "Deny"},
         {"Action", {"Update:Replace", "Update:Delete"}},
         {"Principal", "*"},
         {"Resource", "*"},
         {"Condition",
          {{"StringEquals",
            {{"ResourceType",
              {"AWS::RDS::DBInstance", "AWS::ElastiCache::ReplicationGroup", "AWS::EFS::FileSystem",
               "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Backup::BackupVault",
               "AWS::SecretsManager::Secret"}}}}}}}}}};
  return policy.dump(2) + '\n';
}

}  // namespace shopsim::generator
