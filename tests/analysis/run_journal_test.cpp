#include "analysis/run_journal.hpp"

#include <gmock/gmock.h>

#include "analysis/replication_bytes.hpp"
#include "tests/analysis/sample_periods.hpp"

namespace shopsim::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A replication with something in every member of its summary and some periods.
Replication made_up(std::uint32_t number) {
  sim::Stream stream(sim::stream_key(5, number, "journal"));
  Replication one;
  one.periods = std::make_unique<PeriodSpool>();
  for (std::uint32_t i = 0; i < 6; ++i) {
    one.periods->close_period(
        testing::random_period(stream, i, sim::Duration{60'000'000'000}, i % 2 == 1, 2, 5));
  }
  models::RunSummary& s = one.summary;
  for (std::uint64_t* const count :
       {&s.seed, &s.events, &s.dynamic_requests, &s.image_requests, &s.image_misses,
        &s.cache_hits, &s.cache_misses, &s.fingerprint, &s.orders_placed, &s.orders_lost,
        &s.conservation.requests, &s.conservation.sojourn_sum}) {
    *count = stream.next();
  }
  s.replication = number;
  s.order_value_placed = {1'234'567'890'123};
  s.order_value_lost = {-5};
  s.usage.run_seconds = 0.1;
  s.usage.dns_queries = stream.uniform();
  s.scaling.push_back({{1}, "web", "launch", "alarm\nraised", "Successful"});
  s.alarms.push_back({{-2}, "cpu", "OK", "ALARM", "above 80"});
  s.notifications.push_back({{3}, "email", ""});
  s.faults.push_back({{4}, "zone", "zone_loss", "us-east-1b", "begins"});
  s.saturation.push_back({{5}, "web CPU", 1.25, stream.uniform()});
  s.stores.database_statements = 17;
  s.stores.stale_reads = stream.next();
  s.bots.push_back({"scraper", 1, 2, 3, 4, 5, 6, 7.5});
  return one;
}

/// What a replication's periods hold, packed.
std::string periods_of(const PeriodSpool& spool) {
  std::string bytes;
  spool.copy_to(bytes);
  return bytes;
}

class RunJournals : public ::testing::Test {
 protected:
  RunJournals() {
    std::string name = (std::filesystem::temp_directory_path() / "shopsim-run-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~RunJournals() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream stream(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// A journal with these replications.
  void write(const std::string& name, std::initializer_list<std::uint32_t> numbers,
             const std::string& identity = "run 1") const {
    sim::Diagnostics diagnostics;
    const auto journal = RunJournal::open(path(name), identity, diagnostics);
    ASSERT_NE(journal, nullptr) << sim::to_text(diagnostics);
    for (const std::uint32_t number : numbers) journal->add(made_up(number));
  }
  [[nodiscard]] std::unique_ptr<RunJournal> open(const std::string& name) {
    return RunJournal::open(path(name), "run 1", diagnostics_);
  }

  std::filesystem::path folder_;
  sim::Diagnostics diagnostics_;
};

TEST_F(RunJournals, ASummaryComesBackBitByBit) {
  models::RunSummary summary = made_up(3).summary;
  summary.bots.push_back({.name = "blocked", .first_blocked = sim::Time{7}});
  summary.bots.push_back({.name = "never blocked"});
  summary.images_stale = 11;
  const std::string bytes = summary_bytes(summary);
  const models::RunSummary back = bytes_summary(
      std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
  EXPECT_EQ(summary_bytes(back), bytes);
  EXPECT_EQ(back.replication, 3U);
  EXPECT_EQ(back.fingerprint, summary.fingerprint);
  EXPECT_EQ(back.images_stale, 11U);
  ASSERT_EQ(back.bots.size(), summary.bots.size());
  EXPECT_EQ(back.bots[back.bots.size() - 2].first_blocked, sim::Time{7});
  EXPECT_FALSE(back.bots.back().first_blocked);
  EXPECT_EQ(back.order_value_lost, sim::Money{-5});
  EXPECT_EQ(back.usage.dns_queries, summary.usage.dns_queries);
  EXPECT_EQ(back.conservation.sojourn_sum, summary.conservation.sojourn_sum);
  EXPECT_EQ(back.scaling.at(0).cause, "alarm\nraised");
  EXPECT_EQ(back.alarms.at(0).time, sim::Time{-2});
  EXPECT_EQ(back.faults.at(0).phase, "begins");
  EXPECT_EQ(back.saturation.at(0).queue_length, summary.saturation.at(0).queue_length);
  EXPECT_EQ(back.stores.database_statements, 17U);
  EXPECT_EQ(back.stores.stale_reads, summary.stores.stale_reads);
  EXPECT_EQ(back.bots.at(0).bytes, 7.5);
}

TEST_F(RunJournals, APlayedReplicationIsTheOneThatWasKept) {
  write("j", {4, 2});
  const auto journal = open("j");
  ASSERT_NE(journal, nullptr);
  EXPECT_THAT(journal->replications(), ElementsAre(2U, 4U));
  EXPECT_FALSE(journal->has(3));
  const Replication expected = made_up(2);
  PeriodSpool periods;
  const models::RunSummary summary = journal->play(2, periods);
  EXPECT_EQ(summary_bytes(summary), summary_bytes(expected.summary));
  EXPECT_EQ(periods_of(periods), periods_of(*expected.periods));
}

TEST_F(RunJournals, WhateverAKillCutOffRunsAgain) {
  write("whole", {0, 1});
  const std::string whole = content("whole");
  // Ends of the head and of the first replication.
  write("one", {0});
  const std::size_t one = content("one").size();
  for (std::size_t size = 0; size <= whole.size(); size += size + 7 < whole.size() ? 7U : 1U) {
    write("cut", whole.substr(0, size));
    const auto journal = open("cut");
    ASSERT_NE(journal, nullptr) << size << " " << sim::to_text(diagnostics_);
    EXPECT_EQ(journal->has(0), size >= one) << size;
    EXPECT_EQ(journal->has(1), size == whole.size()) << size;
    journal->add(made_up(0));
    journal->add(made_up(1));
    ASSERT_EQ(content("cut"), whole) << size;
    std::filesystem::remove(path("cut"));
  }
}

TEST_F(RunJournals, WhatWasChangedOrIsOfAnotherRunIsRefusedAndNotTouched) {
  write("j", {0, 1});
  const auto refused = [this](const std::string& name, const std::string& code) {
    const std::string before = content(name);
    diagnostics_ = {};
    EXPECT_EQ(open(name), nullptr) << name;
    EXPECT_THAT(sim::to_text(diagnostics_), HasSubstr(code));
    EXPECT_EQ(content(name), before);
  };
  const std::string whole = content("j");
  for (const std::size_t at : {std::size_t{5}, whole.size() / 2, whole.size() - 10}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write("changed", changed);
    refused("changed", at == 5 ? "[other-journal]" : "[damaged-journal]");
  }
  write("other", {0}, "run 2");
  refused("other", "[other-journal]");
  write("text", "no journal\n");
  refused("text", "the file is no journal of a run");
}

TEST_F(RunJournals, MergedOnesAreOneInAscendingOrder) {
  write("all", {0, 1, 2, 3});
  write("a", {3, 0});
  write("b", {1, 3, 2});  // 3 stands in both
  const auto merged = merge_run_journals({path("a"), path("b")}, diagnostics_);
  ASSERT_TRUE(merged.has_value()) << sim::to_text(diagnostics_);
  EXPECT_TRUE(*merged == content("all"));
  const auto refused = [this](const std::string& second, const std::string& code) {
    diagnostics_ = {};
    EXPECT_FALSE(merge_run_journals({path("a"), path(second)}, diagnostics_).has_value());
    EXPECT_THAT(sim::to_text(diagnostics_), HasSubstr(code));
  };
  write("other", {1}, "run 2");
  refused("other", "[other-journal]");
  refused("missing", "[no-journal]");
  // The same replication with another result: as a changed program would write it.
  {
    const auto journal = open("forged");
    Replication one = made_up(3);
    one.summary.events += 1;
    journal->add(one);
  }
  refused("forged", "[other-result]");
}

}  // namespace
}  // namespace shopsim::analysis
