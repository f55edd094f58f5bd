// `shopsim derive` as a user types it, and what its files are good for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.hpp"

namespace shopsim::cli {
namespace {

using testing::content;
using testing::Folder;
using testing::shopsim;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kShipped = "'" SHOPSIM_SOURCE_DIR "/requirements/ecommerce.md'";

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::size_t files_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator files(folder);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

TEST(Derive, TheShippedDocumentLeadsToFilesThatCheckAndRun) {
  const Folder folder;
  const auto derived =
      shopsim(folder.path(), "derive " + kShipped + " -o shop.yaml --scenario s.yaml");
  EXPECT_EQ(derived.code, 0) << derived.err;
  EXPECT_THAT(derived.out, HasSubstr("73 of 75 sentences demand something: 73 understood, 0 partly"
                                     ", 0 not understood"));
  EXPECT_THAT(derived.out, HasSubstr("contradictions: none"));
  EXPECT_THAT(derived.out, HasSubstr("Which email address gets the alarms?"));
  EXPECT_THAT(content(folder.path() / "s.yaml"), HasSubstr("platform: shop.yaml"));
  EXPECT_THAT(content(folder.path() / "trace.md"), HasSubstr("## Every sentence"));

  const auto checked = shopsim(folder.path(), "check s.yaml");
  EXPECT_EQ(checked.code, 0) << checked.err;

  // A short window: an hour around the loss of the server, a hundredth of the traffic.
  const auto run = shopsim(folder.path(),
                           "run s.yaml --set scenario.traffic.sessions_per_day=2000 "
                           "--set scenario.catalogue.products=5000 "
                           "--set scenario.catalogue.images=2000 -r 5 -o r.h5 --json");
  EXPECT_TRUE(run.code == 0 || run.code == 1 || run.code == 3) << run.code << run.err;
  EXPECT_THAT(run.out, HasSubstr("checkout p99"));
  EXPECT_THAT(run.out, HasSubstr("recovery from server loss"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "r.h5"));

  write(folder.path() / "run.json", run.out);
  // The verdicts go into the trace; the other files stay as they were.
  const std::string platform = content(folder.path() / "shop.yaml");
  EXPECT_THAT(content(folder.path() / "trace.md"), HasSubstr("| simulation | not run yet |"));
  const auto judged = shopsim(folder.path(), "derive " + kShipped + " -o shop.yaml "
                                             "--scenario s.yaml --verdicts run.json --force");
  EXPECT_EQ(judged.code, 0) << judged.err;
  EXPECT_EQ(content(folder.path() / "shop.yaml"), platform);
  const std::string trace = content(folder.path() / "trace.md");
  EXPECT_THAT(trace, Not(HasSubstr("not run yet")));
  EXPECT_THAT(trace, ::testing::ContainsRegex("one server fails \\| simulation \\| "
                                              "(met|missed|undecided)"));
}

TEST(Derive, RefusesTheVerdictsOfAnotherScenario) {
  const Folder folder;
  write(folder.path() / "shop.md", "We need a WAF.\n");
  write(folder.path() / "run.json",
        R"({"promises": [{"name": "checkout p99", "verdict": "met"}]})");
  const auto other = shopsim(folder.path(), "derive shop.md --verdicts run.json");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("has no promise 'checkout p99'"));
  write(folder.path() / "run.json", "{}");
  EXPECT_EQ(shopsim(folder.path(), "derive shop.md --verdicts run.json").code, 2);
  EXPECT_EQ(files_in(folder.path()), 2U);
}

TEST(Derive, NamesThePlatformRelativeToTheScenario) {
  const Folder folder;
  std::filesystem::create_directories(folder.path() / "platforms");
  std::filesystem::create_directories(folder.path() / "scenarios");
  const auto derived = shopsim(folder.path(), "derive " + kShipped + " -o platforms/shop.yaml "
                                              "--scenario scenarios/day.yaml --trace t.md");
  EXPECT_EQ(derived.code, 0) << derived.err;
  EXPECT_EQ(shopsim(folder.path(), "check scenarios/day.yaml").code, 0);
}

TEST(Derive, OverwritesNothingUnlessForced) {
  const Folder folder;
  write(folder.path() / "shop.yaml", "mine\n");
  const auto refused = shopsim(folder.path(), "derive " + kShipped);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("shop.yaml: error: this file exists; it was not touched"));
  EXPECT_EQ(content(folder.path() / "shop.yaml"), "mine\n");
  EXPECT_EQ(files_in(folder.path()), 1U) << "none of the three was written";
  EXPECT_EQ(shopsim(folder.path(), "derive --force " + kShipped).code, 0);
  EXPECT_EQ(files_in(folder.path()), 3U) << "and nothing beside them is left";
}

