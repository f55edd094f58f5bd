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

TEST(RunShards, DrawnNumbersAreDrawnInShardsAsInOneProcess) {
  const Folder folder;
  const std::string run = testing::short_run("normal_day") +
                          "--set duration='5 min' --set warm_up='1 min' --set "
                          "'clients.timeout={uniform: [5 s, 15 s]}' -q ";
  const std::string law =
      "--set 'database.round_trip={exponential: {mean: {uniform: [0.2 ms, 2 ms]}}}' ";
  const auto one = shopsim(folder.path(), run + law + "-r 6 -o one.h5");
  for (const std::string k : {"1", "2"}) {
    const auto part =
        shopsim(folder.path(), run + law + "-r 6 --journal j" + k + " --shard " + k + "/2");
    ASSERT_EQ(part.code, 0) << part.err;
  }
  ASSERT_EQ(shopsim(folder.path(), "merge j2 j1 -o all").code, 0);
  const std::string merged = content(folder.path() / "all");
  const auto two = shopsim(folder.path(), run + law + "-r 6 --journal all -o two.h5");
  EXPECT_EQ(two.code, one.code) << two.err;
  EXPECT_EQ(two.out, one.out);
  EXPECT_TRUE(content(folder.path() / "all") == merged) << "a replication was run again";
  EXPECT_TRUE(content(folder.path() / "two.h5") == content(folder.path() / "one.h5"));
  // Without -r it is the scenario's most, as without shards.
  const auto most = shopsim(folder.path(), run + law + "--set replications.most=8 "
                                           "--journal m --shard 1/8");
  EXPECT_THAT(most.out, HasSubstr("1 of 8 replications")) << most.err;
  // Another law with the same centre is another run.
  const auto other = shopsim(
      folder.path(), run + "--set 'database.round_trip={exponential: {mean: {uniform: [0.1 ms, "
                           "2.1 ms]}}}' -r 6 --journal all -o three.h5");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("[other-journal]"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "three.h5"));
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
  refused(kRun + "--chance 80", "no number is drawn");
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
