/// The shipped document: every sentence, what follows, and what changes when it changes.
#include <algorithm>
#include <filesystem>
#include <random>

#include "models/load.hpp"
#include "models/plan.hpp"
#include "reading_helper.hpp"
#include "sim/document.hpp"

namespace shopsim::requirements {
namespace {

using test::attempt;
using test::shipped_document;
using test::without;

const Derivation& shipped() {
  static const test::Attempt derived = attempt(shipped_document());
  EXPECT_TRUE(derived.derivation) << derived.findings();
  return *derived.derivation;
}

std::string value(const std::string& yaml, const std::string& path) {
  sim::Diagnostics diagnostics;
  const auto document = sim::parse_document(yaml, "test", diagnostics);
  if (!document) return "no YAML: " + sim::to_text(diagnostics);
  const sim::Node* node = sim::find(document->root, path);
  return node == nullptr ? "nothing at " + path : node->text;
}
std::string platform_value(const Derivation& from, const std::string& path) {
  return value(from.built.platform, path);
}

std::vector<std::string> names(const std::string& yaml, const std::string& list) {
  sim::Diagnostics diagnostics;
  const auto document = sim::parse_document(yaml, "test", diagnostics);
  std::vector<std::string> found;
  const sim::Node* node = document ? sim::find(document->root, list) : nullptr;
  if (node == nullptr) return found;
  for (const sim::Node& item : node->children) found.push_back(item.child("name")->text);
  return found;
}

TEST(Shipped, EveryDemandingSentenceIsUnderstood) {
  const Coverage& coverage = shipped().coverage;
  EXPECT_EQ(coverage.demanding, coverage.understood);
  EXPECT_EQ(coverage.demanding, 73U);
  EXPECT_EQ(coverage.sentences, 75U) << "two sentences introduce the document";
}

/// The whole mapping, sentence by sentence, as a person would make it.
TEST(Shipped, EverySentenceStatesWhatAPersonReadsInIt) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"On a normal day about", "traffic.visitors_per_day=200000"},
      {"On Black Friday we expect", "traffic.black_friday_factor=10"},
      {"The website must survive", "servers.scaling spike.survived"},
      {"After the rush", "servers.scale_in"},
      {"The website should work even", "server_loss.survived"},
      {"The website should keep working", "zone_loss.survived"},
      {"The shop stores customer", "catalogue.products=500000 database.needed"},
      {"Customer data must be", "encryption.all encryption.in_transit"},
      {"Passwords of customers", "duty.password_hashing"},
      {"Card payments", "duty.card_numbers duty.payments"},
      {"Product pages that", "cache"},
      {"Product images must load fast", "images.fast_everywhere"},
      {"Customers upload", "storage.uploads"},
      {"All web servers need", "shared_files"},
      {"Old data should", "storage.archive"},
      {"All traffic must", "certificates https"},
      {"The website must be protected", "attacks.stopped"},
      {"A single address", "attacks.rate_limited"},
      {"Suspicious activity", "threats.detected"},
      {"Databases should NOT", "database.private"},
      {"Passwords and keys of our", "secrets"},
      {"We need a dashboard", "monitoring.dashboard"},
      {"We want an alarm", "alarm.cpu alarm.down alarm.errors alarm.memory alarm.slow"},
      {"Alarms must reach", "notify.email notify.phone"},
      {"We need to follow", "tracing"},
      {"Logs must be kept", "logs.investigations logs.retention=7776000"},
      {"95 % of the pages", "pages.latency=0.5@95"},
      {"99 % of the checkouts", "checkout.latency=1@99"},
      {"95 % of the product images", "images.latency=0.1@95"},
      {"At least 99.9 %", "checkout.success=0.999"},
      {"At most 1 %", "orders.lost=0.01"},
      {"The database must be backed up", "backup.daily backup.weekly"},
      {"Keep backups", "backup.retention=604800"},
      {"Weekly backups", "backup.weekly backup.weekly_retention=15768000"},
      {"If the database fails", "database.recovery_time=300"},
      {"One VPC", "network.public_private network.vpc network.zones=2"},
      {"Web servers and databases", "network.separate_sections"},
      {"Web servers must have access", "network.no_public_addresses network.outbound"},
      {"Visitors reach", "balancer network.balancer_only"},
      {"No SSH", "access.no_ssh"},
      {"A load balancer spreads", "balancer"},
      {"The web tier scales", "servers.count.maximum=8 servers.count.minimum=2 servers.scaling"},
      {"A server that fails", "servers.self_healing"},
      {"PostgreSQL, Multi-AZ",
       "database.multi_az database.postgresql database.storage=500000000000"},
      {"The database must be protected", "database.deletion_protection"},
      {"Connections to the database", "database.tls"},
      {"We need three buckets",
       "storage.backups_and_logs storage.bucket_count=3 storage.images storage.uploads"},
      {"No bucket", "storage.private"},
      {"Files that were not", "storage.archive storage.archive_after=31536000"},
      {"AWS KMS must", "encryption.backups encryption.database encryption.files kms"},
      {"Encryption keys", "keys.rotation kms"},
      {"Secrets Manager keeps", "secrets"},
      {"AWS WAF", "waf"},
      {"GuardDuty watches", "guard_duty"},
      {"Certificates come", "certificates"},
      {"CloudWatch collects", "monitoring"},
      {"X-Ray", "tracing"},
      {"CloudTrail", "audit.trail"},
      {"CloudFront", "cdn"},
      {"EFS", "shared_files"},
      {"ElastiCache", "cache"},
      {"We need a warning", "budget.limit=6000"},
      {"The shop must comply", "compliance.pci"},
      {"Personal data", "compliance.gdpr"},
      {"Audit logs must", "audit.retention=31536000 audit.trail"},
      {"Changes of the", "audit.config_recorder"},
      {"CloudFormation templates", "deliver.templates"},
      {"Alarms and a dashboard", "deliver.templates monitoring.dashboard"},
      {"A diagram", "deliver.diagram"},
      {"An estimate", "deliver.cost"},
      {"A guide", "deliver.guide"},
      {"A table that", "deliver.trace"},
      {"A simulation", "deliver.simulation"}};
  std::size_t next = 0;
  for (const Understanding& sentence : shipped().sentences) {
    if (!sentence.demands()) continue;
    ASSERT_LT(next, expected.size());
    const auto& [begin, facts] = expected[next++];
    EXPECT_TRUE(sentence.reading.clause.text.starts_with(begin))
        << sentence.reading.clause.text << " is not " << begin;
    std::set<std::string> stated;
    for (const Finding& finding : sentence.findings) {
      std::string fact = (finding.refused ? "!" : "") + finding.fact;
      if (finding.value) fact += "=" + sim::shortest_text(*finding.value);
      if (finding.quantity && finding.quantity->percentile) {
        fact += "@" + sim::shortest_text(*finding.quantity->percentile);
      }
      stated.insert(fact);
    }
    EXPECT_EQ(test::joined(stated), facts) << sentence.reading.clause.text;
  }
  EXPECT_EQ(next, expected.size());
}

