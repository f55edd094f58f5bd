#include "analysis/day_chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "analysis/results_writer.hpp"
#include "tests/analysis/made_up_run.hpp"

namespace shopsim::analysis {
namespace {

using namespace testing;
using ::testing::DoubleNear;
using ::testing::ElementsAre;

/// Writes two replications of three minutes, and reads them back.
class DayChartTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            (std::string("shopsim_day_chart_") +
             ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".h5");
    std::vector<Replication> replications;
    for (std::uint32_t r = 0; r < 2; ++r) {
      MadeUpRun run;
      run.minute({.fast = 60});
      run.minute({.fast = 0, .slow = 90 + 60 * r, .failed = 30});  // 120 and 180 requests
      run.minute({.fast = 120});
      run.fault("first", 1_min + 30_s * static_cast<std::int64_t>(r));
      replications.push_back(std::move(run.replication()));
    }
    sim::Diagnostics diagnostics;
    auto file = ResultsFile::create(path_.string(), diagnostics);
    ASSERT_TRUE(file) << sim::to_text(diagnostics);
    file->write({.program_version = "1", .scenario_name = "made up", .scenario_yaml = "",
                 .platform_yaml = "", .seed = 1, .start_of_day = 20_h,
                 .class_names = kClassNames, .metrics = {}},
                replications, {});
    file->commit();
    results_ = ResultsReader::open(path_.string(), diagnostics);
    ASSERT_TRUE(results_) << sim::to_text(diagnostics);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_;
  std::optional<ResultsReader> results_;
};

const ChartRow* row_of(const DayChart& chart, const std::string& name) {
  for (const ChartRow& row : chart.rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

PromiseResult promise(double percentile, Verdict verdict) {
  PromiseResult result;
  result.promise = latency_promise(percentile, 1_s);
  result.verdict = verdict;
  result.limit = 1;
  return result;
}

TEST_F(DayChartTest, RowsAreMeansOverReplications) {
  const DayChart chart = day_chart(*results_, RunReport{});
  EXPECT_EQ(chart.replications, 2U);
  EXPECT_EQ(chart.start_of_day_s, 20 * 3600);
  const ChartRow* pages = row_of(chart, "pages wanted");
  ASSERT_NE(pages, nullptr);
  // 60, then the mean of 120 and 180, then 120 a minute.
  EXPECT_THAT(pages->values, ElementsAre(1.0, 2.5, 2.0));
  const ChartRow* failed = row_of(chart, "failed pages");
  ASSERT_NE(failed, nullptr);
  // Of 120 and of 180 requests 30 failed: 1/4 and 1/6, mean 5/24.
  EXPECT_THAT(failed->values, ElementsAre(0.0, DoubleNear(5.0 / 24, 1e-12), 0.0));
  EXPECT_EQ(row_of(chart, "web servers"), nullptr);  // no such metric in this file
}

TEST_F(DayChartTest, ShowsTheLatencyPromiseThatFaredWorst) {
  RunReport report;
  EXPECT_EQ(row_of(day_chart(*results_, report), "checkout p50"), nullptr);
  report.promises = {promise(50, Verdict::met), promise(95, Verdict::missed),
                     promise(99, Verdict::missed)};
  const DayChart chart = day_chart(*results_, report);
  EXPECT_EQ(row_of(chart, "checkout p50"), nullptr);
  const ChartRow* latency = row_of(chart, "checkout p95");
  ASSERT_NE(latency, nullptr);
  EXPECT_EQ(latency->limit, 1.0);
  // 100 ms, 5 s, 100 ms; the histogram's bins are within 1 % of each.
  EXPECT_THAT(latency->values, ElementsAre(DoubleNear(0.1, 0.001), DoubleNear(5, 0.05),
                                           DoubleNear(0.1, 0.001)));
}

TEST_F(DayChartTest, MarksAreThoseOfTheFirstReplication) {
  const DayChart chart = day_chart(*results_, RunReport{});
  ASSERT_EQ(chart.marks.size(), 1U);
  EXPECT_EQ(chart.marks[0].event, ChartEvent::fault);
  EXPECT_EQ(chart.marks[0].time_s, 60);
}

}  // namespace
}  // namespace shopsim::analysis
