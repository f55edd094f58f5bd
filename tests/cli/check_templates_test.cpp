// `shopsim check` on CloudFormation templates, as a user calls it.
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

const std::string kGoodShop = SHOPSIM_SOURCE_DIR "/tests/generator/fixtures/shop";

/// The good shop with one text of a template replaced, in `shop` below the folder.
void write_shop(const Folder& folder, const std::string& name, const std::string& from,
                const std::string& to) {
  std::filesystem::copy(kGoodShop, folder.path() / "shop");
  const auto file = folder.path() / "shop" / name;
  std::string text = content(file);
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  std::ofstream(file) << text;
}

TEST(CheckTemplatesCli, GoodFolderIsZero) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), "check " + kGoodShop);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("no errors in 7 template(s)"), std::string::npos) << run.out;
}

TEST(CheckTemplatesCli, ErrorIsTwoWithThePlace) {
  const Folder folder;
  write_shop(folder, "data.yaml", "MultiAZ: true", "MultiAZ: false");
  const Outcome run = shopsim(folder.path(), "check --json shop");
  EXPECT_EQ(run.code, 2);
  const auto findings = nlohmann::json::parse(run.out);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0]["code"], "single-failure");
  EXPECT_EQ(findings[0]["file"], "shop/data.yaml");
}

TEST(CheckTemplatesCli, WarningAloneIsZero) {
  const Folder folder;
  write_shop(folder, "edge.yaml", "Parameters:\n",
             "Parameters:\n  Unused: {Type: String, Default: x}\n");
  const Outcome run = shopsim(folder.path(), "check shop");
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.err.find("[unused-parameter]"), std::string::npos) << run.err;
}

TEST(CheckTemplatesCli, RulesPageIsTheOneInDocs) {
  const Folder folder;
  EXPECT_EQ(shopsim(folder.path(), "check --rules-page").out,
            content(SHOPSIM_SOURCE_DIR "/docs/rules.md"));
}

TEST(CheckTemplatesCli, DiffTellsTheWorstFirst) {
  const Folder folder;
  write_shop(folder, "data.yaml", "StorageEncrypted: true", "StorageEncrypted: false");
  const Outcome run = shopsim(folder.path(), "check --diff " + kGoodShop + " shop");
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("REPLACEMENT   data.yaml  Database  AWS::RDS::DBInstance\n"))
      << run.out;
  const Outcome same = shopsim(folder.path(), "check --diff shop shop");
  EXPECT_EQ(same.out, "nothing changes\n");
  EXPECT_EQ(shopsim(folder.path(), "check --diff shop").code, 2);
}

}  // namespace
}  // namespace shopsim::cli
