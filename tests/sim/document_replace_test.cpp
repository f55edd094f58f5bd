#include "sim/document_replace.hpp"

#include <gmock/gmock.h>

#include <random>

#include "sim/yaml_text.hpp"
#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using ::testing::HasSubstr;

Document document_of(std::string text) {
  Diagnostics found;
  auto document = parse_document(std::move(text), "f", found);
  EXPECT_TRUE(document) << to_text(found);
  return std::move(*document);
}

/// The edited text, or the findings. `value` is YAML.
std::string put(std::string text, std::string_view path, const std::string& value) {
  Diagnostics found;
  const auto edited = edit_node(document_of(std::move(text)), path,
                                document_of("v: " + value).root.children[0], found);
  return edited ? *edited : to_text(found);
}

const char* const kList = "a:\n  l:  # the list\n  - {k: x, v: 1}  # first\n"
                          "  - k: y   # second\n    v: 2\nb: 1\n";

TEST(DocumentReplace, KeepsEveryLineWhoseValueStays) {
  EXPECT_EQ(put(kList, "a.l", "[{k: x, v: 1}, {k: y, v: 2}]"), kList);
  EXPECT_EQ(put(kList, "a.l", "[{k: x, v: 5}, {k: y, v: 2}]"),
            "a:\n  l:  # the list\n  - {k: x, v: 5}  # first\n  - k: y   # second\n    v: 2\n"
            "b: 1\n");
  EXPECT_EQ(put(kList, "a.l", "[{k: x, v: 1}, {k: y, v: 2, w: [3]}]"),
            "a:\n  l:  # the list\n  - {k: x, v: 1}  # first\n  - k: y   # second\n    v: 2\n"
            "    w:\n      - 3\nb: 1\n");
}

TEST(DocumentReplace, AddsItemsBehindAListAndTakesThemAway) {
  EXPECT_EQ(put(kList, "a.l", "[{k: x, v: 1}, {k: y, v: 2}, {k: z, p: {q: 1 s, r: \"1\"}}]"),
            "a:\n  l:  # the list\n  - {k: x, v: 1}  # first\n  - k: y   # second\n    v: 2\n"
            "  - k: z\n    p:\n      q: 1 s\n      r: \"1\"\nb: 1\n");
  EXPECT_EQ(put(kList, "a.l", "[{k: x, v: 1}]"),
            "a:\n  l:  # the list\n  - {k: x, v: 1}  # first\nb: 1\n");
  EXPECT_EQ(put(kList, "a.l", "[]"), "a:\n  l: []  # the list\nb: 1\n");
  EXPECT_EQ(put("l:\n  - 1\n  - 2", "l", "[1, 2, 3]"), "l:\n  - 1\n  - 2\n  - 3");
  EXPECT_EQ(put("l: [1, 2] # c\n", "l", "[1, {a: 2}, \"3, 4\"]"),
            "l: [1, {a: 2}, \"3, 4\"] # c\n");
}

TEST(DocumentReplace, WritesAnewWhatIsOfAnotherKind) {
  EXPECT_EQ(put("a: 1 # c\nb: 2\n", "a", "[{x: 1, w: 2}, z]"),
            "a: # c\n  - x: 1\n    w: 2\n  - z\nb: 2\n");
  EXPECT_EQ(put("a:\n  x: 1\n  w: 2\nb: 2\n", "a", "{w: 3}"), "a:\n  w: 3\nb: 2\n");
  EXPECT_EQ(put("a:\n  x: 1\nb: 2\n", "a", "5"), "a: 5\nb: 2\n");
  EXPECT_EQ(put("a: {x: 1}\nb: 2\n", "a", "[1]"), "a: [1]\nb: 2\n");
  EXPECT_EQ(put("a: 'null'  # c\n", "a", "null"), "a: null  # c\n");
  EXPECT_EQ(put("a: null\n", "a", "'null'"), "a: 'null'\n");
  EXPECT_EQ(put("a:\nb: 1\n", "a", "{x: 1}"), "a:\n  x: 1\nb: 1\n");
  EXPECT_EQ(put("l:\n  - a: 1\n    b: 2\n  - 3\n", "l", "[{a: 1}, 3]"), "l:\n  - a: 1\n  - 3\n");
  EXPECT_EQ(put("a: 1\n", "b.c", "[1, {d: null}]"), "a: 1\nb:\n  c:\n    - 1\n    - d: null\n");
  EXPECT_EQ(put("{\"a\": 1}", "b", "[x, {c: 1}]"), "{\"a\": 1, \"b\": [\"x\", {\"c\": 1}]}");
  EXPECT_EQ(put("a: 1\r\nb: 2\r\n", "a", "[1]"), "a:\r\n  - 1\r\nb: 2\r\n");
}