TEST(Shipped, ThePlatformHasEverythingThatIsAskedFor) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"network.nat_gateway_per_zone", "true"}, {"network.flow_logs", "true"},
      {"cdn.enabled", "true"},                  {"waf.enabled", "true"},
      {"web.scaling.minimum", "2"},             {"web.scaling.maximum", "8"},
      {"web.scaling.health_check_type", "elb"}, {"cache.enabled", "true"},
      {"database.multi_az", "true"},            {"database.storage", "500 GB"},
      {"database.backup_retention_days", "7"},  {"database.force_tls", "true"},
      {"database.deletion_protection", "true"}, {"shared_files.enabled", "true"},
      {"object_storage.buckets[1].archive_after_days", "365"},
      {"monitoring.dashboard", "true"},         {"monitoring.log_retention_days", "90"},
      {"security.guard_duty", "true"},          {"security.config_recorder", "true"},
      {"tracing.enabled", "true"},              {"audit.trail", "true"},
      {"audit.retention_days", "365"},          {"backup.enabled", "true"},
      {"backup.daily_retention_days", "7"},     {"backup.weekly_retention_days", "183"},
      {"keys.rotation", "true"},                {"budget.monthly_limit", "6000 USD"}};
  for (const auto& [path, text] : expected) {
    EXPECT_EQ(platform_value(shipped(), path), text) << path;
  }
  using Names = std::vector<std::string>;
  const std::string& platform = shipped().built.platform;
  EXPECT_EQ(names(platform, "network.zones"), (Names{"us-east-1a", "us-east-1b"}));
  EXPECT_EQ(names(platform, "object_storage.buckets"),
            (Names{"product-images", "user-uploads", "backups"}));
  const Names alarms = names(platform, "alarms");
  for (const char* alarm : {"web-cpu", "web-memory", "server-errors", "slow-pages",
                            "servers-in-service", "database-cpu", "database-memory"}) {
    EXPECT_NE(std::find(alarms.begin(), alarms.end(), alarm), alarms.end()) << alarm;
  }
}

