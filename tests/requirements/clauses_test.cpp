#include "requirements/clauses.hpp"

#include <gtest/gtest.h>

namespace shopsim::requirements {
namespace {

std::vector<Clause> split(const std::string& text) { return split_clauses({{"a.md", text}}); }

/// `line:text` of every clause that is no heading.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const Clause& clause : split(text)) {
    if (clause.kind == ClauseKind::heading) continue;
    lines.push_back(std::to_string(clause.line) + ":" + clause.text);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Clauses, AParagraphIsCutIntoSentencesWithTheirLines) {
  EXPECT_EQ(lines_of("One is here.\nTwo begins\non two lines. Three!\n"),
            (Lines{"1:One is here.", "2:Two begins on two lines.", "3:Three!"}));
}

TEST(Clauses, StopsInNumbersNamesAndAbbreviationsEndNothing) {
  EXPECT_EQ(lines_of("Use version 16.8 of shop.example.com, e.g. CloudFront, at approx. 99.9 %. "
                     "Done."),
            (Lines{"1:Use version 16.8 of shop.example.com, e.g. CloudFront, at approx. 99.9 %.",
                   "1:Done."}));
}

TEST(Clauses, EveryItemIsItsOwnAndKnowsItsLeadAndHeadings) {
  const auto all = split("# Shop\n\n## Edge\n\nWe do not need:\n\n- a CDN\n- a WAF,\n  really\n\n"
                         "We need EFS.\n");
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[3].text, "a CDN");
  EXPECT_EQ(all[3].lead, "We do not need:");
  EXPECT_EQ(all[3].headings, (Lines{"Shop", "Edge"}));
  EXPECT_EQ(all[4].text, "a WAF, really");
  EXPECT_EQ(all[4].end_line, 9U);
  EXPECT_EQ(all[5].text, "We need EFS.");
  EXPECT_TRUE(all[5].lead.empty()) << "the list has ended";
}

TEST(Clauses, NestedItemsTakeTheNearestLead) {
  const auto all = split("- Storage:\n  - images\n  - uploads\n- Network\n");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[1].lead, "Storage:");
  EXPECT_EQ(all[2].lead, "Storage:");
  EXPECT_TRUE(all[3].lead.empty());
}

TEST(Clauses, MarkdownMarksAreTakenAway) {
  EXPECT_EQ(lines_of("> The **database** needs `500 GB`, see [the plan](plan.md) and some_name.\n"),
            (Lines{"1:The database needs 500 GB, see the plan and some_name."}));
}

TEST(Clauses, RowsOfTablesAreRead) {
  EXPECT_EQ(lines_of("| What | How |\n|---|---|\n| Servers | 2 to 8 |\n"),
            (Lines{"3:Servers; 2 to 8"}));
}

TEST(Clauses, HeadingsOfPlainTextAreLinesOfCapitalsOrUnderlined) {
  const auto all = split("NETWORK\n\nOne VPC.\n\nServers\n-------\n\nTwo.\n");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].kind, ClauseKind::heading);
  EXPECT_EQ(all[2].kind, ClauseKind::heading);
  EXPECT_EQ(all[3].headings, (Lines{"Servers"}));
  EXPECT_EQ(all[3].line, 8U);
}

TEST(Clauses, CommentsAreLeftOutAndCodeIsKeptAsCode) {
  const auto all = split("<!-- We need a WAF.\n-->\nText.\n\n```\nwaf: true\n```\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].text, "Text.");
  EXPECT_EQ(all[1].kind, ClauseKind::code);
}

TEST(Clauses, NumbersGoOnOverSeveralDocuments) {
  const auto all = split_clauses({{"a.md", "One.\n"}, {"b.txt", "Two.\n"}});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, "R1");
  EXPECT_EQ(all[1].id, "R2");
  EXPECT_EQ(all[1].file, "b.txt");
}

}  // namespace
}  // namespace shopsim::requirements
