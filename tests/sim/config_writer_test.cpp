#include "sim/config_writer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "sim/config_reader.hpp"
#include "sim/yaml_text.hpp"
#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using example::Shop;

template <class T>
T read_back(const std::string& yaml) {
  Diagnostics found;
  T value;
  const auto document = parse_document(yaml, "written", found);
  if (document) read_fields(*document, document->root, value, found);
  EXPECT_EQ(to_text(found), "") << yaml;
  return value;
}

TEST(ConfigWriter, WhatItWritesReadsBackEqual) {
  const Shop defaults;
  EXPECT_EQ(read_back<Shop>(to_canonical_yaml(defaults)), defaults);
  const Shop full = read_back<Shop>(std::string(example::kFullExample));
  EXPECT_NE(full, defaults);
  EXPECT_EQ(read_back<Shop>(to_canonical_yaml(full)), full);
  EXPECT_EQ(to_canonical_yaml(read_back<Shop>(to_canonical_yaml(full))), to_canonical_yaml(full));
}

TEST(ConfigWriter, AnEmptyOptionalReadsBackEmptyOverAFullDefault) {
  struct Holder {
    std::optional<Duration> window = 5_min;
    std::vector<std::string> zones{"a"};
    void describe(FieldVisitor& v) {
      field(v, {.key = "window", .meaning = "w"}, window);
      field(v, {.key = "zones", .meaning = "z"}, zones);
    }
    bool operator==(const Holder&) const = default;
  };
  Holder empty;
  empty.window.reset();
  empty.zones.clear();
  EXPECT_EQ(to_canonical_yaml(empty), "window: null\nzones: []\n");
  EXPECT_EQ(read_back<Holder>(to_canonical_yaml(empty)), empty);
}

TEST(ConfigWriter, WritesFieldsInOrderWithUnits) {
  Shop shop;
  shop.faults.push_back({.name = "on", .at = ClockTime{20_h}, .kind = example::Flush{}});
  shop.faults.push_back({.name = "b: c", .kind = example::ZoneLoss{"a", 20_min}});
  shop.drills.emplace_back(example::Flush{});
  shop.weights = {1, 0.25};
  EXPECT_EQ(to_canonical_yaml(shop), R"(name: shop
enabled: true
factor: 1.5
memory: 8 GiB
arrivals: 400 /s
bandwidth: 10 Gbps
budget: 12.5 USD
target: 70 %
start: 20:00
colour: green
service: {lognormal: {median: 8 ms, sigma: 0.6}}
object: {exponential: {mean: 40 kB}}
order: {gamma: {mean: 62 USD, cv: 0.8}}
items: {uniform: {low: 1, high: 5}}
scaling:
  minimum: 2
  maximum: 8
  warm_up: 90 s
window: null
reserve: null
zones:
  - a
  - b
weights:
  - 1
  - 0.25
faults:
  - name: "on"
    at: 20:00
    flush: {}
  - name: "b: c"
    at: null
    zone_loss:
      zone: a
      duration: 20 min
drills:
  - flush: {}
zone_loss:
  zone: a
  duration: 1 h
)");
}

struct Nested {
  struct Nothing {
    void describe(FieldVisitor&) {}
    bool operator==(const Nothing&) const = default;
  };
  std::vector<std::vector<std::int64_t>> table{{1, 2}, {}, {3}};
  std::vector<Nothing> nothings{2};
  Nothing nothing;
  std::vector<std::optional<Duration>> gaps{1_s, std::nullopt};
  void describe(FieldVisitor& v) {
    field(v, {.key = "table", .meaning = "t"}, table);
    field(v, {.key = "nothings", .meaning = "n"}, nothings);
    field(v, {.key = "nothing", .meaning = "n"}, nothing);
    field(v, {.key = "gaps", .meaning = "g"}, gaps);
  }
  bool operator==(const Nested&) const = default;
};

TEST(ConfigWriter, WritesListsOfListsAndEmptyThings) {
  Nested nested;
  nested.nothings.resize(2);
  EXPECT_EQ(to_canonical_yaml(nested),
            "table:\n  - - 1\n    - 2\n  - []\n  - - 3\nnothings:\n  - {}\n  - {}\nnothing: {}\n"
            "gaps:\n  - 1 s\n  - null\n");
  EXPECT_EQ(read_back<Nested>(to_canonical_yaml(nested)), nested);
}

struct Texts {
  std::vector<std::string> texts;
  void describe(FieldVisitor& v) { field(v, {.key = "texts", .meaning = "t"}, texts); }
};

TEST(ConfigWriter, EveryTextReadsBackAsItWas) {
  const std::vector<std::string> pieces = {
      "",  "a", " ", ": ", "#", " #", "'", "\"", "\\", "\n", "\t",  "-", "- ", "?", ":",  ",",
      "[", "]", "{", "}",  "&", "*",  "!", "|",  ">",  "%",  "@",   "`", "~",  "null", "1", ".5",
      "---", "...", "\u00e9", "\u2028", "\u0085", "\u00a0", "\U0001f600", "\x01", "\x7f", "=",
      "<<"};
  std::mt19937_64 random(7);
  Texts written;
  for (const std::string& piece : pieces) written.texts.push_back(piece);
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (std::uint64_t n = random() % 6; n > 0; --n) text += pieces[random() % pieces.size()];
    written.texts.push_back(text);
  }
  EXPECT_EQ(read_back<Texts>(to_canonical_yaml(written)).texts, written.texts);
  // The same inside flow collections and JSON, and in every style an edit may keep.
  for (const Surrounding s : {Surrounding::block, Surrounding::flow, Surrounding::json}) {
    for (const ScalarStyle style : {ScalarStyle::plain, ScalarStyle::single_quoted,
                                    ScalarStyle::double_quoted}) {
      for (const std::string& text : written.texts) {
        const std::string scalar = scalar_text(text, style, s);
        Diagnostics found;
        const bool block = s == Surrounding::block;
        const auto document = parse_document(
            block ? "k: " + scalar + "\n" : "{\"k\": " + scalar + "}", "f", found);
        ASSERT_TRUE(document) << scalar << to_text(found);
        ASSERT_EQ(find(document->root, "k")->text, text) << scalar;
      }
    }
  }
}

TEST(YamlText, QuotesTextsThatOtherReadersTakeForSomethingElse) {
  for (const std::string_view text : {"on", "No", "null", "~", "1", "1e3", "0x1F", "20:15", "1_000",
                                      "-1.5", ".inf", "2026-11-27"}) {
    EXPECT_EQ(string_text(text, Surrounding::block), "\"" + std::string(text) + "\"");
  }
  for (const std::string_view text : {"m7g.large", "a b", "10.0.0.0/16", "-q", "us-east-1"}) {
    EXPECT_EQ(string_text(text, Surrounding::block), text);
  }
}

}  // namespace
}  // namespace shopsim::sim
