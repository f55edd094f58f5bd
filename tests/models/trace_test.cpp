#include "models/trace.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "models/timestamp.hpp"
#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::TemporaryFolder;
using test::write_file;
using Counts = std::vector<std::int32_t>;

struct Read {
  std::optional<Trace> trace;
  sim::Diagnostics diagnostics;
};

Read read_text(const std::string& text, sim::Duration bin = 60_s,
               TraceGaps gaps = TraceGaps::refuse) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "trace.csv";
  write_file(file, text);
  TraceConfig config;
  config.bin = bin;
  config.gaps = gaps;
  Read read;
  read.trace = read_trace(file, config, {"scenario.yaml", 5, 3}, read.diagnostics);
  return read;
}

Counts counts_of(const Read& read) {
  EXPECT_TRUE(read.diagnostics.all().empty()) << test::all_text(read.diagnostics);
  return read.trace ? read.trace->counts : Counts{};
}

struct Refused {
  const char* what;
  std::string text;
  std::string code;
  std::uint32_t line;
};

TEST(Trace, ReadsOneColumnWithOrWithoutAHeader) {
  EXPECT_EQ(counts_of(read_text("requests\n1\n0\n3\n")), (Counts{1, 0, 3}));
  EXPECT_EQ(counts_of(read_text("1\n0\n3")), (Counts{1, 0, 3}));
}

TEST(Trace, TakesTheLastColumnAndRounds) {
  EXPECT_EQ(counts_of(read_text("minute,hosts,requests\n2026-11-27 20:00:00,4,10\n"
                                "2026-11-27 20:01:00,5,11.5\n")),
            (Counts{10, 12}));
}

TEST(Trace, TakesIndexesAndSecondsAsTimes) {
  EXPECT_EQ(counts_of(read_text("0,5\n1,6\n2,7\n")), (Counts{5, 6, 7}));
  EXPECT_EQ(counts_of(read_text("0,5\n60,6\n120,7\n")), (Counts{5, 6, 7}));
}

TEST(Trace, SurvivesWindowsLineEndsByteOrderMarkQuotesAndTrailingBlankLines) {
  EXPECT_EQ(counts_of(read_text("\xef\xbb\xbfrequests\r\n\"1\"\r\n2\r\n\r\n\n")),
            (Counts{1, 2}));
}

TEST(Trace, CrossesMidnightLeapDaysAndMonths) {
  EXPECT_EQ(counts_of(read_text("2024-02-28 23:59,1\n2024-02-29 00:00,2\n")), (Counts{1, 2}));
  EXPECT_EQ(counts_of(read_text("2024-02-29,1\n2024-03-01,2\n", 24_h)), (Counts{1, 2}));
}