TEST(DocumentReplace, RefusesAliasesAndPathsThatLeadNowhere) {
  EXPECT_THAT(put("a: &x {b: 1}\nc: *x\n", "c", "[1]"), HasSubstr("[cannot-edit]"));
  EXPECT_THAT(put("a: [1]\n", "a[4]", "{b: 1}"), HasSubstr("[cannot-edit]"));
  EXPECT_THAT(put("a: 1\n", "..", "[1]"), HasSubstr("[cannot-edit]"));
}

/// A tree of lists, sections and scalars.
Node random_node(std::mt19937_64& random, int depth) {
  static const char* const words[] = {"7", "x y", "a: b", "#no", "", "null", "- x", "\u00e9 \"q\""};
  Node node;
  const auto kind = depth == 0 ? 0 : random() % 3;
  if (kind == 0) {
    node.text = words[random() % std::size(words)];
    if (node.text.empty()) node.style = ScalarStyle::double_quoted;
    return node;
  }
  node.kind = kind == 1 ? NodeKind::sequence : NodeKind::mapping;
  const std::size_t size = random() % 4;
  for (std::size_t i = 0; i < size; ++i) {
    if (kind == 2) {
      node.keys.emplace_back();
      node.keys.back().text = "k" + std::to_string(i);
    }
    node.children.push_back(random_node(random, depth - 1));
  }
  return node;
}

/// What a tree means, whatever its quotes.
std::string meaning(const Node& node) {
  if (node.is_null()) return "~";
  if (node.kind == NodeKind::scalar) return double_quoted(node.text);
  std::string text = node.kind == NodeKind::mapping ? "{" : "[";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (node.kind == NodeKind::mapping) text += node.keys[i].text + ": ";
    text += meaning(node.children[i]) + ", ";
  }
  return text + "}";
}

void collect(const Node& node, const std::string& path, std::vector<std::string>& paths) {
  if (!path.empty()) paths.push_back(path);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::string step = node.kind == NodeKind::sequence
                                 ? "[" + std::to_string(i) + "]"
                                 : (path.empty() ? "" : ".") + node.keys[i].text;
    collect(node.children[i], path + step, paths);
  }
}

TEST(DocumentReplace, AnythingCanStandInEveryPlaceOfADocument) {
  const Document document = document_of(std::string(example::kFullExample));
  std::vector<std::string> paths;
  collect(document.root, "", paths);
  std::mt19937_64 random(12);
  int done = 0;
  for (const std::string& path : paths) {
    for (int i = 0; i < 12; ++i) {
      const Node value = random_node(random, 3);
      Diagnostics found;
      const auto edited = edit_node(document, path, value, found);
      ASSERT_TRUE(edited) << path << " " << flow_text(value) << "\n" << to_text(found);
      const Document after = document_of(*edited);
      EXPECT_EQ(meaning(*find(after.root, path)), meaning(value)) << path;
      // And back: nothing else was lost.
      const auto back = edit_node(after, path, *find(document.root, path), found);
      ASSERT_TRUE(back) << path << " " << flow_text(value) << "\n" << *edited << to_text(found);
      ASSERT_EQ(meaning(document_of(*back).root), meaning(document.root)) << path;
      ++done;
    }
  }
  EXPECT_GT(done, 500);
}

}  // namespace
}  // namespace shopsim::sim