TEST(Shipped, EveryComponentSaysWhyItIsThere) {
  sim::Diagnostics diagnostics;
  const auto document = sim::parse_document(shipped().built.platform, "test", diagnostics);
  ASSERT_TRUE(document);
  for (std::size_t i = 0; i < document->root.keys.size(); ++i) {
    const sim::Node& section = document->root.children[i];
    if (section.kind != sim::NodeKind::mapping) continue;
    const sim::Node* because = section.child("because");
    ASSERT_NE(because, nullptr) << document->root.keys[i].text;
    EXPECT_FALSE(because->children.empty()) << document->root.keys[i].text;
  }
}

TEST(Shipped, TheScenarioHasThePromisesAndFaultsOfTheText) {
  using Names = std::vector<std::string>;
  const std::string& scenario = shipped().built.scenario;
  EXPECT_EQ(value(scenario, "traffic.sessions_per_day"), "200000");
  EXPECT_EQ(value(scenario, "traffic.growth"), "10");
  EXPECT_EQ(value(scenario, "traffic.history_growth"), "1");  // no forecast foresees the sale
  EXPECT_EQ(names(scenario, "traffic.spikes").size(), 2U);
  EXPECT_EQ(names(scenario, "faults"), (Names{"server dies", "primary fails", "zone is lost"}));
  Names promises = names(scenario, "slos");
  std::sort(promises.begin(), promises.end());
  EXPECT_EQ(promises,
            (Names{"browse p95", "cart p95", "checkout p99", "checkout success", "images p95",
                   "orders lost", "recovery from database failure", "recovery from server loss",
                   "recovery from zone loss", "search p95"}));
}

/// The checks the customer's list names, each for a sentence of the text.
TEST(Shipped, TheChecksAreInTheTrace) {
  for (const char* check : {"one-server-fails", "one-zone-fails", "black-friday",
                            "database-unreachable", "web-internet-access"}) {
    EXPECT_NE(shipped().trace.find("| " + std::string(check) + " | "), std::string::npos) << check;
  }
}

TEST(Shipped, DutiesOfTheApplicationAreNamedAndNotTicked) {
  const std::string& trace = shipped().trace;
  const std::size_t duties = trace.find("## Duties of the application");
  ASSERT_NE(duties, std::string::npos);
  for (const char* duty : {"passwords of customers are hashed", "card payments are handled safely",
                           "card numbers are never stored"}) {
    EXPECT_NE(trace.find(duty, duties), std::string::npos) << duty;
  }
}

TEST(Shipped, TheTraceHasALineForEverySentence) {
  for (const Understanding& sentence : shipped().sentences) {
    const Clause& clause = sentence.reading.clause;
    const std::string begin = "| " + clause.id + " | " + std::to_string(clause.line) + " | " +
                              clause.text.substr(0, 20);
    EXPECT_NE(shipped().trace.find(begin), std::string::npos) << begin;
    if (!sentence.demands()) continue;
    const std::size_t at = shipped().trace.find(begin);
    const std::string row = shipped().trace.substr(at, shipped().trace.find('\n', at) - at);
    EXPECT_FALSE(row.ends_with("|  |")) << "nothing follows from: " << row;
  }
}

TEST(Shipped, LoadsAndCompilesWithoutErrors) {
  const auto folder = std::filesystem::temp_directory_path() / "shopsim_derive_shipped";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "shop.yaml") << shipped().built.platform;
  std::ofstream(folder / "s.yaml") << shipped().built.scenario;
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_scenario(folder / "s.yaml", {}, diagnostics);
  ASSERT_TRUE(loaded) << sim::to_text(diagnostics);
  EXPECT_TRUE(models::compile({loaded->platform, loaded->scenario, loaded->catalogue},
                              diagnostics))
      << sim::to_text(diagnostics);
  for (const sim::Diagnostic& finding : diagnostics.all()) {
    EXPECT_EQ(finding.code, "alarm-not-simulated") << sim::to_text(finding);
  }
  std::filesystem::remove_all(folder);
}

TEST(Shipped, TheSameTextGivesTheSameBytes) {
  const test::Attempt again = attempt(shipped_document());
  ASSERT_TRUE(again.derivation);
  EXPECT_EQ(again.derivation->built.platform, shipped().built.platform);
  EXPECT_EQ(again.derivation->built.scenario, shipped().built.scenario);
  EXPECT_EQ(again.derivation->trace, shipped().trace);
}

