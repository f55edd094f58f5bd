#include "analysis/tuning_journal.hpp"

#include <gmock/gmock.h>

#include "tests/analysis/tuning_files.hpp"

namespace shopsim::analysis {
namespace {

using testing::TuningFiles;
using ::testing::HasSubstr;

UnitResult some_result() {
  UnitResult result;
  result.promises = {{true, 1.0 / 3, 420, 7, 1e9 + 1, "web CPU"}, {}};
  result.usage.web_instance_seconds = 0.1 + 0.2;
  result.usage.dns_queries = 3e-300;
  result.pages = 123'456;
  result.value_lost = 2.0 / 7;
  result.stopped = true;
  return result;
}

std::string file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(TuningJournal, NumbersReadBackBitByBit) {
  const std::string line = unit_to_line("a unit", some_result());
  const auto read = line_to_unit(line);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->first, "a unit");
  EXPECT_EQ(read->second.usage.web_instance_seconds, 0.1 + 0.2);
  EXPECT_EQ(read->second.usage.dns_queries, 3e-300);
  EXPECT_EQ(read->second.promises[0].value, 1.0 / 3);
  EXPECT_EQ(unit_to_line("a unit", read->second), line);
}

TEST(TuningJournal, ALineCutOffByAKillIsDroppedAndWorkGoesOn) {
  const TuningFiles files;
  const std::string path = files.path("journal");
  sim::Diagnostics diagnostics;
  {
    auto journal = TuningJournal::open(path, "identity", diagnostics);
    journal->add("one", some_result());
    journal->add("two", some_result());
  }
  const std::string whole = file_text(path);
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    files.write("journal", whole.substr(0, size));
    auto journal = TuningJournal::open(path, "identity", diagnostics);
    ASSERT_TRUE(journal.has_value()) << size << sim::to_text(diagnostics);
    if (journal->find("one") == nullptr) journal->add("one", some_result());
    if (journal->find("two") == nullptr) journal->add("two", some_result());
    EXPECT_EQ(file_text(path), whole) << size;
  }
}

TEST(TuningJournal, AnotherOnesJournalIsRefusedAndNotTouched) {
  const TuningFiles files;
  const std::string path = files.path("journal");
  sim::Diagnostics diagnostics;
  TuningJournal::open(path, "one scenario", diagnostics)->add("one", some_result());
  const std::string before = file_text(path);
  EXPECT_FALSE(TuningJournal::open(path, "another scenario", diagnostics).has_value());
  EXPECT_THAT(sim::to_text(diagnostics), HasSubstr("[other-journal]"));
  EXPECT_EQ(file_text(path), before);
  files.write("notes", "buy milk\n");
  EXPECT_FALSE(TuningJournal::open(files.path("notes"), "x", diagnostics).has_value());
  EXPECT_EQ(file_text(files.path("notes")), "buy milk\n");
}

}  // namespace
}  // namespace shopsim::analysis
