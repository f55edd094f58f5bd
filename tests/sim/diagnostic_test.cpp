#include "sim/diagnostic.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shopsim::sim {
namespace {

TEST(Diagnostic, PrintsFileLineColumnSeverityMessageCodeAndHint) {
  const Diagnostic finding{Severity::error, "unknown-key", {"shop.yaml", 3, 5},
                           "there is no key `wbe`", "did you mean `web`?"};
  EXPECT_EQ(to_text(finding),
            "shop.yaml:3:5: error: there is no key `wbe` [unknown-key]\n"
            "  hint: did you mean `web`?");
  const Diagnostic whole{Severity::warning, "empty-file", {"shop.yaml"}, "is empty", ""};
  EXPECT_EQ(to_text(whole), "shop.yaml: warning: is empty [empty-file]");
}

TEST(Diagnostics, AreSortedByPlaceAndTheRestIsCounted) {
  Diagnostics found;
  found.error("c", {"a.yaml", 10, 1}, "third");
  found.warning("b", {"a.yaml", 2, 7}, "second");
  found.error("a", {"a.yaml", 2, 3}, "first");
  found.error("d", {"b.yaml", 1, 1}, "fourth");
  EXPECT_EQ(to_text(found, 2),
            "a.yaml:2:3: error: first [a]\na.yaml:2:7: warning: second [b]\n"
            "... and 2 more findings\n");
  EXPECT_EQ(to_text(found, 3).substr(to_text(found, 3).find("...")), "... and 1 more finding\n");
  EXPECT_EQ(to_text(found).find("..."), std::string::npos);
  EXPECT_TRUE(found.has_errors());
}

TEST(Diagnostic, UserTextCannotWriteControlCharactersToTheTerminal) {
  EXPECT_EQ(shown("a\x1b[31mb\n"), "`a\\x1b[31mb\\n`");
  EXPECT_EQ(shown(std::string(100, 'x')), "`" + std::string(60, 'x') + "...`");
  // 59 letters, then a two-byte letter that straddles the limit stays whole.
  EXPECT_EQ(shown(std::string(59, 'x') + "\u00e9" + "yz"),
            "`" + std::string(59, 'x') + "\u00e9...`");
}

TEST(NearestWord, FindsTheWordAThirdOfItsLengthAway) {
  const std::vector<std::string_view> words{"minimum", "maximum", "interval", "zone"};
  EXPECT_EQ(nearest_word("maxmum", words), "maximum");     // one letter missing, 6 / 3 = 2
  EXPECT_EQ(nearest_word("intreval", words), "interval");  // one swap
  EXPECT_EQ(nearest_word("Zone", words), "zone");          // the case costs nothing
  EXPECT_EQ(nearest_word("zo", words), "");                // 2 / 3 = 0 edits allowed
  EXPECT_EQ(nearest_word("capacity", words), "");
  EXPECT_EQ(nearest_word("", words), "");
  EXPECT_EQ(nearest_word("anything", {}), "");
}

}  // namespace
}  // namespace shopsim::sim
