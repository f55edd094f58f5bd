#include "generator/deployment.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "generator/alarms.hpp"
#include "generator/cloudformation.hpp"
#include "generator/deploy_files.hpp"
#include "generator/output_folder.hpp"
#include "generator/stacks.hpp"
#include "models/load.hpp"

namespace shopsim::generator {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "shopsim-deploy-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

Design shipped() {
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_platform(
      fs::path(SHOPSIM_SOURCE_DIR) / "scenarios/platforms/shop.yaml", {}, diagnostics);
  EXPECT_TRUE(loaded) << sim::to_text(diagnostics);
  return {.platform = loaded->platform,
          .catalogue = loaded->catalogue,
          .platform_file = "shop.yaml"};
}

nlohmann::json template_of(const Design& design, const std::string& stack) {
  for (const Stack& one : all_stacks(design)) {
    if (one.name == stack) return nlohmann::json::parse(to_json_template(one, {"shop.yaml", "me"}));
  }
  ADD_FAILURE() << "no template " << stack;
  return {};
}

std::string content(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(OutputFolder, RefusesToTouchAFolderThatIsNotEmpty) {
  Folder folder;
  std::ofstream(folder.path / "mine.txt") << "mine";
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(write_folder(folder.path, {{"a", "x"}}, Overwrite::refuse, diagnostics));
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(content(folder.path / "mine.txt"), "mine");
  EXPECT_FALSE(fs::exists(folder.path / "a"));
}

TEST(OutputFolder, ReplacesTheWholeFolderWhenTold) {
  Folder folder;
  const fs::path target = folder.path / "deploy/";  // with a slash, as a user types it
  sim::Diagnostics diagnostics;
  EXPECT_TRUE(write_folder(target, {{"sub/a", "1"}, {"run", "2", true}}, Overwrite::refuse,
                           diagnostics));
  EXPECT_TRUE(write_folder(target, {{"b", "3"}}, Overwrite::replace, diagnostics));
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(content(target / "b"), "3");
  EXPECT_FALSE(fs::exists(target / "sub"));
  // Nothing is left beside it.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), {}), 1);
}

TEST(OutputFolder, LeavesEverythingAsItWasWhenAFileCannotBeWritten) {
  Folder folder;
  const fs::path target = folder.path / "deploy";
  sim::Diagnostics diagnostics;
  ASSERT_TRUE(write_folder(target, {{"a", "old"}}, Overwrite::refuse, diagnostics));
  // `a` cannot be a file and a folder.
  EXPECT_FALSE(write_folder(target, {{"a", "new"}, {"a/b", "x"}}, Overwrite::replace,
                            diagnostics));
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(content(target / "a"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), {}), 1);
}

TEST(Deployment, TakesItsNumbersFromThePlatform) {
  Design design = shipped();
  design.platform.web.scaling.maximum = 7;
  design.platform.database.storage = {600'000'000'000};
  design.platform.waf.rate_limit_per_address = 1234;
  design.platform.backup.daily_retention_days = 21;
  const auto compute = template_of(design, "compute");
  EXPECT_EQ(compute["Parameters"]["MaximumServers"]["Default"], "7");
  EXPECT_EQ(template_of(design, "data")["Parameters"]["DatabaseStorage"]["Default"], "600");
  const auto limit = [](const Json& acl) {
    return acl["Properties"]["Rules"][0]["Statement"]["RateBasedStatement"]["Limit"];
  };
  EXPECT_EQ(limit(template_of(design, "edge")["Resources"]["EdgeWebAcl"]), 1234);
  // Behind CloudFront the balancer knows no client's address that the client could not make up.
  EXPECT_EQ(compute["Resources"]["WebAcl"].dump().find("RateBased"), std::string::npos);
  EXPECT_EQ(template_of(design, "backup")["Resources"]["Plan"]["Properties"]["BackupPlan"]
                       ["BackupPlanRule"][0]["Lifecycle"]["DeleteAfterDays"], 21);
  design.platform.cdn.enabled = false;
  EXPECT_EQ(limit(template_of(design, "compute")["Resources"]["WebAcl"]), 1234);
}

TEST(Deployment, WakesPeopleForHighThreatsOnly) {
  const auto security = template_of(shipped(), "security");
  const auto range = [&](const char* rule) {
    return security["Resources"][rule]["Properties"]["EventPattern"]["detail"]["severity"][0]
                   ["numeric"];
  };
  const auto topic = [&](const char* rule) {
    return security["Resources"][rule]["Properties"]["Targets"][0]["Arn"]["Ref"];
  };
  EXPECT_EQ(range("ThreatFindings"), Json({">=", 7}));
  EXPECT_EQ(topic("ThreatFindings"), "CriticalTopic");
  EXPECT_EQ(range("MediumThreatFindings"), Json({">=", 4, "<", 7}));
  EXPECT_EQ(topic("MediumThreatFindings"), "WarningTopic");
}

TEST(Deployment, KeepsBackupsSevenDaysAtLeast) {
  Design design = shipped();
  design.platform.backup.daily_retention_days = 2;
  EXPECT_EQ(template_of(design, "backup")["Resources"]["Plan"]["Properties"]["BackupPlan"]
                       ["BackupPlanRule"][0]["Lifecycle"]["DeleteAfterDays"], 7);
}

TEST(Deployment, LeavesOutWhatThePlatformDoesNotHave) {
  Design design = shipped();
  design.platform.cache.enabled = false;
  design.platform.shared_files.enabled = false;
  design.platform.waf.enabled = false;
  design.platform.cdn.enabled = false;
  design.platform.backup.enabled = false;
  for (const Stack& stack : all_stacks(design)) {
    EXPECT_NE(stack.name, "backup");
    for (const Resource& resource : stack.resources) {
      EXPECT_FALSE(resource.type.starts_with("AWS::ElastiCache")) << resource.id;
      EXPECT_FALSE(resource.type.starts_with("AWS::EFS")) << resource.id;
      EXPECT_FALSE(resource.type.starts_with("AWS::WAFv2")) << resource.id;
      EXPECT_FALSE(resource.type.starts_with("AWS::CloudFront")) << resource.id;
    }
  }
}

/// Every place a template refers to: parameters, pseudo parameters, resources.
void expect_references_exist(const nlohmann::json& node, const std::set<std::string>& known,
                             const std::string& stack) {
  if (node.is_object()) {
    if (node.size() == 1 && node.contains("Ref")) {
      EXPECT_TRUE(known.contains(node["Ref"].get<std::string>())) << stack << ": " << node["Ref"];
    }
    if (node.size() == 1 && node.contains("Fn::GetAtt")) {
      EXPECT_TRUE(known.contains(node["Fn::GetAtt"][0].get<std::string>()))
          << stack << ": " << node.dump();
    }
    if (node.size() == 1 && node.contains("Fn::Sub") && node["Fn::Sub"].is_string()) {
      const std::string pattern = node["Fn::Sub"];
      for (std::size_t at = pattern.find("${"); at != pattern.npos; at = pattern.find("${", at)) {
        const std::size_t end = pattern.find('}', at);
        const std::string name = pattern.substr(at + 2, end - at - 2);
        at = end;
        if (name.starts_with('!')) continue;
        EXPECT_TRUE(known.contains(name.substr(0, name.find('.')))) << stack << ": " << name;
      }
    }
  }
  if (node.is_structured()) {
    for (const auto& child : node) expect_references_exist(child, known, stack);
  }
}

TEST(Deployment, RefersToNothingThatIsNotThere) {
  Design all_off = shipped();
  all_off.platform.cache.enabled = false;
  all_off.platform.shared_files.enabled = false;
  all_off.platform.waf.enabled = false;
  all_off.platform.cdn.enabled = false;
  all_off.platform.backup.enabled = false;
  all_off.platform.audit.trail = false;
  all_off.platform.network.nat_gateway_per_zone = false;
  Design hostile = shipped();
  hostile.platform.name = "My \"shop\"\n<b>${x} & co";
  hostile.platform.object_storage.buckets[1].purpose = "photos of ${customers}: \"all\"\n- x";
  hostile.platform.alarms[0].name = "Servers: in \"service\" ${y}";
  hostile.platform.database.because = {"R1\n\"", "${z}"};
  hostile.platform.web.health_check_path = "/health'; rm -rf ${HOME}";
  for (const Design& design : {shipped(), all_off, hostile}) {
    for (const Stack& stack : all_stacks(design)) {
      const auto tree = template_of(design, stack.name);
      std::set<std::string> known = {"AWS::Region", "AWS::AccountId", "AWS::Partition",
                                     "AWS::URLSuffix", "AWS::StackName", "AWS::StackId",
                                     "AWS::NoValue"};
      for (const auto& parameter : stack.parameters) known.insert(parameter.id);
      std::set<std::string> ids;
      for (const auto& resource : stack.resources) {
        known.insert(resource.id);
        EXPECT_TRUE(ids.insert(resource.id).second) << stack.name << ": twice " << resource.id;
      }
      expect_references_exist(tree, known, stack.name);
    }
  }
}

TEST(Deployment, GivesEveryResourceAReasonAndWhatHoldsDataAPolicy) {
  const std::set<std::string> holds_data = {
      "AWS::RDS::DBInstance", "AWS::ElastiCache::ReplicationGroup", "AWS::S3::Bucket",
      "AWS::EFS::FileSystem", "AWS::KMS::Key", "AWS::Backup::BackupVault",
      "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"};
  for (const Stack& stack : all_stacks(shipped())) {
    for (const Resource& resource : stack.resources) {
      EXPECT_FALSE(resource.why.empty()) << resource.id;
      if (holds_data.contains(resource.type)) {
        EXPECT_NE(resource.on_removal, OnRemoval::remove) << resource.id;
      }
    }
  }
}

TEST(Deployment, IsTakenDownInTheReverseOrder) {
  std::vector<std::string> orders;
  for (const DeploymentFile& file : make_deployment(shipped()).files) {
    if (file.path != "deploy.sh") continue;
    const std::string loop = "for stack in ";
    for (std::size_t at = file.content.find(loop); at != std::string::npos;
         at = file.content.find(loop, at + 1)) {
      const std::size_t end = file.content.find(';', at);
      orders.push_back(file.content.substr(at + loop.size(), end - at - loop.size()));
    }
  }
  // plan and apply, drift, teardown: each stack takes outputs of those made before it.
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(orders[0], "root edge observability");
  EXPECT_EQ(orders[2], "observability edge root");
}

TEST(Deployment, SmallEnvironmentsHaveAlarmsOfTheirOwnSize) {
  const auto alarms = template_of(shipped(), "observability");
  for (const char* alarm : {"HealthyServersAlarm", "ServersInServiceAlarm"}) {
    EXPECT_EQ(alarms["Resources"][alarm]["Properties"]["Threshold"]["Ref"], "MinimumServers");
  }
  EXPECT_EQ(alarms["Parameters"]["MinimumServers"]["Default"], "2");
}

TEST(Deployment, GivesServersNoMoreThanTheyNeedOfBackups) {
  const auto role = template_of(shipped(), "compute")["Resources"]["WebRole"]["Properties"];
  for (const auto& statement : role["Policies"][0]["PolicyDocument"]["Statement"]) {
    if (statement["Resource"].dump().find("BackupsBucketArn") == std::string::npos) continue;
    EXPECT_EQ(statement["Action"], "s3:PutObject");
  }
}

TEST(Deployment, ServersLogInToTheDatabaseWithoutASecret) {
  const auto compute = template_of(shipped(), "compute");
  EXPECT_FALSE(compute["Parameters"].contains("DatabaseOwnerSecretArn"));
  std::size_t logins = 0;
  for (const auto& statement : compute["Resources"]["WebRole"]["Properties"]["Policies"][0]
                                      ["PolicyDocument"]["Statement"]) {
    if (statement["Action"] != "rds-db:connect") continue;
    ++logins;
    EXPECT_EQ(statement["Resource"]["Ref"], "DatabaseUserArn");
  }
  EXPECT_EQ(logins, 1U);
  EXPECT_EQ(template_of(shipped(), "data")["Outputs"]["DatabaseUserArn"]["Value"]["Fn::Sub"],
            "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:"
            "${Database.DbiResourceId}/shop_application");
}

TEST(Deployment, MakesTheLoginSoThatTheOwnerKeepsItsPassword) {
  models::DatabaseConfig database = shipped().platform.database;
  const auto has = [&](const char* piece) {
    return database_sql(database).find(piece) != std::string::npos;
  };
  // From 16 on the maker of a role is a member of it, and members of rds_iam need a token.
  EXPECT_TRUE(has("SET LOCAL ROLE shop_maker"));
  EXPECT_TRUE(has("GRANT rds_iam TO shop_application"));
  EXPECT_TRUE(has("EXTENSION IF NOT EXISTS pgaudit"));
  EXPECT_FALSE(has("PASSWORD"));
  EXPECT_FALSE(has("@USER@"));
  database.engine_version = "15.8";  // knows no WITH INHERIT
  database.audit = false;
  EXPECT_FALSE(has("shop_maker"));
  EXPECT_TRUE(has("CREATE ROLE shop_application LOGIN"));
  EXPECT_FALSE(has("pgaudit"));
}

TEST(Deployment, RefusesWhatNoTemplateCanSay) {
  Design design = shipped();
  design.platform.dns.domain = "Shop";
  design.platform.backup.daily_at = "5";
  design.platform.database.engine_version = "newest";
  sim::Diagnostics diagnostics;
  check_design(design, {}, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), 3U) << sim::to_text(diagnostics);
}

TEST(Alarms, HaveUniqueNamesAndADerivationEach) {
  Design design = shipped();
  std::set<std::string> names;
  for (const AlarmSet& set : {regional_alarms(design), edge_alarms(design)}) {
    for (const AlarmPlan& plan : set.alarms) {
      EXPECT_TRUE(names.insert(plan.config.name).second) << plan.config.name;
      EXPECT_FALSE(plan.derivation.empty()) << plan.config.name;
      EXPECT_FALSE(plan.meaning.empty()) << plan.config.name;
      // What the account spends on text messages has no dimensions.
      EXPECT_EQ(plan.dimensions.empty(), plan.config.metric == "SMSMonthToDateSpentUSD");
    }
    for (const CompositePlan& plan : set.composites) {
      for (const auto& all : plan.any_of_all) {
        for (const std::string& child : all) EXPECT_TRUE(names.contains(child)) << child;
      }
    }
  }
}

TEST(Alarms, TellBeforeTextMessagesAndCertificatesEnd) {
  Design design = shipped();
  const Json alarms = template_of(design, "observability");
  const Json& spend = alarms["Resources"]["TextMessageSpendAlarm"]["Properties"];
  EXPECT_FALSE(spend.contains("Dimensions"));
  EXPECT_EQ(spend["Statistic"], "Maximum");
  EXPECT_EQ(spend["Threshold"]["Ref"], "TextMessageSpendThreshold");
  EXPECT_EQ(alarms["Parameters"]["TextMessageSpendThreshold"]["Default"], "0.8");
  const Json rule = template_of(design, "security")["Resources"]["ExpiringCertificates"];
  EXPECT_EQ(rule["Properties"]["Targets"][0]["Arn"]["Ref"], "WarningTopic");
  // CloudFront's certificate is in us-east-1, wherever the platform is.
  EXPECT_FALSE(template_of(design, "edge")["Resources"].contains("ExpiringCertificates"));
  design.platform.region = "eu-west-1";
  EXPECT_TRUE(template_of(design, "edge")["Resources"].contains("ExpiringCertificates"));
  design.platform.notifications.phones.clear();
  EXPECT_FALSE(
      template_of(design, "observability")["Resources"].contains("TextMessageSpendAlarm"));
}

TEST(Alarms, BurnRatesFollowFromThePromise) {
  Design design = shipped();
  design.slos.push_back({.name = "answers",
                         .metric = models::SloMetric::success_ratio,
                         .limit_share = sim::Fraction{0.995}});
  for (const AlarmPlan& plan : regional_alarms(design).alarms) {
    // A promise of 99.5 % leaves 0.5 %: 14.4 * 0.5 = 7.2 and 6 * 0.5 = 3 per cent.
    if (plan.config.name == "error-budget-1h") {
      EXPECT_DOUBLE_EQ(plan.config.threshold, 7.2);
    }
    if (plan.config.name == "error-budget-6h") {
      EXPECT_DOUBLE_EQ(plan.config.threshold, 3);
    }
  }
}

TEST(Alarms, SayWhetherTheirThresholdWasSimulated) {
  Design design = shipped();
  const auto derivation = [&] {
    for (const AlarmPlan& plan : regional_alarms(design).alarms) {
      if (plan.config.name == "database-cpu") return plan.derivation;
    }
    return std::string();
  };
  EXPECT_NE(derivation().find("not simulated"), std::string::npos);
  design.simulated = SimulatedValues{.source = "run.h5"};
  design.simulated->metrics.push_back(
      {.metric = models::MetricId::rds_cpu_utilization, .p50 = 40, .p99 = 71.25, .maximum = 80});
  EXPECT_NE(derivation().find("P99 71.25"), std::string::npos) << derivation();
}

}  // namespace
}  // namespace shopsim::generator
