/// From the shipped document through the platform and its templates to a trace that explains every
/// line: the commands of docs/derive.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

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
  std::ofstream(file) << text;
}

/// The rows of a Markdown table below a heading.
std::vector<std::string> rows_below(const std::string& text, const std::string& heading) {
  std::vector<std::string> rows;
  std::istringstream lines(text.substr(text.find(heading)));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && !line.starts_with("## ")) {
    if (line.starts_with("| ")) rows.push_back(line);
  }
  if (!rows.empty()) rows.erase(rows.begin());  // titles
  return rows;
}

TEST(DeriveChain, TheTemplatesOfTheShippedDocumentAreCleanAndTheTraceHasNoUnexplainedLine) {
  const Folder folder;
  ASSERT_EQ(shopsim(folder.path(), "derive " + kShipped).code, 0);
  const auto before = content(folder.path() / "trace.md");
  EXPECT_THAT(before, HasSubstr("templates not generated yet"));
  const auto checked = shopsim(folder.path(), "check from_requirements.yaml");
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(checked.err, Not(HasSubstr("warning")));
  EXPECT_THAT(checked.err, HasSubstr("note: alarm 'web-memory' is for the templates only"));

  ASSERT_EQ(shopsim(folder.path(), "generate shop.yaml -o deploy").code, 0);
  const auto templates = shopsim(folder.path(), "check deploy");
  EXPECT_EQ(templates.code, 0);
  EXPECT_EQ(templates.err, "");

  const auto derived =
      shopsim(folder.path(), "derive " + kShipped + " --templates deploy --force");
  EXPECT_EQ(derived.code, 0) << derived.err;
  const auto trace = content(folder.path() / "trace.md");
  EXPECT_THAT(trace, Not(HasSubstr("not generated yet")));
  EXPECT_THAT(trace, Not(HasSubstr("not proved")));
  EXPECT_THAT(trace, Not(HasSubstr("broken")));
  for (const char* proof : {"database-unreachable", "web-internet-access", "no-ssh-from-outside",
                            "buckets-private", "encrypted-at-rest"}) {
    EXPECT_THAT(trace, HasSubstr("proof " + std::string(proof) + " (holds)"));
  }
  EXPECT_THAT(trace, HasSubstr("| zones-independent | no part of the shop stands in one zone "
                               "only | proof | holds: "));
  EXPECT_THAT(trace, HasSubstr("AWS::RDS::DBInstance (data/Database)"));
  for (const std::string& row : rows_below(trace, "## Every sentence")) {
    if (row.find("| understood |") == std::string::npos) continue;
    EXPECT_FALSE(row.ends_with("|  |")) << "leads to nothing: " << row;
  }
  const auto resources = rows_below(trace, "## From each resource back");
  EXPECT_GT(resources.size(), 200U);
  for (const std::string& row : resources) {
    EXPECT_FALSE(row.ends_with("|  |")) << "without a cause: " << row;
  }
}

TEST(DeriveChain, AProofThatDoesNotHoldIsBrokenInTheTrace) {
  const Folder folder;
  ASSERT_EQ(shopsim(folder.path(), "derive " + kShipped).code, 0);
  ASSERT_EQ(shopsim(folder.path(), "generate shop.yaml -o deploy").code, 0);
  // Somebody opens a bucket by hand, in the YAML template, which is the one that is read.
  const auto file = folder.path() / "deploy/templates/data.template.yaml";
  std::string text = content(file);
  const std::string closed = "BlockPublicPolicy: true";
  ASSERT_NE(text.find(closed), std::string::npos);
  text.replace(text.find(closed), closed.size(), "BlockPublicPolicy: false");
  write(file, text);
  ASSERT_EQ(shopsim(folder.path(), "derive " + kShipped + " --templates deploy --force").code, 0);
  EXPECT_THAT(content(folder.path() / "trace.md"),
              HasSubstr("proof | broken: ProductImagesBucket has not "
                        "PublicAccessBlockConfiguration.BlockPublicPolicy true"));
}

TEST(DeriveChain, RefusesTemplatesOfAnotherPlatformAndFoldersWithout) {
  const Folder folder;
  write(folder.path() / "shop.md", "We need a WAF.\n");
  const auto none = shopsim(folder.path(), "derive shop.md --templates .");
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("there are no templates here"));
  std::filesystem::create_directory(folder.path() / "other");
  ASSERT_EQ(shopsim(folder.path(), "derive " + kShipped + " -o other/shop.yaml").code, 0);
  ASSERT_EQ(shopsim(folder.path(), "generate other/shop.yaml -o deploy").code, 0);
  const auto other = shopsim(folder.path(), "derive shop.md --templates deploy");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("which the derived platform does not name"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "shop.yaml"));
}

}  // namespace
}  // namespace shopsim::cli