/// The items of every list in another order: other ids, the same shop.
TEST(Shipped, TheOrderOfTheSentencesChangesNothing) {
  std::vector<std::string> lines;
  std::istringstream stream(shipped_document());
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("  ") && !lines.empty()) lines.back() += " " + line.substr(2);
    else lines.push_back(line);
  }
  std::mt19937 random(7);
  for (auto at = lines.begin(); at != lines.end();) {
    const auto item = [](const std::string& line) { return line.starts_with("- "); };
    const auto begin = std::find_if(at, lines.end(), item);
    const auto end = std::find_if_not(begin, lines.end(), item);
    std::shuffle(begin, end, random);
    at = end;
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const test::Attempt mixed = attempt(text);
  ASSERT_TRUE(mixed.derivation) << mixed.findings();
  EXPECT_EQ(mixed.derivation->coverage.understood, shipped().coverage.understood);
  for (const Setting& setting : shipped().built.settings) {
    const auto& settings = mixed.derivation->built.settings;
    EXPECT_TRUE(std::any_of(settings.begin(), settings.end(), [&](const Setting& other) {
      return other.path == setting.path && other.value == setting.value;
    })) << setting.path;
  }
}

TEST(Deletion, WithoutItsSentenceTheWafIsImpliedAndNeverStated) {
  const test::Attempt left = attempt(without(shipped_document(), {"AWS WAF"}));
  ASSERT_TRUE(left.derivation) << left.findings();
  const Fact* waf = left.derivation->facts.find("waf");
  ASSERT_NE(waf, nullptr) << "attacks, the rate rule and PCI DSS still ask for it";
  EXPECT_EQ(waf->mark, Mark::implied);
  EXPECT_NE(left.derivation->built.platform.find("enabled: true  # rule " + waf->rule),
            std::string::npos);
}

TEST(Deletion, WithoutAllThatAsksForItTheWafIsGone) {
  const test::Attempt left = attempt(without(
      shipped_document(), {"AWS WAF", "SQL injection", "single address", "PCI", "Card payments"}));
  ASSERT_TRUE(left.derivation) << left.findings();
  EXPECT_FALSE(left.derivation->facts.holds("waf"));
  EXPECT_EQ(platform_value(*left.derivation, "waf.enabled"), "false");
}

/// Every component that can be left out is left out when nothing asks for it.
TEST(Deletion, NothingStaysThatNobodyAsksFor) {
  const test::Attempt small = attempt("The shop needs a PostgreSQL database.\n");
  ASSERT_TRUE(small.derivation) << small.findings();
  for (const char* path : {"cdn.enabled", "waf.enabled", "cache.enabled", "database.multi_az",
                           "shared_files.enabled", "security.guard_duty", "tracing.enabled",
                           "audit.trail", "backup.enabled", "monitoring.dashboard"}) {
    EXPECT_EQ(platform_value(*small.derivation, path), "false") << path;
  }
  EXPECT_EQ(names(small.derivation->built.platform, "object_storage.buckets"),
            (std::vector<std::string>{"backups"}))
      << "the balancer's logs need one";
  EXPECT_TRUE(names(small.derivation->built.scenario, "faults").empty());
}

/// Taking any one sentence away never turns a fact it alone states into a stated one.
TEST(Deletion, OfAnySentenceTakesItsOwnFactsAway) {
  const std::string text = shipped_document();
  for (const Understanding& sentence : shipped().sentences) {
    if (!sentence.demands()) continue;
    const auto index = static_cast<std::size_t>(&sentence - shipped().sentences.data());
    std::vector<Clause> clauses;
    for (const Understanding& other : shipped().sentences) {
      if (&other != &sentence) clauses.push_back(other.reading.clause);
    }
    sim::Diagnostics diagnostics;
    const auto rest = understand(clauses, test::rules());
    const FactBase facts = conclude(rest, test::rules(), diagnostics);
    for (const auto& [name, fact] : shipped().facts.held) {
      if (fact.mark != Mark::stated || fact.clauses != std::vector<std::size_t>{index}) continue;
      const Fact* left = facts.find(name);
      EXPECT_TRUE(left == nullptr || left->mark == Mark::implied)
          << name << " stays stated without " << sentence.reading.clause.text;
    }
  }
}

}  // namespace
}  // namespace shopsim::requirements
