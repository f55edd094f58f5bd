#include "analysis/sensitivity.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "analysis/simulate.hpp"
#include "models/check.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::analysis {
namespace {

models::LoadedScenario shipped(const std::string& name) {
  sim::Diagnostics diagnostics;
  const auto file =
      std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios" / (name + ".yaml");
  auto loaded = models::load_scenario(file, {}, diagnostics);
  EXPECT_TRUE(loaded) << sim::to_text(diagnostics);
  return *loaded;
}

std::string text_of(const models::LoadedScenario& loaded) {
  return sim::to_canonical_yaml(loaded.scenario) + sim::to_canonical_yaml(loaded.platform);
}

bool has(const std::vector<Doubt>& doubts, std::string_view key) {
  return std::any_of(doubts.begin(), doubts.end(),
                     [key](const Doubt& doubt) { return doubt.key == key; });
}

PromiseResult result(const std::string& name, Verdict verdict, double mean) {
  PromiseResult made;
  made.promise.name = name;
  made.promise.metric = models::SloMetric::latency;
  made.verdict = verdict;
  made.limit = 1;
  made.value.mean = mean;
  return made;
}

TEST(Sensitivity, EveryEndChangesTheFilesAndStaysValid) {
  for (const char* name : {"payment_slow", "zone_loss", "black_friday"}) {
    const models::LoadedScenario loaded = shipped(name);
    for (const Doubt& doubt : doubts_about(loaded)) {
      for (const End end : {End::low, End::high}) {
        if ((end == End::low ? doubt.low : doubt.high).empty()) continue;
        models::LoadedScenario moved = loaded;
        doubt.move(moved, end);
        EXPECT_NE(text_of(moved), text_of(loaded)) << name << ": " << doubt.words;
        sim::Diagnostics diagnostics;
        const sim::Places places;
        const models::CheckSink sink{places, diagnostics};
        models::check_platform(moved.platform, moved.catalogue, sink);
        models::check_scenario(moved.scenario, moved.platform, sink);
        EXPECT_FALSE(diagnostics.has_errors()) << doubt.words << sim::to_text(diagnostics);
      }
    }
  }
}

TEST(Sensitivity, AsksOnlyWhatTheScenarioHas) {
  const auto payment = doubts_about(shipped("payment_slow"));
  EXPECT_TRUE(has(payment, "platform.payment.latency"));
  EXPECT_FALSE(has(payment, "platform.database.failover.promotion"));
  const auto zone = doubts_about(shipped("zone_loss"));
  EXPECT_FALSE(has(zone, "platform.payment.latency"));
  EXPECT_TRUE(has(zone, "platform.database.failover.promotion"));
}

TEST(Sensitivity, TheCpuOfEveryPageIsScaledAndNothingElseOfIt) {
  const models::LoadedScenario loaded = shipped("normal_day");
  const auto doubts = doubts_about(loaded);
  const auto cpu = std::find_if(doubts.begin(), doubts.end(), [](const Doubt& doubt) {
    return doubt.key == "scenario.clients.pages[].cpu";
  });
  ASSERT_NE(cpu, doubts.end());
  EXPECT_EQ(cpu->high, "x 1.50");
  models::LoadedScenario moved = loaded;
  cpu->move(moved, End::high);
  sim::Diagnostics diagnostics;
  const auto before = models::compile(compile_input(loaded), diagnostics);
  const auto after = models::compile(compile_input(moved), diagnostics);
  ASSERT_TRUE(before && after);
  ASSERT_EQ(before->pages.size(), after->pages.size());
  for (std::size_t i = 0; i < before->pages.size(); ++i) {
    EXPECT_DOUBLE_EQ(sim::mean_of(after->pages[i].cpu_seconds),
                     1.5 * sim::mean_of(before->pages[i].cpu_seconds));
    EXPECT_EQ(after->pages[i].name, before->pages[i].name);
    EXPECT_EQ(after->pages[i].cache_reads, before->pages[i].cache_reads);
    EXPECT_EQ(after->pages[i].is_order, before->pages[i].is_order);
  }
}

/// An assumption that changes nothing by itself: the trial below answers for it.
Doubt named(const std::string& key) {
  return {key, key, "low", "high", [](models::LoadedScenario&, End) {}};
}

TEST(Sensitivity, MostFlipsAreMeasuredFirst) {
  const std::vector<Doubt> doubts = {named("idle"), named("one flip"), named("two flips"),
                                     named("one, larger")};
  const auto trial = [](const Doubt* doubt,
                        End end) -> std::optional<std::vector<PromiseResult>> {
    std::vector<PromiseResult> results = {result("a", Verdict::met, 0.5),
                                          result("b", Verdict::missed, 2)};
    if (doubt == nullptr) return results;
    if (doubt->key == "two flips") {
      results = {result("a", Verdict::missed, 1.5), result("b", Verdict::met, 0.5)};
    } else if (doubt->key != "idle" && end == End::high) {
      results[0] = result("a", Verdict::undecided, doubt->key == "one flip" ? 1 : 1.25);
    }
    return results;
  };
  const Sensitivity found = try_doubts(doubts, trial);
  EXPECT_FALSE(found.interrupted);
  EXPECT_EQ(found.first,
            (std::vector<std::string>{"two flips", "one, larger", "one flip"}));
  ASSERT_EQ(found.tried.size(), 8U);
  EXPECT_TRUE(found.tried[0].flips.empty());
  const TriedEnd& high = found.tried[3];  // of "one flip"
  ASSERT_EQ(high.flips.size(), 1U);
  EXPECT_EQ(high.value, "high");
  EXPECT_EQ(high.flips[0].promise, "a");
  EXPECT_EQ(high.flips[0].before, Verdict::met);
  EXPECT_EQ(high.flips[0].after, Verdict::undecided);
  EXPECT_DOUBLE_EQ(high.largest_change, 0.5);  // from 0.5 to 1, of a limit of 1
}

TEST(Sensitivity, AnEndThatIsThePresentValueIsNotTried) {
  const auto doubts = doubts_about(shipped("normal_day"));
  const auto spread = std::find_if(doubts.begin(), doubts.end(), [](const Doubt& doubt) {
    return doubt.key == "platform.web.instances.speed_spread";
  });
  ASSERT_NE(spread, doubts.end());
  EXPECT_EQ(spread->low, "");  // 0 as it is
  EXPECT_EQ(spread->high, "0.1");
  Doubt one_end = named("x");
  one_end.low.clear();
  std::size_t asked = 0;
  const auto trial = [&asked](const Doubt*, End) -> std::optional<std::vector<PromiseResult>> {
    ++asked;
    return std::vector<PromiseResult>{result("a", Verdict::met, 0.5)};
  };
  EXPECT_EQ(try_doubts({one_end}, trial).tried.size(), 1U);
  EXPECT_EQ(asked, 2U);
}

TEST(Sensitivity, StopsWhereItIsInterrupted) {
  std::size_t asked = 0;
  const auto trial = [&asked](const Doubt*, End) -> std::optional<std::vector<PromiseResult>> {
    if (++asked == 3) return std::nullopt;
    return std::vector<PromiseResult>{result("a", Verdict::met, 0.5)};
  };
  const Sensitivity found = try_doubts({named("x"), named("y")}, trial);
  EXPECT_TRUE(found.interrupted);
  EXPECT_EQ(asked, 3U);
  EXPECT_EQ(found.tried.size(), 1U);
}

}  // namespace
}  // namespace shopsim::analysis
