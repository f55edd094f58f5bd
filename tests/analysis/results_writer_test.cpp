#include "analysis/results_writer.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "analysis/period_series.hpp"
#include "tests/analysis/sample_periods.hpp"

namespace shopsim::analysis {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "shopsim_results_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

RunDescription sample_description() {
  RunDescription run;
  run.program_version = "0.1.0";
  run.scenario_name = "sample";
  run.scenario_yaml = "name: sample\n";
  run.platform_yaml = std::string(100'000, 'x');  // larger than a compact attribute may be
  run.seed = UINT64_MAX;
  run.class_names = {"browse", "checkout"};
  run.metrics = {{"AWS/EC2", "CPUUtilization", "AutoScalingGroupName", "Percent", "Average"},
                 {"AWS/RDS", "DBLoad", "", "None", "Average"}};
  return run;
}

/// Two replications of 200 minutes, with 40 fine periods in the first and 30 in the second.
std::vector<Replication> sample_replications() {
  std::vector<Replication> all(2);
  for (std::uint32_t r = 0; r < 2; ++r) {
    sim::Stream stream(sim::stream_key(3, r, "results"));
    all[r].periods = std::make_unique<PeriodSpool>();
    for (std::uint32_t i = 0; i < 200; ++i) {
      all[r].periods->close_period(
          testing::random_period(stream, i, sim::Duration{60'000'000'000}, false, 2, 2));
      if (i < 40 - 10 * r) {
        all[r].periods->close_period(
            testing::random_period(stream, i, sim::Duration{5'000'000'000}, true, 2, 2));
      }
    }
    all[r].summary.replication = r;
    all[r].summary.fingerprint = 0xfedcba9876543210U;
    all[r].summary.scaling.push_back({{60'000'000'000}, "web", "Launching", "a \"cause\" \u00e9",
                                      "Successful"});
  }
  return all;
}

void write_file(const std::string& path, const RunDescription& run) {
  sim::Diagnostics diagnostics;
  auto file = ResultsFile::create(path, diagnostics);
  ASSERT_TRUE(file.has_value());
  Table table;
  table.columns.push_back({"name", std::vector<std::string>{"checkout fast"}});
  table.columns.push_back({"value", std::vector<double>{1.5}});
  const std::vector<NamedTable> tables = {{"slo", table}};
  file->write(run, sample_replications(), tables);
  file->commit();
}

TEST(ResultsWriter, HoldsEveryNumberOfEveryPeriod) {
  const Folder folder;
  const auto run = sample_description();
  write_file(folder.file("run.h5"), run);
  const auto replications = sample_replications();
  const Hdf5Store store = Hdf5Store::open(folder.file("run.h5"));
  for (const auto& series : period_series(run)) {
    const auto array = store.open_array(series.path);
    ASSERT_EQ(array.extent(), (Extent{2, 200})) << series.path;
    std::vector<double> values(400);
    array.read({0, 0}, {2, 200}, std::span<double>(values));
    std::size_t at = 0;
    for (const auto& replication : replications) {
      PeriodReader reader(*replication.periods);
      for (models::PeriodRecord record; reader.next(record);) {
        if (record.fine) continue;
        const double expected = series.value(record);
        if (std::isnan(expected)) {
          EXPECT_TRUE(std::isnan(values[at])) << series.path;
        } else {
          EXPECT_EQ(values[at], expected) << series.path << " " << at;
        }
        ++at;
      }
    }
  }
}

TEST(ResultsWriter, HoldsTheLatencyHistogramsAndTheirEdges) {
  const Folder folder;
  write_file(folder.file("run.h5"), sample_description());
  const auto replications = sample_replications();
  const Hdf5Store store = Hdf5Store::open(folder.file("run.h5"));
  const auto array = store.open_array("/latency/checkout/histogram");
  const std::uint64_t bins = sim::Histogram::bins();
  ASSERT_EQ(array.extent(), (Extent{2, 200, bins}));
  std::vector<std::uint32_t> row(bins);
  PeriodReader reader(*replications[1].periods);
  std::uint64_t period = 0;
  for (models::PeriodRecord record; reader.next(record);) {
    if (record.fine) continue;
    array.read({1, period++, 0}, {1, 1, bins}, std::span<std::uint32_t>(row));
    std::vector<std::uint32_t> expected(bins);
    const auto& latency = record.classes[1].latency;
    for (std::size_t i = 0; i < latency.bins.size(); ++i) {
      expected[latency.bins[i]] = latency.counts[i];
    }
    ASSERT_EQ(row, expected) << period;
  }
  EXPECT_EQ(store.open_array("/latency/bin_edges_s").extent(), (Extent{bins + 1}));
}

TEST(ResultsWriter, PadsTheFineSeriesOfShorterReplications) {
  const Folder folder;
  write_file(folder.file("run.h5"), sample_description());
  const Hdf5Store store = Hdf5Store::open(folder.file("run.h5"));
  EXPECT_EQ(store.number_attribute("/fine/requests/browse/requests", "period_s"), 5.0);
  EXPECT_EQ(store.number_attribute("/requests/browse/requests", "period_s"), 60.0);
  const auto starts = store.open_array("/fine/start_s");
  ASSERT_EQ(starts.extent(), (Extent{2, 40}));
  std::vector<double> values(40);
  starts.read({1, 0}, {1, 40}, std::span<double>(values));
  EXPECT_EQ(values[29], 145.0);
  EXPECT_TRUE(std::isnan(values[30]));
}

TEST(ResultsWriter, KeepsCanonicalInputsAsAttributes) {
  const Folder folder;
  const auto run = sample_description();
  write_file(folder.file("run.h5"), run);
  const Hdf5Store store = Hdf5Store::open(folder.file("run.h5"));
  EXPECT_EQ(store.root_number("format_version"), kResultsFormat);
  EXPECT_EQ(store.root_text("platform_yaml"), run.platform_yaml);
  EXPECT_EQ(store.root_text("seed"), "18446744073709551615");
  EXPECT_EQ(store.root_text("absent"), std::nullopt);
}

TEST(ResultsWriter, TablesKeepTextAndWholeNumbersExactly) {
  const Folder folder;
  write_file(folder.file("run.h5"), sample_description());
  const Hdf5Store store = Hdf5Store::open(folder.file("run.h5"));
  const Table scaling = store.read_table("/scaling_activities");
  EXPECT_EQ(scaling.rows(), 2U);
  EXPECT_EQ((*scaling.find<std::string>("cause"))[0], "a \"cause\" \u00e9");
  EXPECT_EQ((*scaling.find<double>("time_s"))[1], 60.0);
  const Table summary = store.read_table("/summary");
  EXPECT_EQ((*summary.find<std::uint64_t>("fingerprint"))[0], 0xfedcba9876543210U);
  EXPECT_EQ(store.read_table("/alarms").rows(), 0U);
  EXPECT_EQ((*store.read_table("/slo").find<double>("value"))[0], 1.5);
}

TEST(ResultsWriter, EqualRunsGiveEqualBytes) {
  const Folder folder;
  write_file(folder.file("one.h5"), sample_description());
  write_file(folder.file("two.h5"), sample_description());
  EXPECT_EQ(content(folder.file("one.h5")), content(folder.file("two.h5")));
  auto other = sample_description();
  other.seed = 1;
  write_file(folder.file("three.h5"), other);
  EXPECT_NE(content(folder.file("one.h5")), content(folder.file("three.h5")));
}

TEST(ResultsWriter, LeavesNothingBehindWhenNotCommitted) {
  const Folder folder;
  sim::Diagnostics diagnostics;
  {
    auto file = ResultsFile::create(folder.file("run.h5"), diagnostics);
    ASSERT_TRUE(file.has_value());
    EXPECT_FALSE(fs::is_empty(folder.path()));
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ResultsWriter, MakesTheFolderOfTheResults) {
  const Folder folder;
  write_file(folder.file("new/deeper/run.h5"), sample_description());
  EXPECT_TRUE(fs::exists(folder.file("new/deeper/run.h5")));
}

TEST(ResultsWriter, RefusesPlacesThatCannotBeWritten) {
  const Folder folder;
  std::ofstream(folder.file("plain")) << "a file";
  for (const std::string& path :
       {folder.file("plain/run.h5"), folder.path().string(), std::string("/proc/run.h5"),
        std::string("")}) {
    sim::Diagnostics diagnostics;
    EXPECT_FALSE(ResultsFile::create(path, diagnostics).has_value()) << path;
    ASSERT_EQ(diagnostics.all().size(), 1U) << path;
    EXPECT_EQ(diagnostics.all()[0].code, "output-not-writable");
  }
}

TEST(ResultsWriter, SaysWhenAnotherRunWritesTheSameFile) {
  const Folder folder;
  sim::Diagnostics diagnostics;
  const auto first = ResultsFile::create(folder.file("run.h5"), diagnostics);
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(ResultsFile::create(folder.file("run.h5"), diagnostics).has_value());
  EXPECT_NE(diagnostics.all().at(0).message.find("another run"), std::string::npos);
}

TEST(ResultsWriter, AKillWhileWritingLeavesTheOldFile) {
  const Folder folder;
  const std::string path = folder.file("run.h5");
  write_file(path, sample_description());
  const std::string before = content(path);
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    sim::Diagnostics diagnostics;
    auto file = ResultsFile::create(path, diagnostics);
    if (!file) _exit(1);
    file->write(sample_description(), sample_replications(), {});
    if (write(ready[1], "w", 1) != 1) _exit(2);
    while (true) pause();  // written but not committed: killed here
  }
  char byte = 0;
  close(ready[1]);
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  EXPECT_EQ(content(path), before);
  write_file(path, sample_description());  // the stale temporary file is no obstacle
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(ResultsWriter, OpensInThePublicTools) {
  if (std::system("command -v h5dump >/dev/null && command -v h5diff >/dev/null") != 0) {
    GTEST_SKIP() << "h5dump and h5diff (package hdf5-tools) are not installed";
  }
  const Folder folder;
  write_file(folder.file("one.h5"), sample_description());
  write_file(folder.file("two.h5"), sample_description());
  const std::string files = folder.file("one.h5") + " " + folder.file("two.h5");
  EXPECT_EQ(std::system(("h5dump " + folder.file("one.h5") + " >/dev/null 2>&1").c_str()), 0);
  EXPECT_EQ(std::system(("h5diff " + files + " >/dev/null 2>&1").c_str()), 0);
}

}  // namespace
}  // namespace shopsim::analysis
