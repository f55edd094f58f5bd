/// What cannot be derived: contradictions, impossible demands, and files that are no requirements.
#include "reading_helper.hpp"

namespace shopsim::requirements {
namespace {

using test::attempt;

/// Every word must stand in the findings, and nothing may be derived.
void expect_refused(const std::string& text, const std::vector<std::string>& words) {
  const test::Attempt tried = attempt(text);
  EXPECT_FALSE(tried.derivation) << text.substr(0, 200);
  EXPECT_TRUE(tried.diagnostics.has_errors());
  for (const std::string& word : words) {
    EXPECT_NE(tried.findings().find(word), std::string::npos)
        << "'" << word << "' is not in: " << tried.findings();
  }
}

TEST(Contradiction, OneZoneAgainstMultiAz) {
  expect_refused("- PostgreSQL, Multi-AZ, with 100 GB.\n\n"
                 "- Everything runs in a single availability zone to save cost.\n",
                 {"[contradiction]", "shop.md:1", "shop.md:3", "Multi-AZ"});
}

TEST(Contradiction, StatedAndDenied) {
  expect_refused("We need a CDN.\n\nWe do not need a CDN.\n",
                 {"[contradiction]", "R1 (shop.md:1) states", "R2 (shop.md:3) denies"});
}

TEST(Contradiction, DeniedButImpliedByAStrictRule) {
  expect_refused("Attacks such as SQL injection must be stopped: the website must be protected "
                 "against attacks.\n\nWe do not need a WAF.\n",
                 {"[contradiction]", "attacks-need-waf", "shop.md:3"});
}

TEST(Contradiction, ADeniedThingWinsOverGoodPractice) {
  const test::Attempt tried = attempt("We need a PostgreSQL database.\n\n"
                                      "We need CloudFront.\n\n"
                                      "We do not need certificates.\n");
  EXPECT_TRUE(tried.derivation) << tried.findings();
  EXPECT_FALSE(tried.derivation->facts.holds("certificates"));
}

TEST(Contradiction, QuantitiesThatCannotBothHold) {
  expect_refused("The database needs 500 GB.\n\nThe database needs 1 TB of storage.\n",
                 {"[conflicting-quantities]", "500 GB", "1 TB", "shop.md:1", "shop.md:3"});
  expect_refused("The web tier scales from 2 to 8 servers.\n\nAt least 3 web servers.\n",
                 {"[conflicting-quantities]", "shop.md:3"});
}

TEST(Contradiction, QuantitiesThatFitTogetherDo) {
  const test::Attempt tried = attempt("Keep backups for at least a week.\n\n"
                                      "Backups must be kept for 14 days.\n");
  ASSERT_TRUE(tried.derivation) << tried.findings();
  EXPECT_EQ(*tried.derivation->facts.find("backup.retention")->value, 14 * 86400);
}

TEST(Impossible, MoreServersAtLeastThanAtMost) {
  expect_refused("- 9 servers maximum and 12 minimum.\n",
                 {"[impossible-demand]", "at least 12", "at most 9", "shop.md:1"});
}

TEST(Impossible, WhatThePlatformNeverDoes) {
  expect_refused("We need PostgreSQL.\n\nThe database must be accessible from the internet.\n",
                 {"[impossible-demand]", "shop.md:3"});
}

TEST(Impossible, SizesThatCannotBeHad) {
  expect_refused("The database needs 900 TB of storage.\n", {"[storage-size]", "900 TB"});
  expect_refused("The shop stands in 7 availability zones.\n", {"[zone-count]", "7"});
  expect_refused("The web tier scales from 2 to 9000 servers.\n", {"[server-count]", "9000"});
}

TEST(Impossible, AllFindingsComeAtOnce) {
  expect_refused("We need a CDN. We need no CDN.\n\n- 9 servers maximum and 12 minimum.\n"
                 "- The database needs 100 GB.\n- The database needs 200 GB.\n",
                 {"[contradiction]", "[impossible-demand]", "[conflicting-quantities]"});
}

TEST(BadFile, EmptyOrWithoutAnyRequirement) {
  expect_refused("", {"[empty-document]"});
  expect_refused("  \n\n---\n", {"[empty-document]"});
  expect_refused("The weather is fine today. We went for a walk.\n", {"[nothing-understood]"});
}

TEST(BadFile, BinaryOrNotUtf8) {
  expect_refused(std::string("We need\na WAF\0.", 15), {"[binary-file]", "shop.md:2"});
  expect_refused("One.\n\xff\xfe\n", {"[binary-file]", "shop.md:2"});
  expect_refused("Caf\xe9\n", {"[binary-file]", "UTF-8"});
}

TEST(BadFile, Enormous) {
  expect_refused(std::string(kMostBytes + 1, 'a'), {"[too-large]"});
}

/// The largest file that is read ends in bounded time: this test would hang otherwise.
TEST(BadFile, HeavyOfOneEndlessSentenceOrOfManyLists) {
  std::string words;
  while (words.size() < 200'000) words += "not the database or the WAF, 2 to 8 servers and ";
  expect_refused(words, {"[nothing-understood]"});
  std::string items;
  while (items.size() < 200'000) items += "- We need a WAF and 500 GB for the database.\n";
  const test::Attempt listed = attempt(items);
  EXPECT_TRUE(listed.derivation) << listed.findings();
}

TEST(BadFile, NotEnglish) {
  expect_refused("Wir brauchen eine Datenbank mit 500 GB und zwei Servern. Der Shop muss auch "
                 "dann laufen, wenn ein Server nicht mehr da ist. Wir brauchen ein CDN.\n",
                 {"[not-english]"});
  expect_refused("\u041d\u0443\u0436\u043d\u0430 \u0431\u0430\u0437\u0430 "
                 "\u0434\u0430\u043d\u043d\u044b\u0445 PostgreSQL, \u0434\u0432\u0430 "
                 "\u0441\u0435\u0440\u0432\u0435\u0440\u0430.\n",
                 {"[not-english]"});
}

TEST(BadRules, AreReportedWithTheirPlace) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(read_rules({{"topic_x.yaml", "topic: x\npatterns:\n  - {id: a, fact: nothing, "
                                            "all: [unknown]}\n"}},
                          diagnostics));
  const std::string text = sim::to_text(diagnostics);
  EXPECT_NE(text.find("names the term 'unknown'"), std::string::npos) << text;
  EXPECT_NE(text.find("names the fact 'nothing'"), std::string::npos) << text;
}

}  // namespace
}  // namespace shopsim::requirements
