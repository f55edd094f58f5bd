#include "requirements/difference.hpp"

#include <gmock/gmock.h>

#include "reading_helper.hpp"

namespace shopsim::requirements {
namespace {

using test::attempt;
using test::shipped_document;
using test::without;

Difference difference(const std::string& before, const std::string& after) {
  const test::Attempt olds = attempt(before);
  const test::Attempt news = attempt(after);
  EXPECT_TRUE(olds.derivation && news.derivation) << olds.findings() << news.findings();
  return compare(*olds.derivation, *news.derivation);
}

const ChangedValue* find(const Difference& difference, const std::string& path) {
  for (const ChangedValue& value : difference.values) {
    if (value.path == path) return &value;
  }
  return nullptr;
}

TEST(Difference, OfTheSameTextIsEmpty) {
  const Difference none = difference(shipped_document(), shipped_document());
  EXPECT_TRUE(none.sentences.empty());
  EXPECT_TRUE(none.values.empty()) << to_text(none);
}

TEST(Difference, NamesEverySettingThatFollowsFromAChangedNumber) {
  std::string changed = shipped_document();
  changed.replace(changed.find("500 GB"), 6, "200 GB");
  const Difference storage = difference(shipped_document(), changed);
  ASSERT_EQ(storage.sentences.size(), 2U);
  ASSERT_NE(find(storage, "database.storage"), nullptr);
  EXPECT_EQ(find(storage, "database.storage")->after, "200 GB");
  // Below 400 GiB a gp3 volume has 3,000 IOPS.
  ASSERT_NE(find(storage, "database.iops"), nullptr);
  EXPECT_EQ(find(storage, "database.iops")->after, "3000");
  EXPECT_THAT(find(storage, "database.iops")->reason, ::testing::HasSubstr("rule gp3-by-size"));
}

TEST(Difference, SaysThatWhatWasStatedIsNowOnlyImplied) {
  const Difference waf = difference(shipped_document(), without(shipped_document(), {"AWS WAF"}));
  ASSERT_NE(find(waf, "waf"), nullptr) << to_text(waf);
  EXPECT_EQ(find(waf, "waf")->before, "stated");
  EXPECT_THAT(find(waf, "waf")->after, ::testing::StartsWith("implied by rule"));
}

TEST(Difference, TellsItemsThatComeAndGoOnce) {
  const Difference cache = difference("We need PostgreSQL.\n\nWe need a cache.\n",
                                      "We need PostgreSQL.\n");
  const ChangedValue* alarm = find(cache, "alarms[cache-cpu]");
  ASSERT_NE(alarm, nullptr) << to_text(cache);
  EXPECT_EQ(alarm->before, "there");
  EXPECT_EQ(alarm->after, "");
  EXPECT_EQ(find(cache, "alarms[cache-cpu].threshold"), nullptr);
}

}  // namespace
}  // namespace shopsim::requirements
