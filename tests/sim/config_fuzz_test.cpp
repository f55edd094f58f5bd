#include <gtest/gtest.h>

#include <random>
#include <string>

#include "sim/config_override.hpp"
#include "sim/config_reader.hpp"
#include "sim/config_writer.hpp"
#include "sim/document_edit.hpp"
#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using example::Shop;

/// Changes a text in one to four places: bytes changed, removed, repeated, moved; or pieces that
/// mean something to YAML put in.
std::string mutated(std::string text, std::mt19937_64& random) {
  static const std::string_view pieces[] = {
      "\t",   "- ",  ": ",  "{",    "}",   "[",   "]",  "&a ", "*a",    "!Ref ", "|\n", ">\n",
      "\"",   "'",   "#",   "\n",   "\r",  "%",   "?",  "---", "...\n", "<<: ",  "\xff", "\u2028",
      "null", "1e9", "~",   "\\u",  "@",   ",",   "-",  "0",   "zone_loss: {}", "\xef\xbb\xbf"};
  for (std::uint64_t n = 1 + random() % 4; n > 0; --n) {
    if (text.empty()) return text;
    const std::size_t at = random() % text.size();
    const std::size_t length = 1 + random() % 12;
    switch (random() % 5) {
      case 0: text[at] = static_cast<char>(random() & 0xffU); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, text.substr(random() % text.size(), length)); break;
      case 3: text.insert(at, pieces[random() % std::size(pieces)]); break;
      default: {
        const std::string moved = text.substr(at, length);
        text.erase(at, length);
        text.insert(random() % (text.size() + 1), moved);
      }
    }
  }
  return text;
}

TEST(ConfigFuzz, TwentyThousandDamagedFilesNeitherCrashNorContradict) {
  std::mt19937_64 random(20'261'127);
  std::size_t refused = 0;
  std::size_t with_findings = 0;
  std::size_t good = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutated(std::string(example::kFullExample), random);
    Diagnostics found;
    const auto document = parse_document(text, "f", found);
    if (!document) {
      ++refused;
      ASSERT_TRUE(found.has_errors()) << text;
      continue;
    }
    Shop shop;
    read_fields(*document, document->root, shop, found);
    ASSERT_LT(to_text(found).size(), 200'000U);
    if (found.has_errors()) {
      ++with_findings;
      continue;
    }
    ++good;
    // What was read without a finding can be written and read again.
    const std::string canonical = to_canonical_yaml(shop);
    Shop again;
    const auto written = parse_document(canonical, "g", found);
    ASSERT_TRUE(written) << text << canonical;
    read_fields(*written, written->root, again, found);
    ASSERT_EQ(to_text(found), "") << canonical;
    ASSERT_EQ(again, shop) << text;
  }
  // All three outcomes are common (1 % or more), or the mutations test nothing.
  EXPECT_GT(refused, 200U);
  EXPECT_GT(with_findings, 200U);
  EXPECT_GT(good, 200U);
}

TEST(ConfigFuzz, EditsOfDamagedFilesAreRightOrRefused) {
  std::mt19937_64 random(5);
  const std::string_view paths[] = {"scaling.maximum", "faults[0].at", "reserve.x", "new.key",
                                    "service.gamma.cv", "zones[1]", "drills[1].zone_loss.zone"};
  for (int i = 0; i < 3'000; ++i) {
    Diagnostics found;
    auto document = parse_document(mutated(std::string(example::kFullExample), random), "f", found);
    if (!document || found.has_errors()) continue;
    const std::string_view path = paths[random() % std::size(paths)];
    const auto edited = edit_value(*document, path, "7 x", found);
    if (!edited) {
      EXPECT_TRUE(found.has_errors());
      continue;
    }
    const auto again = parse_document(*edited, "f", found);
    ASSERT_TRUE(again);
    ASSERT_NE(find(again->root, path), nullptr);
    ASSERT_EQ(find(again->root, path)->text, "7 x");
    apply_override(*document, std::string(path) + "=7 x", found);
    ASSERT_TRUE(same_content(document->root, again->root));
  }
}

}  // namespace
}  // namespace shopsim::sim
