// A search cut into shards or spread over ranks: always the bytes of one process.
#include <gmock/gmock.h>

#include <sstream>

#include "tests/analysis/tuning_files.hpp"
#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using analysis::testing::TuningFiles;
using testing::content;
using testing::shopsim;
using ::testing::HasSubstr;

const std::string kTune = "tune scenario.yaml --space space.yaml -r 5 -b 20 -q ";

/// A search of a second.
struct TinyFiles : TuningFiles {
  TinyFiles() { write("scenario.yaml", analysis::testing::tiny_scenario()); }
};

/// Lines of a journal that are whole runs of finalists: their replications begin at 1000.
std::size_t whole_runs(const std::filesystem::path& journal) {
  std::istringstream text(content(journal));
  std::size_t count = 0;
  for (std::string line; std::getline(text, line);) {
    if (line.find("| whole run | replication 100") != std::string::npos) ++count;
  }
  return count;
}

/// A line of the shell in the folder; its exit code.
int shell(const TuningFiles& files, const std::string& line) {
  std::string command = "cd '";
  command += files.folder().string() + "' || exit 99; " + line;
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_mpirun() { return std::system("command -v mpirun >/dev/null 2>&1") == 0; }

/// mpirun on one machine, whatever its cores and whoever starts it.
std::string mpirun(int ranks) {
  std::string text = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
                     "mpirun --oversubscribe -n ";
  text += std::to_string(ranks) + " '" SHOPSIM_PROGRAM "' ";
  return text;
}

TEST(TuneShards, ThreeShardsMergedGiveTheBytesOfOneProcess) {
  const TinyFiles files;
  ASSERT_EQ(shopsim(files.folder(), kTune + "-o one.h5 -w one.yaml --journal j").code, 0);
  std::size_t parts = 0;
  for (const std::string k : {"1", "2", "3"}) {
    const auto run = shopsim(files.folder(), kTune + "--shard " + k + "/3 --journal j" + k +
                                                 " -o none.h5 -w none.yaml");
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("Shard " + k + " of 3"));
    // Today's first run is everybody's.
    const std::size_t own = whole_runs(files.path("j" + k));
    EXPECT_LT(own, whole_runs(files.path("j"))) << k;
    parts += own;
  }
  EXPECT_FALSE(std::filesystem::exists(files.path("none.h5")));
  EXPECT_FALSE(std::filesystem::exists(files.path("none.yaml")));
  ASSERT_EQ(shopsim(files.folder(), "merge j1 j2 j3 -o all").code, 0);
  const std::size_t merged = whole_runs(files.path("all"));
  EXPECT_EQ(merged, parts - 2);
  ASSERT_EQ(shopsim(files.folder(), kTune + "-o two.h5 -w two.yaml --journal all").code, 0);
  EXPECT_EQ(whole_runs(files.path("all")), merged) << "a whole run was run again";
  EXPECT_EQ(content(files.path("two.h5")), content(files.path("one.h5")));
  EXPECT_EQ(content(files.path("two.yaml")), content(files.path("one.yaml")));
}

TEST(TuneShards, MergeRefusesWhatDoesNotBelongTogether) {
  const TinyFiles files;
  const std::string shard = kTune + "--shard 1/3 --journal ";
  ASSERT_EQ(shopsim(files.folder(), shard + "a").code, 0);
  ASSERT_EQ(shopsim(files.folder(), shard + "b --set traffic.growth=1.1").code, 0);
  const auto refused = [&](const std::string& arguments, const std::string& code) {
    const auto run = shopsim(files.folder(), "merge " + arguments);
    EXPECT_EQ(run.code, 2) << arguments;
    EXPECT_THAT(run.err, HasSubstr(code)) << arguments;
  };
  refused("a b -o c", "[other-journal]");
  refused("a missing -o c", "[no-journal]");
  refused("a scenario.yaml -o c", "[no-journal]");
  refused("a", "[no-output]");
  refused("a -o a --force", "a");
  std::string text = content(files.path("a"));
  text.replace(text.rfind("\"stopped\":false"), 15, "\"stopped\":true");
  files.write("changed", text);
  refused("a changed -o c", "[other-result]");
  EXPECT_FALSE(std::filesystem::exists(files.path("c")));
  const auto tune = [&](const std::string& arguments, const std::string& code) {
    const auto run = shopsim(files.folder(), kTune + arguments);
    EXPECT_EQ(run.code, 2) << arguments;
    EXPECT_THAT(run.err, HasSubstr(code)) << arguments;
  };
  for (const char* wrong : {"0/3", "4/3", "1", "1/", "a/b", "-1/3"}) {
    tune(std::string("--journal j --shard=") + wrong, "[bad-shard]");
  }
  tune("--shard 1/3", "[no-journal]");
}

TEST(TuneRanks, ThreeRanksGiveTheBytesOfOneProcess) {
  if (!has_mpirun()) GTEST_SKIP() << "mpirun is not installed (openmpi-bin)";
  const TinyFiles files;
  ASSERT_EQ(shopsim(files.folder(), kTune + "-o one.h5 -w one.yaml").code, 0);
  ASSERT_EQ(shell(files, mpirun(3) + kTune + "-o two.h5 -w two.yaml >out 2>err"), 0)
      << content(files.path("err"));
  EXPECT_EQ(content(files.path("two.h5")), content(files.path("one.h5")));
  EXPECT_EQ(content(files.path("two.yaml")), content(files.path("one.yaml")));
}

TEST(TuneRanks, MistakesAreReportedOnce) {
  if (!has_mpirun()) GTEST_SKIP() << "mpirun is not installed (openmpi-bin)";
  const TinyFiles files;
  EXPECT_NE(shell(files, mpirun(3) + kTune + "-b 0 >out 2>err"), 0);
  const std::string err = content(files.path("err"));
  const std::size_t first = err.find("[no-budget]");
  ASSERT_NE(first, std::string::npos) << err;
  EXPECT_EQ(err.find("[no-budget]", first + 1), std::string::npos) << err;
}

TEST(TuneRanks, ALostRankEndsWithAnErrorAndAJournalThatGoesOn) {
  if (!has_mpirun()) GTEST_SKIP() << "mpirun is not installed (openmpi-bin)";
  const TinyFiles files;
  ASSERT_EQ(shopsim(files.folder(), kTune + "-o one.h5").code, 0);
  // The third rank is killed, like its shell, as soon as something stands in the journal.
  const std::string search = kTune + "-o two.h5 --journal j";
  const std::string lose =
      mpirun(2) + search + " : -n 1 sh -c \"'" SHOPSIM_PROGRAM "' " + search +
      " & until [ \\$(cat j 2>/dev/null | wc -l) -ge 3 ]; do sleep 0.01; done; "
      "kill -9 \\$! \\$\\$\" >out 2>err";
  EXPECT_NE(shell(files, lose), 0);
  const std::string err = content(files.path("err"));
  EXPECT_THAT(err, HasSubstr("The same call goes on from the journal"));
  EXPECT_FALSE(std::filesystem::exists(files.path("two.h5")));
  ASSERT_EQ(shell(files, mpirun(3) + kTune + "-o two.h5 --journal j >out 2>err"), 0)
      << content(files.path("err"));
  EXPECT_EQ(content(files.path("two.h5")), content(files.path("one.h5")));
}

}  // namespace
}  // namespace shopsim::cli
