#include "sim/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace shopsim::sim {
namespace {

using ::testing::HasSubstr;

/// The only finding of a text that is refused, as `line:column code`.
std::string refusal(std::string text, const DocumentLimits& limits = {}) {
  Diagnostics found;
  const auto document = parse_document(std::move(text), "f", found, limits);
  if (document) return "accepted";
  if (found.all().size() != 1) return "findings: " + std::to_string(found.all().size());
  const Diagnostic& d = found.all()[0];
  return std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + " " + d.code;
}

std::string message_of(std::string text, const DocumentLimits& limits = {}) {
  Diagnostics found;
  parse_document(std::move(text), "f", found, limits);
  return to_text(found);
}

Document parsed(std::string text) {
  Diagnostics found;
  auto document = parse_document(std::move(text), "f", found);
  EXPECT_TRUE(document) << to_text(found);
  EXPECT_FALSE(found.has_errors()) << to_text(found);
  return document ? *document : Document{};
}

TEST(Document, KeepsOrderKindsAndPlaces) {
  const Document d = parsed("zebra: 1\napple:\n  - x\n  - {k: \"v\"}\n");
  ASSERT_EQ(d.root.kind, NodeKind::mapping);
  ASSERT_EQ(d.root.keys.size(), 2U);
  EXPECT_EQ(d.root.keys[0].text, "zebra");
  EXPECT_EQ(d.root.keys[1].text, "apple");
  const Node& list = d.root.children[1];
  ASSERT_EQ(list.kind, NodeKind::sequence);
  EXPECT_FALSE(list.flow);
  const Node* value = find(d.root, "apple[1].k");
  ASSERT_NE(value, nullptr);
  EXPECT_TRUE(value->quoted());
  EXPECT_EQ(value->text, "v");
  // Line 4 is `  - {k: "v"}`: the quote is the 9th character.
  EXPECT_EQ(value->span.line, 4U);
  EXPECT_EQ(value->span.column, 9U);
  EXPECT_EQ(d.text.substr(value->span.begin, value->span.end - value->span.begin), "\"v\"");
  EXPECT_TRUE(list.children[1].flow);
  EXPECT_EQ(d.text.substr(list.children[1].span.begin,
                          list.children[1].span.end - list.children[1].span.begin),
            "{k: \"v\"}");
}

TEST(Document, CountsColumnsInCharactersAndOffsetsInBytes) {
  const Document d = parsed("\u00e4\u00f6: \u00fc\nb: {\u00e9: x}\n");
  const Node* first = find(d.root, "\u00e4\u00f6");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->span.column, 5U);
  EXPECT_EQ(first->span.begin, 6U);  // two letters of two bytes, colon, space
  EXPECT_EQ(first->span.end, 8U);
  const Node* second = find(d.root, "b.\u00e9");
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(d.text.substr(second->span.begin, second->span.end - second->span.begin), "x");
}

TEST(Document, ReadsJsonAsItIs) {
  const Document d = parsed(
      "{\n\t\"name\": \"a\\/b \\u00e9\",\n"
      "\t\"list\": [1, 2.5, true, null],\"tight\":{\"a\":1}\n}\n");
  EXPECT_EQ(find(d.root, "name")->text, "a/b \u00e9");
  EXPECT_EQ(find(d.root, "list[1]")->text, "2.5");
  EXPECT_FALSE(find(d.root, "list[1]")->quoted());
  EXPECT_TRUE(find(d.root, "list[3]")->is_null());
  EXPECT_EQ(find(d.root, "tight.a")->text, "1");
}

TEST(Document, KeepsShortTagsOfTemplates) {
  const Document d = parsed(
      "a: !Ref Bucket\nb: !GetAtt Table.Arn\nc: !Sub |\n  hello ${X}\nd: !If [c, !Ref Y, z]\n"
      "e: !Select {k: v}\n");
  EXPECT_EQ(find(d.root, "a")->tag, "!Ref");
  EXPECT_EQ(find(d.root, "a")->text, "Bucket");
  EXPECT_EQ(find(d.root, "a")->span.column, 4U);
  EXPECT_EQ(d.text.substr(find(d.root, "a")->span.begin, 6), "Bucket");
  EXPECT_EQ(find(d.root, "b")->tag, "!GetAtt");
  EXPECT_EQ(find(d.root, "c")->tag, "!Sub");
  EXPECT_EQ(find(d.root, "c")->text, "hello ${X}\n");
  EXPECT_EQ(find(d.root, "c")->style, ScalarStyle::block);
  EXPECT_EQ(find(d.root, "d")->tag, "!If");
  EXPECT_EQ(find(d.root, "d[1]")->tag, "!Ref");
  EXPECT_EQ(find(d.root, "e")->tag, "!Select");
}

