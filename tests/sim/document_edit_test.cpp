#include "sim/document_edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using ::testing::HasSubstr;

/// The edited text, or the findings.
std::string edit(std::string text, std::string_view path, std::string_view value) {
  Diagnostics found;
  const auto document = parse_document(std::move(text), "f", found);
  if (!document) return to_text(found);
  const auto edited = edit_value(*document, path, value, found);
  return edited ? *edited : to_text(found);
}

TEST(DocumentEdit, ReplacesOneValueAndKeepsTheRest) {
  EXPECT_EQ(edit("# head\na: 1   # one\nb:\n  c: 2 # two\n", "b.c", "3"),
            "# head\na: 1   # one\nb:\n  c: 3 # two\n");
  EXPECT_EQ(edit("a: [1, 2, {k: v}]\n", "a[2].k", "w"), "a: [1, 2, {k: w}]\n");
  EXPECT_EQ(edit("a: 'it''s'\nb: \"x\"\n", "a", "that's"), "a: 'that''s'\nb: \"x\"\n");
  EXPECT_EQ(edit("b: \"x\"\n", "b", "say \"y\""), "b: \"say \\\"y\\\"\"\n");
  EXPECT_EQ(edit("a: x\n", "a", "y: z"), "a: \"y: z\"\n");  // plain is not possible
  EXPECT_EQ(edit("a: [x]\n", "a[0]", "y, z"), "a: [\"y, z\"]\n");
  EXPECT_EQ(edit("a:\nb: 1\n", "a", "x"), "a: x\nb: 1\n");
  EXPECT_EQ(edit("a: !Ref X # tag\n", "a", "Y"), "a: !Ref Y # tag\n");
  EXPECT_EQ(edit("a: |\n  one\n  two\nb: 1\n", "a", "three"), "a: \"three\"\nb: 1\n");
  EXPECT_EQ(edit("a: \u00e4\u00f6 # \u00fc\n", "a", "x"), "a: x # \u00fc\n");
  EXPECT_EQ(edit("a: 1\r\nb: 2\r\n", "a", "3"), "a: 3\r\nb: 2\r\n");
}

TEST(DocumentEdit, AddsAMissingKeyBelowTheNearestSection) {
  EXPECT_EQ(edit("web:\n    scaling:\n        minimum: 2 # low\n# tail\nz: 1\n",
                 "web.scaling.maximum", "6"),
            "web:\n    scaling:\n        minimum: 2 # low\n        maximum: 6\n# tail\nz: 1\n");
  EXPECT_EQ(edit("a: 1\n", "b.c.d", "2"), "a: 1\nb:\n  c:\n    d: 2\n");
  EXPECT_EQ(edit("a: 1", "b", "2"), "a: 1\nb: 2");  // no line break at the end of the file
  EXPECT_EQ(edit("a:\n  # nothing yet\nb: 1\n", "a.x", "2"), "a:\n  x: 2\n  # nothing yet\nb: 1\n");
  EXPECT_EQ(edit("l:\n  - n: 1\n  - n: 2\n", "l[0].m", "3"),
            "l:\n  - n: 1\n    m: 3\n  - n: 2\n");
  EXPECT_EQ(edit("a: {b: 1} # c\n", "a.d", "2"), "a: {b: 1, d: 2} # c\n");
  EXPECT_EQ(edit("a: {}\n", "a.d.e", "2"), "a: {d: {e: 2}}\n");
  EXPECT_EQ(edit("a: null\n", "a.d", "2"), "a: {d: 2}\n");
  EXPECT_EQ(edit("a: 1\r\n", "b", "2"), "a: 1\r\nb: 2\r\n");
  EXPECT_EQ(edit("a:\n  t: |\n    x\n    y\n\nb: 1\n", "a.u", "2"),
            "a:\n  t: |\n    x\n    y\n  u: 2\n\nb: 1\n");
}

TEST(DocumentEdit, KeepsJsonJson) {
  EXPECT_EQ(edit("{\"a\": 1, \"b\": \"x\"}", "a", "2.5"), "{\"a\": 2.5, \"b\": \"x\"}");
  EXPECT_EQ(edit("{\"a\": 1}", "a", "8 ms"), "{\"a\": \"8 ms\"}");
  EXPECT_EQ(edit("{\n  \"a\": 1,\n  \"b\": {}\n}\n", "b.c", "x"),
            "{\n  \"a\": 1,\n  \"b\": {\"c\": \"x\"}\n}\n");
  EXPECT_EQ(edit("{\n  \"a\": 1\n}\n", "b", "true"), "{\n  \"a\": 1,\n  \"b\": true\n}\n");
}

