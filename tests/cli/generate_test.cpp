// `shopsim generate` as a user types it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.hpp"

namespace shopsim::cli {
namespace {

using testing::content;
using testing::Folder;
using testing::Outcome;
using testing::short_run;
using testing::shopsim;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

const std::string kPlatform = "'" SHOPSIM_SOURCE_DIR "/scenarios/platforms/shop.yaml'";
const std::string kScenario = "'" SHOPSIM_SOURCE_DIR "/scenarios/db_failover.yaml'";

/// The names in a folder, hidden ones too: nothing may be left over.
std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(Generate, WritesWhatItsOwnCheckAccepts) {
  const Folder folder;
  const Outcome made = shopsim(folder.path(), "generate " + kPlatform + " -o deploy/");
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.err, "");
  EXPECT_THAT(made.out, HasSubstr("deploy/: "));
  EXPECT_THAT(content(folder.path() / "deploy/ALARMS.md"), HasSubstr("No simulation stands"));
  const Outcome checked = shopsim(folder.path(), "check deploy/");
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.err, "");
}

TEST(Generate, APlatformWithErrorsIsRefusedAndNothingWritten) {
  const Folder folder;
  std::ofstream(folder.path() / "bad.yaml")
      << "name: bad\nweb: {scaling: {minimum: 9, maximum: 2}}\ndatbase: {}\n";
  const Outcome made = shopsim(folder.path(), "generate bad.yaml -o deploy");
  EXPECT_EQ(made.code, 2);
  EXPECT_THAT(made.err, HasSubstr("bad.yaml:3:1"));
  EXPECT_THAT(made.err, HasSubstr("did you mean `database`"));
  EXPECT_EQ(made.out, "");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Generate, WhatNoTemplateCanSayIsRefusedAtItsPlace) {
  const Folder folder;
  const Outcome made = shopsim(
      folder.path(), "generate " + kPlatform + " -o deploy --set dns.domain=Shop --set "
                     "backup.daily_at=5");
  EXPECT_EQ(made.code, 2);
  EXPECT_THAT(made.err, HasSubstr("no template can be made for the domain `Shop`"));
  EXPECT_THAT(made.err, HasSubstr("is no time of day"));  // all at once
  EXPECT_EQ(entries(folder.path()), 0U);
}

TEST(Generate, AFolderThatIsNotEmptyIsReplacedOnlyWhenForced) {
  const Folder folder;
  fs::create_directory(folder.path() / "deploy");
  std::ofstream(folder.path() / "deploy/mine.txt") << "mine";
  const Outcome refused = shopsim(folder.path(), "generate " + kPlatform + " -o deploy");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("the folder is not empty"));
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  EXPECT_EQ(content(folder.path() / "deploy/mine.txt"), "mine");
  EXPECT_EQ(entries(folder.path() / "deploy"), 1U);
  const Outcome forced = shopsim(folder.path(), "generate " + kPlatform + " -o deploy --force");
  EXPECT_EQ(forced.code, 0) << forced.err;
  EXPECT_FALSE(fs::exists(folder.path() / "deploy/mine.txt"));
  EXPECT_TRUE(fs::exists(folder.path() / "deploy/deploy.sh"));
  EXPECT_EQ(entries(folder.path()), 1U);  // nothing is left beside it
}

TEST(Generate, AFolderThatCannotBeMadeLeavesNothingBehind) {
  const Folder folder;
  std::ofstream(folder.path() / "file") << "a file";
  const Outcome made = shopsim(folder.path(), "generate " + kPlatform + " -o file/deploy");
  EXPECT_EQ(made.code, 2);
  EXPECT_THAT(made.err, HasSubstr("error"));
  EXPECT_EQ(content(folder.path() / "file"), "a file");
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_EQ(shopsim(folder.path(), "generate " + kPlatform + " -o file").code, 2);
  EXPECT_EQ(shopsim(folder.path(), "generate " + kPlatform).code, 2);
}