TEST(Document, NumbersAndWordsStayTextUntilAFieldReadsThem) {
  const Document d = parsed("a: 0x10\nb: 20:15\nc: yes\nd: 1_000\ne: ''\nf:\ng: ~\n");
  EXPECT_EQ(find(d.root, "a")->text, "0x10");
  EXPECT_EQ(find(d.root, "b")->text, "20:15");
  EXPECT_EQ(find(d.root, "c")->text, "yes");
  EXPECT_EQ(find(d.root, "d")->text, "1_000");
  EXPECT_FALSE(find(d.root, "e")->is_null());
  EXPECT_TRUE(find(d.root, "f")->is_null());
  EXPECT_TRUE(find(d.root, "g")->is_null());
}

TEST(Document, DuplicateKeysAreErrorsAtTheSecondPlaceAndAllAreFound) {
  Diagnostics found;
  const auto d = parse_document("a: 1\nb:\n  x: 1\n  y: 2\n  x: {z: 3}\na: 2\n", "f", found);
  ASSERT_TRUE(d);  // so that further findings can be collected
  EXPECT_EQ(to_text(found),
            "f:5:3: error: the key `x` was given before, on line 3 [duplicate-key]\n"
            "  hint: remove one of the two\n"
            "f:6:1: error: the key `a` was given before, on line 1 [duplicate-key]\n"
            "  hint: remove one of the two\n");
  EXPECT_EQ(find(d->root, "a")->text, "1");
  EXPECT_EQ(find(d->root, "b.x")->text, "1");
}

TEST(Document, AliasesRepeatWhatTheirAnchorHolds) {
  const Document d = parsed("a: &x {k: [1, &y 2]}\nb: *x\nc: [*y, *x]\n");
  EXPECT_EQ(find(d.root, "b.k[0]")->text, "1");
  EXPECT_TRUE(find(d.root, "b.k[0]")->aliased);
  EXPECT_FALSE(find(d.root, "a.k[0]")->aliased);
  EXPECT_EQ(find(d.root, "c[0]")->text, "2");
  EXPECT_EQ(find(d.root, "c[1].k[1]")->text, "2");
  EXPECT_EQ(find(d.root, "b.k[0]")->span.line, 1U);  // where it is written
}

TEST(Document, RefusesRecursiveAndUnknownAliases) {
  EXPECT_EQ(refusal("a: &x [1, *x]\n"), "1:11 unknown-alias");
  EXPECT_EQ(refusal("a: *nothing\n"), "1:4 unknown-alias");
  EXPECT_EQ(refusal("a: &x 1\n*x : 2\n"), "2:1 key-not-text");
}

TEST(Document, RefusesAliasBombs) {
  // Nine levels of nine aliases: 9^9 values if expanded.
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 10; ++level) {
    const std::string from = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + from;
    for (int i = 1; i < 9; ++i) bomb += ", " + from;
    bomb += "]\n";
  }
  EXPECT_THAT(refusal(bomb), HasSubstr("alias-bomb"));
  // 101 aliases of one value: one too many.
  std::string many = "a: &x 1\nb:\n";
  for (int i = 0; i < 100; ++i) many += "  - *x\n";
  EXPECT_EQ(refusal(many), "accepted");
  EXPECT_EQ(refusal(many + "  - *x\n"), "103:5 alias-bomb");
}

TEST(Document, RefusesDeepNesting) {
  const std::string open(64, '[');
  EXPECT_EQ(refusal(open + std::string(64, ']')), "accepted");
  EXPECT_EQ(refusal("[" + open + std::string(65, ']')), "1:65 too-deep");
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("too-deep"));
  // Depth made by aliases counts too: 40 levels below 40 levels.
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  EXPECT_THAT(refusal("a: &x " + deep + "\nb: " + std::string(40, '[') + "*x" +
                      std::string(40, ']') + "\n"),
              HasSubstr("too-deep"));
}

TEST(Document, RefusesTooManyValues) {
  DocumentLimits limits;
  limits.nodes = 10;
  EXPECT_EQ(refusal("[1,2,3,4,5,6,7,8,9]", limits), "accepted");  // nine items and the list
  // A list is a value once it is complete: its bracket, the 21st character, closes the eleventh.
  EXPECT_EQ(refusal("[1,2,3,4,5,6,7,8,9,0]", limits), "1:21 file-too-large");
}