TEST(DocumentEdit, RefusesWhatIsNoSingleValue) {
  EXPECT_EQ(edit("a:\n  b: 1\n", "a", "2"),
            "f:2:3: error: `a` is a section, not a single value [cannot-edit]\n");
  EXPECT_THAT(edit("a: [1]\n", "a", "2"), HasSubstr("`a` is a list"));
  EXPECT_THAT(edit("a: [1]\n", "a[1]", "2"), HasSubstr("`a` has 1 item"));
  EXPECT_THAT(edit("a: [1]\n", "a.b", "2"), HasSubstr("write an index"));
  EXPECT_THAT(edit("a: 1\n", "a.b", "2"), HasSubstr("`a` is a single value, not a section"));
  EXPECT_THAT(edit("a: 1\n", "b[0]", "2"), HasSubstr("no list"));
  EXPECT_THAT(edit("a: 1\n", "..", "2"), HasSubstr("not a path"));
  EXPECT_THAT(edit("a: &x {b: 1}\nc: *x\n", "c.b", "2"), HasSubstr("edit line 1"));
  EXPECT_THAT(edit("a: &x 1\nc: *x\n", "a", "2"), HasSubstr("cannot be changed in place"));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

void collect_scalars(const Node& node, const std::string& path, std::vector<std::string>& paths) {
  if (node.kind == NodeKind::scalar) paths.push_back(path);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::string step = node.kind == NodeKind::sequence
                                 ? "[" + std::to_string(i) + "]"
                                 : (path.empty() ? "" : ".") + node.keys[i].text;
    collect_scalars(node.children[i], path + step, paths);
  }
}

TEST(DocumentEdit, OnlyTheLineOfTheValueChanges) {
  Diagnostics found;
  const auto document = parse_document(std::string(example::kFullExample), "f", found);
  ASSERT_TRUE(document);
  std::vector<std::string> paths;
  collect_scalars(document->root, "", paths);
  ASSERT_GT(paths.size(), 30U);
  const std::vector<std::string> before = lines_of(document->text);
  const std::vector<std::string> values = {"7",  "x y", "a: b", "it's", "#no", "", "[1", "null",
                                           "a\nb", "\u00e9 \"q\"", "true", "- x", "{a}", ", b"};
  std::mt19937_64 random(11);
  for (const std::string& path : paths) {
    for (int i = 0; i < 6; ++i) {
      const std::string& value = values[random() % values.size()];
      const auto edited = edit_value(*document, path, value, found);
      ASSERT_TRUE(edited) << path << to_text(found);
      const std::vector<std::string> after = lines_of(*edited);
      ASSERT_EQ(after.size(), before.size()) << path;
      const std::size_t changed = find(document->root, path)->span.line - 1;
      for (std::size_t line = 0; line < before.size(); ++line) {
        if (line == changed) continue;
        EXPECT_EQ(after[line], before[line]) << path;
      }
      const auto again = parse_document(*edited, "f", found);
      ASSERT_TRUE(again);
      EXPECT_EQ(find(again->root, path)->text, value);
    }
  }
}

TEST(DocumentEdit, AddingAnyMissingKeyAddsLinesOrEntriesOnly) {
  Diagnostics found;
  const auto document = parse_document(std::string(example::kFullExample), "f", found);
  ASSERT_TRUE(document);
  for (const std::string path : {"extra", "scaling.extra", "scaling.extra.deep", "service.gamma.x",
                                 "faults[0].extra", "faults[1].extra.deep", "drills[1].zone_loss.x",
                                 "drills[0].flush.x", "reserve.x", "flush.x", "order.x.y"}) {
    const auto edited = edit_value(*document, path, "7", found);
    ASSERT_TRUE(edited) << path << "\n" << to_text(found);
    const auto again = parse_document(*edited, "f", found);
    ASSERT_TRUE(again);
    EXPECT_EQ(find(again->root, path)->text, "7") << path;
    EXPECT_GT(edited->size(), document->text.size());
  }
}

}  // namespace
}  // namespace shopsim::sim