TEST(Generate, ResultsStandBehindThresholdsUsageAndVerdicts) {
  const Folder folder;
  shopsim(folder.path(), short_run("normal_day") + "-r 5 -q -o day.h5");
  const Outcome made = shopsim(
      folder.path(), "generate " + kPlatform + " --results day.h5 -o deploy");
  EXPECT_EQ(made.code, 0) << made.err;
  const fs::path deploy = folder.path() / "deploy";
  EXPECT_THAT(content(deploy / "templates/observability.template.yaml"),
              HasSubstr("Simulated (day.h5, 5 replications)"));
  EXPECT_THAT(content(deploy / "ALARMS.md"), HasSubstr("| normal\\_day | day.h5, 5 replications"));
  EXPECT_THAT(content(deploy / "TRACE.md"), HasSubstr("simulation of normal\\_day (day.h5"));
  EXPECT_THAT(content(deploy / "infracost-usage.yml"), HasSubstr("median of 5 runs"));
  EXPECT_THAT(content(deploy / "cost.csv"), Not(HasSubstr("depends on use, not simulated")));
  // The same files give the same bytes.
  shopsim(folder.path(), "generate " + kPlatform + " --results day.h5 -o again");
  EXPECT_EQ(std::system(("diff -r '" + deploy.string() + "' '" +
                         (folder.path() / "again").string() + "' > /dev/null").c_str()), 0);
}

TEST(Generate, ResultsOfAnotherPlatformAreRefused) {
  const Folder folder;
  shopsim(folder.path(), short_run("normal_day") + "-r 5 -q -o day.h5");
  std::ofstream(folder.path() / "text.h5") << "no HDF5";
  const Outcome made = shopsim(
      folder.path(), "generate " + kPlatform + " --set web.workers=65 --results day.h5 "
                     "--results text.h5 --results none.h5 -o deploy");
  EXPECT_EQ(made.code, 2);
  EXPECT_THAT(made.err, HasSubstr("another platform was run: it differs in web.workers"));
  EXPECT_THAT(made.err, HasSubstr("this is no HDF5 file"));
  EXPECT_THAT(made.err, HasSubstr("there is no such file"));  // all at once
  EXPECT_FALSE(fs::exists(folder.path() / "deploy"));
}

TEST(Generate, AScenarioAloneIsSimulatedFirst) {
  const Folder folder;
  const Outcome made = shopsim(
      folder.path(), "generate " + kPlatform + " --scenario " + kScenario +
                     " --set start=14:05 --set duration='30 min' --set warm_up='5 min'"
                     " --set traffic.growth=0.3"
                     " --set catalogue.products=5000 --set catalogue.images=2000 -r 5 -o deploy");
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(content(folder.path() / "deploy/ALARMS.md"),
              HasSubstr("| db\\_failover | db\\_failover, 5 replications |"));
  EXPECT_THAT(content(folder.path() / "deploy/ALARMS.md"), Not(HasSubstr("No simulation stands")));
}

TEST(Generate, DiffSaysWhatAnUpdateDoes) {
  const Folder folder;
  shopsim(folder.path(), "generate " + kPlatform + " -o old");
  shopsim(folder.path(), "generate " + kPlatform + " -o new --set database.storage='600 GB'"
                         " --set web.instance_type=m7g.xlarge");
  const Outcome same = shopsim(folder.path(), "generate --diff old/ old/");
  EXPECT_EQ(same.code, 0) << same.err;
  EXPECT_EQ(same.out, "nothing changes\n");
  const Outcome changed = shopsim(folder.path(), "generate --diff old/ new/");
  EXPECT_EQ(changed.code, 0) << changed.err;
  EXPECT_THAT(changed.out, HasSubstr("AllocatedStorage: 500 -> 600"));
  EXPECT_THAT(changed.out, HasSubstr("Database  AWS::RDS::DBInstance"));
  EXPECT_THAT(changed.out, HasSubstr("WebTemplate  AWS::EC2::LaunchTemplate"));
  const Outcome bad = shopsim(folder.path(), "generate --diff none/ new/");
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(entries(folder.path()), 2U);  // --diff writes nothing
}

}  // namespace
}  // namespace shopsim::cli
