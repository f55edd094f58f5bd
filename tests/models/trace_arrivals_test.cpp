// A trace named in a scenario file, through the loader and a whole run: at scale 1 the arrivals
// equal the file bin for bin.
#include <cstdio>
#include <cstdlib>

#include "models/load.hpp"
#include "shop_files.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::ShopFiles;
using testing::KeepPeriods;

/// Runs the shop on a trace of pages from bin `skip` on; compares every bin with the file.
void expect_bin_for_bin(const std::filesystem::path& trace, const std::string& bin,
                        const std::string& duration, std::size_t skip,
                        const std::string& more = {}) {
  ShopFiles files;
  files.change_scenario("  sessions_per_day: 200000\n",
                        "  trace: {file: " + trace.string() + ", bin: " + bin +
                            ", skip_bins: " + std::to_string(skip) + more + "}\n");
  files.change_scenario("faults:\n", "recording: {period: " + bin + ", fine_period: " + bin +
                                        "}\nfaults:\n");
  LoadOptions options;
  options.sets = {"start=20:10", "duration=" + duration, "catalogue.images=2000",
                  "catalogue.products=2000"};
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics, options);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  ASSERT_TRUE(loaded->trace);
  const auto plan = compile({loaded->platform, loaded->scenario, loaded->catalogue,
                             &*loaded->trace}, diagnostics);
  ASSERT_TRUE(plan) << test::all_text(diagnostics);
  KeepPeriods periods;
  testing::expect_books_balance(run_plan(*plan, 1, 0, periods));
  ASSERT_GT(periods.main.size(), 9U);
  std::uint64_t total = 0;
  for (std::size_t p = 0; p < periods.main.size(); ++p) {
    ASSERT_EQ(periods.main[p].arrivals,
              static_cast<std::uint64_t>(loaded->trace->counts[skip + p]))
        << "bin " << skip + p;
    total += periods.main[p].arrivals;
  }
  EXPECT_GT(total, 0U);
  EXPECT_EQ(periods.total(&ClassRecord::requests), total);  // one page an arrival
}

TEST(TraceArrivals, EqualAFilePerMinuteWithAGap) {
  const test::TemporaryFolder folder;
  std::string text = "minute,requests\n";
  for (int minute = 0; minute < 30; ++minute) {
    if (minute == 13) continue;  // nobody counted
    text += "2026-11-27 20:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) +
            ":00," + std::to_string(minute % 7 * 311 % 500) + "\n";
  }
  test::write_file(folder.path() / "trace.csv", text);
  expect_bin_for_bin(folder.path() / "trace.csv", "60 s", "25 min", 3, ", gaps: zero");
}

std::filesystem::path shared_traffic() {
  const char* named = std::getenv("SHOPSIM_SHARED");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(SHOPSIM_SOURCE_DIR).parent_path() / "shared";
  return folder / "data" / "traffic";
}

/// Unpacks a file of the reference data into `folder`.
std::filesystem::path unpack(const std::filesystem::path& packed,
                             const std::filesystem::path& folder) {
  const auto file = folder / "trace.csv";
  const std::string command = "gzip -dc '" + packed.string() + "' > '" + file.string() + "'";
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_EQ(pclose(pipe), 0);
  return file;
}

TEST(TraceArrivals, EqualTheNasaLogSecondForSecondHeavy) {
  const auto packed = shared_traffic() / "nasa_1995-07_requests_per_second.csv.gz";
  if (!std::filesystem::exists(packed)) {
    GTEST_SKIP() << "the reference data is absent: set SHOPSIM_SHARED";
  }
  const test::TemporaryFolder folder;
  // Two hours of 13 July, with the busiest second of the month (20 requests, line 1085579).
  expect_bin_for_bin(unpack(packed, folder.path()), "1 s", "2 h", 1'085'578 - 3600);
}

TEST(TraceArrivals, EqualTheWorldCupMinuteForMinuteHeavy) {
  const auto packed = shared_traffic() / "worldcup98_pre_tournament_per_minute.csv.gz";
  if (!std::filesystem::exists(packed)) {
    GTEST_SKIP() << "the reference data is absent: set SHOPSIM_SHARED";
  }
  const test::TemporaryFolder folder;
  // The busiest minute (57,509 requests, line 16392) and what is around it; ten of the file's
  // minutes are blank.
  expect_bin_for_bin(unpack(packed, folder.path()), "60 s", "20 min", 16'391 - 10,
                     ", gaps: zero");
}

}  // namespace
}  // namespace shopsim::models