TEST(Trace, SumsWhatItReads) {
  const Read read = read_text("2000000000\n2000000000\n");
  ASSERT_TRUE(read.trace);
  EXPECT_EQ(read.trace->total, 4'000'000'000U);
  EXPECT_EQ(read.trace->bin, 60_s);
}

TEST(Trace, RefusesWithTheLineOfTheMistake) {
  const std::vector<Refused> cases = {
      {"a word", "requests\n1\nmany\n2\n", "trace-number", 3},
      {"a negative count", "1\n-2\n", "trace-negative", 2},
      {"not a number", "1\nnan\n", "trace-negative", 2},
      {"a count beyond 32 bits", "1\n2147483648\n", "trace-number", 2},
      {"a blank line", "1\n\n2\n", "trace-gap", 2},
      {"a blank cell", "0,1\n1,\n2,3\n", "trace-gap", 2},
      {"a missing bin", "0,1\n1,2\n4,3\n", "trace-gap", 3},
      {"times that fall", "0,1\n1,2\n0,3\n", "trace-order", 3},
      {"the same time twice", "0,1\n1,2\n1,3\n", "trace-order", 3},
      {"half a bin", "2026-11-27 20:00:00,1\n2026-11-27 20:00:30,2\n", "trace-bin", 2},
      {"a day that does not exist", "2026-02-27,1\n2026-02-30,2\n", "trace-time", 2},
      {"an endless line", "1\n" + std::string(5000, '7') + "\n", "trace-line", 2},
      {"nothing", "", "trace-empty", 0},
      {"a header only", "requests\n", "trace-empty", 0},
  };
  for (const Refused& refused : cases) {
    const Read read = read_text(refused.text);
    EXPECT_FALSE(read.trace) << refused.what;
    ASSERT_EQ(read.diagnostics.all().size(), 1U)
        << refused.what << "\n" << test::all_text(read.diagnostics);
    EXPECT_EQ(read.diagnostics.all()[0].code, refused.code) << refused.what;
    EXPECT_EQ(read.diagnostics.all()[0].place.line, refused.line) << refused.what;
  }
}

TEST(Trace, FillsGapsWithZeroWhenToldTo) {
  EXPECT_EQ(counts_of(read_text("1\n\n2\n", 60_s, TraceGaps::zero)), (Counts{1, 0, 2}));
  EXPECT_EQ(counts_of(read_text("0,1\n1,\n4,3\n", 60_s, TraceGaps::zero)),
            (Counts{1, 0, 0, 0, 3}));
}

TEST(Trace, AHugeJumpIsRefusedInsteadOfFillingTheMemory) {
  const Read read = read_text("0,1\n1,2\n9000000000,3\n", 60_s, TraceGaps::zero);
  EXPECT_FALSE(read.trace);
  EXPECT_EQ(test::with_code(read.diagnostics, "trace-long").size(), 1U);
}

TEST(Trace, ReportsSeveralMistakesButNotThousands) {
  std::string text = "1\n";
  for (int i = 0; i < 1000; ++i) text += "x\n";
  const Read read = read_text(text);
  ASSERT_EQ(read.diagnostics.all().size(), 21U);
  EXPECT_NE(read.diagnostics.all().back().message.find("980 more"), std::string::npos);
}

TEST(Trace, AMissingFileAFolderAndADeviceAreReportedAtTheScenario) {
  const TemporaryFolder folder;
  for (const std::filesystem::path& file :
       {folder.path() / "none.csv", folder.path(), std::filesystem::path("/dev/zero")}) {
    sim::Diagnostics diagnostics;
    EXPECT_FALSE(read_trace(file, {}, {"scenario.yaml", 5, 3}, diagnostics));
    ASSERT_EQ(diagnostics.all().size(), 1U) << file;
    EXPECT_EQ(diagnostics.all()[0].place.file, "scenario.yaml");
    EXPECT_EQ(diagnostics.all()[0].place.line, 5U);
  }
}

/// The reference data, or an empty path.
std::filesystem::path shared_data() {
  const char* named = std::getenv("SHOPSIM_SHARED");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(SHOPSIM_SOURCE_DIR).parent_path() / "shared";
  return std::filesystem::exists(folder / "data" / "traffic") ? folder / "data" / "traffic"
                                                              : std::filesystem::path{};
}

/// Unpacks a file of the reference data and reads it.
Read read_real(const std::filesystem::path& packed, sim::Duration bin,
               TraceGaps gaps = TraceGaps::refuse) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "trace.csv";
  const std::string command = "gzip -dc '" + packed.string() + "' > '" + file.string() + "'";
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_EQ(pclose(pipe), 0);
  TraceConfig config;
  config.bin = bin;
  config.gaps = gaps;
  Read read;
  read.trace = read_trace(file, config, {"scenario.yaml", 5, 3}, read.diagnostics);
  return read;
}

TEST(Trace, ReadsTheRealTracesToTheirPublishedTotals) {
  const std::filesystem::path data = shared_data();
  if (data.empty()) GTEST_SKIP() << "the reference data is absent: set SHOPSIM_SHARED";
  // Bins and totals as in the data's profiles.
  const Read nasa = read_real(data / "nasa_1995-07_requests_per_second.csv.gz", 1_s);
  ASSERT_TRUE(nasa.trace) << test::all_text(nasa.diagnostics);
  EXPECT_EQ(nasa.trace->counts.size(), 2'381'544U);
  EXPECT_EQ(nasa.trace->total, 1'891'713U);
  const auto file = data / "worldcup98_pre_tournament_per_minute.csv.gz";
  const Read worldcup = read_real(file, 60_s, TraceGaps::zero);
  ASSERT_TRUE(worldcup.trace) << test::all_text(worldcup.diagnostics);
  EXPECT_EQ(worldcup.trace->counts.size(), 57'750U);
  EXPECT_EQ(worldcup.trace->total, 155'214'649U);
  // Ten of its minutes are blank: an error unless one says what that means.
  EXPECT_EQ(test::with_code(read_real(file, 60_s).diagnostics, "trace-gap").size(), 10U);
}

TEST(Timestamp, CountsSecondsSince1970) {
  EXPECT_EQ(parse_timestamp_seconds("1970-01-01"), 0.0);
  EXPECT_EQ(parse_timestamp_seconds("2000-03-01T00:00:00Z"), 951'868'800.0);  // date -u +%s
  EXPECT_FALSE(parse_timestamp_seconds("2026-13-01"));
  EXPECT_FALSE(parse_timestamp_seconds("2026-11-27 24:00"));
  EXPECT_FALSE(parse_timestamp_seconds("2026-11-27 20:00:00 CET"));
  EXPECT_FALSE(parse_timestamp_seconds("20261127"));
}

}  // namespace
}  // namespace shopsim::models
