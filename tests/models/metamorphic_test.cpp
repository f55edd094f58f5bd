// What must hold between two runs that see the same customers (common random numbers).
#include <cmath>

#include "models/load.hpp"
#include "shop_files.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::mean_tier_seconds;
using testing::Ran;
using testing::run;
using testing::SmallShop;

void set_servers(SmallShop& shop, std::int64_t count) {
  shop.platform.web.scaling.minimum = count;
  shop.platform.web.scaling.maximum = count;
  shop.platform.web.scaling.desired = count;
}

TEST(Metamorphic, AFasterDatabaseNeverLengthensTheTimeInIt) {
  double previous = 1e9;
  for (const double reads_per_second : {800.0, 1500.0, 3000.0}) {
    SmallShop shop;
    shop.scenario.duration = 3_min;
    shop.scenario.traffic.sessions_per_day = 1'500'000;
    set_servers(shop, 4);
    shop.platform.database.reads_per_vcpu.per_second = reads_per_second;
    Ran ran;
    run(shop.plan(), ran);
    const double mean = mean_tier_seconds(ran.periods, Tier::database);
    EXPECT_LT(mean, previous) << reads_per_second;
    previous = mean;
  }
}

TEST(Metamorphic, MoreCustomersNeverShortenTheTimeInTheWebTier) {
  double previous = 0;
  for (const double sessions : {200e3, 700e3, 1.2e6}) {
    SmallShop shop;
    shop.scenario.duration = 3_min;
    shop.scenario.traffic.sessions_per_day = sessions;
    set_servers(shop, 2);
    Ran ran;
    run(shop.plan(), ran);
    const double mean = mean_tier_seconds(ran.periods, Tier::web);
    EXPECT_GT(mean, previous) << sessions;
    previous = mean;
  }
}

TEST(Metamorphic, EveryFaultAtTheEndChangesNothingBeforeIt) {
  SmallShop shop;
  shop.scenario.duration = 5_min;
  shop.scenario.recording.fine_period = 60_s;  // fine records begin before the fault
  Ran without;
  run(shop.plan(), without);
  ZoneLoss loss;
  loss.zone = "us-east-1a";
  for (const FaultKind& kind : {FaultKind{InstanceCrash{}}, FaultKind{loss},
                                FaultKind{DatabaseFailover{}}, FaultKind{CacheNodeLoss{}},
                                FaultKind{CacheFlush{}}}) {
    shop.scenario.faults = {fault_at(12_h + 4_min, kind)};
    Ran with;
    run(shop.plan(), with);
    for (std::size_t p = 0; p < 4; ++p) {
      for (std::size_t c = 0; c < without.periods.main[p].classes.size(); ++c) {
        EXPECT_EQ(without.periods.main[p].classes[c].latency.counts,
                  with.periods.main[p].classes[c].latency.counts)
            << "fault " << kind.index() << ", period " << p;
      }
    }
  }
}

TEST(Metamorphic, CustomersStayTheSameWhateverThePlatformIs) {
  SmallShop shop;
  shop.scenario.duration = 4_min;
  Ran two;
  run(shop.plan(), two);
  shop.platform.web.instance_type = "c7g.2xlarge";
  shop.platform.cache.enabled = false;
  shop.platform.waf.enabled = false;
  Ran other;
  run(shop.plan(), other);
  for (std::size_t p = 0; p < two.periods.main.size(); ++p) {
    EXPECT_EQ(two.periods.main[p].arrivals, other.periods.main[p].arrivals);
  }
}

/// Mean time in the web tier of one short run with this many servers.
double web_seconds(std::int64_t servers, std::uint64_t seed) {
  SmallShop shop;
  shop.scenario.duration = 1_min;
  shop.scenario.warm_up = 1_min;
  shop.scenario.traffic.sessions_per_day = 1'100'000;
  shop.scenario.catalogue.products = 500;
  shop.scenario.catalogue.images = 200;
  set_servers(shop, servers);
  Ran ran;
  run(shop.plan(), ran, seed);
  return mean_tier_seconds(ran.periods, Tier::web);
}

double variance_of(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

TEST(Metamorphic, CommonRandomNumbersCutTheVarianceOfADifferenceFivefold) {
  // The difference of 3 and 4 servers in 24 pairs of runs. The ratio of two variances with 23
  // degrees of freedom each: if it were 5 only by chance, below 1.5 would happen once in 500.
  std::vector<double> paired;
  std::vector<double> independent;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const double three = web_seconds(3, seed);
    paired.push_back(three - web_seconds(4, seed));
    independent.push_back(three - web_seconds(4, 1000 + seed));
  }
  EXPECT_GE(variance_of(independent), 5 * variance_of(paired));
}

/// The top-level sections of a file in reverse order.
std::string reversed_sections(const std::string& text) {
  std::vector<std::string> sections;
  std::size_t begin = 0;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : 'a';
    if (next == ' ' || next == '\n' || next == '#') continue;
    sections.push_back(text.substr(begin, at + 1 - begin));
    begin = at + 1;
  }
  std::string reversed;
  for (auto section = sections.rbegin(); section != sections.rend(); ++section) {
    reversed += *section;
  }
  return reversed;
}

std::uint64_t fingerprint_of(const std::filesystem::path& file) {
  LoadOptions options;
  options.sets = {"duration=5 min", "start=20:18", "warm_up=2 min"};
  sim::Diagnostics diagnostics;
  const auto loaded = load_scenario(file, options, diagnostics);
  EXPECT_TRUE(loaded) << test::all_text(diagnostics);
  if (!loaded) return 0;
  const auto plan =
      compile({loaded->platform, loaded->scenario, loaded->catalogue}, diagnostics);
  testing::KeepPeriods periods;
  return run_plan(*plan, 1, 0, periods).fingerprint;
}

TEST(Metamorphic, TheOrderOfKeysInAFileChangesNothing) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "platforms");
  const auto shipped = test::shipped_scenarios();
  const std::string scenario = test::read_file(shipped / "server_loss.yaml");
  const std::string platform = test::read_file(shipped / "platforms" / "shop.yaml");
  test::write_file(folder.path() / "scenario.yaml", reversed_sections(scenario));
  test::write_file(folder.path() / "platforms" / "shop.yaml", reversed_sections(platform));
  ASSERT_NE(reversed_sections(scenario), scenario);
  EXPECT_EQ(fingerprint_of(folder.path() / "scenario.yaml"),
            fingerprint_of(shipped / "server_loss.yaml"));
}

}  // namespace
}  // namespace shopsim::models