TEST(Document, RefusesWhatIsNoText) {
  EXPECT_EQ(refusal(std::string("a: 1\nb\0c: 2\n", 11)), "2:2 binary-file");
  EXPECT_EQ(refusal("a: \x1b[31m\n"), "1:4 binary-file");
  EXPECT_EQ(refusal("a: 1\nb: \xff\n"), "2:4 not-utf-8");
  EXPECT_EQ(refusal("a: \xc0\xaf\n"), "1:4 not-utf-8");      // an overlong slash
  EXPECT_EQ(refusal("a: \xed\xa0\x80\n"), "1:4 not-utf-8");  // half of a surrogate pair
  EXPECT_EQ(refusal("a: \xe2\x82"), "1:4 not-utf-8");        // cut off
  EXPECT_THAT(message_of(std::string("\xff\xfe" "a\0", 4)), HasSubstr("UTF-16"));
  EXPECT_EQ(parsed("\xef\xbb\xbf" "a: 1\n").root.children[0].span.begin, 3U);  // mark is dropped
}

TEST(Document, RefusesEmptyFilesAndSeveralDocuments) {
  EXPECT_EQ(refusal(""), "0:0 empty-file");
  EXPECT_EQ(refusal("# only a comment\n\n"), "0:0 empty-file");
  EXPECT_EQ(refusal("---\n"), "0:0 empty-file");
  EXPECT_EQ(refusal("a: 1\n---\nb: 2\n"), "2:1 several-documents");
}

TEST(Document, SaysWhereTheSyntaxIsWrongAndWhatToDo) {
  EXPECT_EQ(refusal("a: [1, 2\nb: 3\n"), "2:2 syntax");
  EXPECT_EQ(refusal("a:\n\tb: 1\n"), "2:1 syntax");
  EXPECT_THAT(message_of("a:\n\tb: 1\n"), HasSubstr("indent with spaces"));
  EXPECT_EQ(refusal("a: b: c\n"), "1:5 syntax");
  EXPECT_EQ(refusal("a: @x\n"), "1:4 syntax");
  EXPECT_THAT(message_of("a: @x\n"), HasSubstr("in quotes"));
  EXPECT_EQ(refusal("? [a]\n: b\n"), "1:3 key-not-text");
  EXPECT_EQ(refusal("{\"a\": 1,, }"), "1:9 syntax");
}

/// A directory of its own that goes away with the test.
class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "shopsim-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static std::string code_of(const std::filesystem::path& path) {
    Diagnostics found;
    const auto document = read_document(path, found);
    if (document) return "accepted";
    return found.all().size() == 1 ? found.all()[0].code : "several";
  }
  std::filesystem::path folder_;
};

TEST_F(Files, AreReadWithTheirNameInThePlace) {
  const auto path = folder_ / "shop.yaml";
  std::ofstream(path) << "a: 1\n";
  Diagnostics found;
  const auto document = read_document(path, found);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->text, "a: 1\n");
  EXPECT_EQ(to_text(place_of(*document, *find(document->root, "a"))), path.string() + ":1:4");
}

TEST_F(Files, ThatCannotBeReadGetAMessage) {
  EXPECT_EQ(code_of(folder_ / "missing.yaml"), "no-such-file");
  EXPECT_EQ(code_of(folder_), "not-a-file");
  EXPECT_EQ(code_of("/dev/zero"), "not-a-file");
  EXPECT_EQ(code_of(folder_ / "a" / "b"), "no-such-file");
}

TEST_F(Files, WithoutPermissionGetAMessage) {
  if (::geteuid() == 0) GTEST_SKIP() << "SKIPPED: root may read everything";
  const auto path = folder_ / "secret.yaml";
  std::ofstream(path) << "a: 1\n";
  std::filesystem::permissions(path, std::filesystem::perms::none);
  EXPECT_EQ(code_of(path), "unreadable-file");
}

TEST_F(Files, OfTenGigabytesAreRefusedWithoutReadingThem) {
  const auto path = folder_ / "huge.yaml";
  std::ofstream(path) << "a: 1\n";
  std::filesystem::resize_file(path, std::uintmax_t{10} << 30U);  // sparse: takes no space
  EXPECT_EQ(code_of(path), "file-too-large");
}

TEST(DocumentPath, FindsKeysItemsAndQuotedKeys) {
  const Document d = parsed("a:\n  b: [x, {c: y}]\n\"e.f\": z\n");
  EXPECT_EQ(find(d.root, ""), &d.root);
  EXPECT_EQ(find(d.root, "a.b[1].c")->text, "y");
  EXPECT_EQ(find(d.root, "\"e.f\"")->text, "z");
  for (const std::string_view path : {"a.", ".a", "a..b", "a.b[", "a.b[x]", "a.b[2]", "a.b[-1]",
                                      "a.b[0].c", "a[0]", "q", "a.b.c", "\"e.f", "a.b[0]c",
                                      "[0]"}) {
    EXPECT_EQ(find(d.root, path), nullptr) << path;
  }
}

}  // namespace
}  // namespace shopsim::sim
