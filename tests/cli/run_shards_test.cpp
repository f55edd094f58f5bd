// A run cut into shards, or killed: always the bytes of one process.
#include <gmock/gmock.h>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using testing::content;
using testing::Folder;
using testing::shopsim;
using ::testing::HasSubstr;

const std::string kRun = testing::short_run("zone_loss") +
                         "--set duration='10 min' --set start=12:10 -r 5 -q ";

TEST(RunShards, MergedTheyGiveTheResultsFileOfOneProcess) {
  const Folder folder;
  const auto one = shopsim(folder.path(), kRun + "-o one.h5");
  for (const std::string k : {"1", "2", "3"}) {
    const auto run = shopsim(folder.path(), kRun + "--journal j" + k + " --shard " + k + "/3");
    ASSERT_EQ(run.code, 0) << run.err;
    // 5 replications: 0 and 3, 1 and 4, 2.
    EXPECT_THAT(run.out, HasSubstr("Shard " + k + " of 3: " + (k == "3" ? "1" : "2") + " of 5"));
  }
  ASSERT_EQ(shopsim(folder.path(), "merge j3 j1 j2 -o all").code, 0);
  const std::string merged = content(folder.path() / "all");
  const auto two = shopsim(folder.path(), kRun + "--journal all -o two.h5");
  EXPECT_EQ(two.code, one.code) << two.err;
  EXPECT_EQ(two.out, one.out);
  EXPECT_TRUE(content(folder.path() / "all") == merged) << "a replication was run again";
  EXPECT_TRUE(content(folder.path() / "two.h5") == content(folder.path() / "one.h5"));
  // A journal with less than all: the rest is run.
  const auto three = shopsim(folder.path(), kRun + "--journal j2 -o three.h5");
  EXPECT_EQ(three.out, one.out);
  EXPECT_TRUE(content(folder.path() / "three.h5") == content(folder.path() / "one.h5"));
}

TEST(RunShards, WhatDoesNotGoTogetherIsRefused) {
  const Folder folder;
  const auto refused = [&](const std::string& arguments, const std::string& what) {
    const auto run = shopsim(folder.path(), arguments);
    EXPECT_EQ(run.code, 2) << arguments;
    EXPECT_THAT(run.err, HasSubstr(what)) << arguments;
  };
  refused(kRun + "--shard 1/3", "[no-journal]");
  refused(kRun + "--shard 4/3 --journal j", "[bad-shard]");
  refused(kRun + "--shard 1/3 --journal j --json", "--json is for all replications");
  refused(kRun + "--shard 1/3 --journal j -o x.h5", "--output is for all replications");
  refused(kRun + "--journal j --engine simgrid", "--journal is of the event engine");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "j"));
  ASSERT_EQ(shopsim(folder.path(), kRun + "--shard 5/5 --journal j").code, 0);
  refused(kRun + "--journal j --seed 99", "[other-journal]");
  refused(kRun + "--journal j --set web.workers=63", "[other-journal]");
  refused("merge j missing -o all", "[no-journal]");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "results"));
}

}  // namespace
}  // namespace shopsim::cli