TEST(Derive, NeverOverwritesItsInput) {
  const Folder folder;
  write(folder.path() / "shop.md", "We need a WAF.\n");
  const auto refused = shopsim(folder.path(), "derive shop.md --trace shop.md --force");
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(content(folder.path() / "shop.md"), "We need a WAF.\n");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(Derive, WritesNothingOnContradictions) {
  const Folder folder;
  write(folder.path() / "shop.md", "We need a CDN.\n\n- 9 servers maximum and 12 minimum.\n\n"
                                   "A CDN is not needed.\n");
  const auto refused = shopsim(folder.path(), "derive shop.md");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("shop.md:1: error: R1 (shop.md:1) states, R3 (shop.md:5)"));
  EXPECT_THAT(refused.err, HasSubstr("shop.md:3: error: at least 12"));
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(Derive, ReadsSeveralFilesAndReportsEveryBadOne) {
  const Folder folder;
  write(folder.path() / "a.md", "We need a WAF.\n");
  write(folder.path() / "b.txt", "The web tier scales from 2 to 6 servers.\n");
  write(folder.path() / "empty.md", "\n");
  EXPECT_EQ(shopsim(folder.path(), "derive a.md b.txt -o s.yaml").code, 0);
  const std::string platform = content(folder.path() / "s.yaml");
  EXPECT_THAT(platform, HasSubstr("maximum: 6  # stated: R2"));
  const auto refused = shopsim(folder.path(), "derive a.md empty.md none.md --force");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("empty.md: error: the document holds no word"));
  EXPECT_THAT(refused.err, HasSubstr("none.md: error: there is no such file"));
}

TEST(Derive, DiffTellsWhatARequirementChangesInPlatformAndBill) {
  const Folder folder;
  const std::string common = "The shop needs PostgreSQL with 100 GB.\n\n"
                             "On a normal day 2,000 customers visit the shop.\n\n";
  write(folder.path() / "old.md", common + "We need a cache.\n");
  write(folder.path() / "new.md", common + "The database must be Multi-AZ.\n");
  const auto diff = shopsim(folder.path(), "derive --diff old.md new.md");
  EXPECT_EQ(diff.code, 0) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("- old.md:5: We need a cache."));
  EXPECT_THAT(diff.out, HasSubstr("+ new.md:5: The database must be Multi-AZ."));
  EXPECT_THAT(diff.out, HasSubstr("cache.enabled: true -> false"));
  EXPECT_THAT(diff.out, HasSubstr("database.multi_az: false -> true  (R3 (new.md:5))"));
  // Two nodes of cache.m7g.large less, a second database more.
  EXPECT_THAT(diff.out, ::testing::ContainsRegex("ElastiCache  .* -> 0.00"));
  EXPECT_THAT(diff.out, ::testing::ContainsRegex("RDS  .*\\(\\+"));
  EXPECT_EQ(files_in(folder.path()), 2U) << "a diff writes nothing";
}

TEST(Derive, DiffOfEqualDocumentsIsEmpty) {
  const Folder folder;
  write(folder.path() / "a.md", "We need PostgreSQL.\n\n2,000 visitors a day.\n\nWe need a WAF.\n");
  write(folder.path() / "b.md", "We need a WAF.\n\n2,000 visitors a day.\n\nWe need PostgreSQL.\n");
  const auto diff = shopsim(folder.path(), "derive --diff a.md b.md");
  EXPECT_EQ(diff.code, 0) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("no sentence differs"));
  EXPECT_THAT(diff.out, HasSubstr("nothing changes"));
  EXPECT_THAT(diff.out, HasSubstr("unchanged:"));
}

}  // namespace
}  // namespace shopsim::cli
