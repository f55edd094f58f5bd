#include "sim/config_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using example::Shop;
using ::testing::HasSubstr;

struct Reading {
  Shop shop;
  Diagnostics found;
  Places places;
};

Reading read(std::string text) {
  Reading reading;
  const auto document = parse_document(std::move(text), "f", reading.found);
  if (document) {
    reading.places = read_fields(*document, document->root, reading.shop, reading.found);
  }
  return reading;
}

/// What is found in a file that gives the one required key and then `text`, from line 2 on.
std::string findings(const std::string& text) { return to_text(read("name: x\n" + text).found); }

TEST(ConfigReader, ReadsEveryTypeOfField) {
  const Reading r = read(std::string(example::kFullExample));
  ASSERT_EQ(to_text(r.found), "");
  const Shop& s = r.shop;
  EXPECT_EQ(s.name, "The: shop");
  EXPECT_FALSE(s.enabled);
  EXPECT_EQ(s.factor, 2.5);
  EXPECT_EQ(s.memory.count, 13LL << 30);
  EXPECT_EQ(s.arrivals.per_second, 400);
  EXPECT_EQ(s.bandwidth.bits_per_second, 125.0 * 8 * 1024 * 1024);
  EXPECT_EQ(s.budget.nano_dollars, 99'990'000'000);
  EXPECT_EQ(s.target.value, 0.55);
  EXPECT_EQ(s.start.since_midnight, 26_h);
  EXPECT_EQ(s.colour, example::Colour::dark_blue);
  EXPECT_EQ(s.service, (Distribution{Law::gamma, 0.004, 1.5}));
  EXPECT_EQ(s.object, (Distribution{Law::constant, 40'000, 0}));
  EXPECT_EQ(s.order, (Distribution{Law::exponential, 60, 0}));
  EXPECT_EQ(s.items, (Distribution{Law::lognormal, 3, 0.5}));
  EXPECT_EQ(s.scaling, (example::Scaling{3, 12, 2_min}));
  EXPECT_EQ(s.window, 5_min);
  EXPECT_EQ(s.reserve, (example::Scaling{1, 2, 30_s}));
  EXPECT_EQ(s.zones, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(s.weights, (std::vector<double>{1, 0.5, 0.001}));
  ASSERT_EQ(s.faults.size(), 2U);
  EXPECT_EQ(s.faults[0].at, ClockTime{20_h + 15_min});
  EXPECT_EQ(std::get<example::ZoneLoss>(s.faults[0].kind), (example::ZoneLoss{"b", 20_min}));
  EXPECT_EQ(s.faults[1].at, std::nullopt);
  EXPECT_EQ(s.faults[1].kind.index(), 1U);
  ASSERT_EQ(s.drills.size(), 2U);
  EXPECT_EQ(s.drills[0].index(), 1U);
  EXPECT_EQ(std::get<example::ZoneLoss>(s.drills[1]).zone, "c");
  EXPECT_EQ(s.worst.index(), 1U);
}

TEST(ConfigReader, WhatTheFileLeavesOutKeepsItsDefault) {
  const Reading r = read("name: x\nscaling: {maximum: 5}\n");
  ASSERT_EQ(to_text(r.found), "");
  Shop expected;
  expected.name = "x";
  expected.scaling.maximum = 5;
  EXPECT_EQ(r.shop, expected);
}

TEST(ConfigReader, ReadsJson) {
  const Reading r = read(R"({"name": "x", "enabled": false, "memory": "2 GiB", "target": 0.5,
                             "window": null, "zones": ["a", "b"], "faults": []})");
  ASSERT_EQ(to_text(r.found), "");
  EXPECT_EQ(r.shop.memory.count, 2LL << 30);
  EXPECT_EQ(r.shop.target.value, 0.5);
}

TEST(ConfigReader, ReportsEverythingAtOnceEachAtItsPlace) {
  const Reading r = read(
      "scaling:\n"
      "  minmum: 3\n"
      "  maximum: 101\n"
      "  warm_up: 90\n"
      "colour: blue\n"
      "faults:\n"
      "  - name: x\n"
      "    at: 25:00\n"
      "    zone_loss: {zone: a}\n"
      "    flush: {}\n"
      "zones: [a]\n");
  EXPECT_EQ(
      to_text(r.found),
      "f:1:1: error: `name`: is missing (the shop's name) [missing-key]\n"
      "  hint: add `name:` with a text\n"
      "f:2:3: error: there is no key `minmum` in `scaling` [unknown-key]\n"
      "  hint: did you mean `minimum`?\n"
      "f:3:12: error: `scaling.maximum`: `101` is out of range; allowed: 1 to 100 [out-of-range]\n"
      "f:4:12: error: `scaling.warm_up`: `90` has no unit; write `90 s` "
      "(units: ns, us, ms, s, min, h, day) [missing-unit]\n"
      "f:5:9: error: `colour`: `blue` is not one of red, dark_blue, green [unknown-choice]\n"
      "f:8:9: error: `faults[0].at`: `25:00` is not a time of day; write `20:15`, `20:15:30` or, "
      "on a later day, `+1d 02:00` [bad-value]\n"
      "f:10:5: error: `faults[0]`: `flush` stands beside `zone_loss` of line 9; exactly one of "
      "zone_loss, flush is allowed [several-alternatives]\n"
      "  hint: keep one of them\n"
      "f:11:8: error: `zones`: has 1 item; allowed: 2 to 6 items [list-length]\n");
  // What was wrong keeps its default.
  EXPECT_EQ(r.shop.scaling.maximum, 8);
  EXPECT_EQ(r.shop.scaling.warm_up, 90_s);
  EXPECT_EQ(r.shop.colour, example::Colour::green);
}

TEST(ConfigReader, UnknownKeysGetTheNearestOrTheList) {
  EXPECT_EQ(findings("scaling: {maximum: 3, colour: red}\n"),
            "f:2:23: error: there is no key `colour` in `scaling` [unknown-key]\n"
            "  hint: the keys here are minimum, maximum, warm_up\n");
  EXPECT_EQ(findings("drills:\n  - flush: {deep: 1}\n"),
            "f:3:13: error: there is no key `deep` in `drills[0].flush` [unknown-key]\n"
            "  hint: no keys are expected here\n");
  EXPECT_EQ(findings("<<: {a: 1}\n"),
            "f:2:1: error: there is no key `<<` [unknown-key]\n"
            "  hint: merge keys are not supported; write the values out\n");
  std::string many = "reserve:\n";
  for (int i = 0; i < 30; ++i) many += "  key" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(findings(many), HasSubstr("and 10 more unknown keys here"));
}

TEST(ConfigReader, RequiredKeysAreMissedWhereTheirSectionStands) {
  EXPECT_EQ(to_text(read("scaling: {minimum: 1}\n").found),
            "f:1:1: error: `name`: is missing (the shop's name) [missing-key]\n"
            "  hint: add `name:` with a text\n");
  EXPECT_EQ(findings("faults:\n  - name: n\n    zone_loss: {}\n"),
            "f:4:16: error: `faults[0].zone_loss.zone`: is missing (which zone) [missing-key]\n"
            "  hint: add `zone:` with a text\n");
  EXPECT_EQ(findings("faults:\n  - name: n\n"),
            "f:3:5: error: `faults[0]`: one of zone_loss, flush is expected "
            "[missing-alternative]\n");
  EXPECT_EQ(findings("drills: [flush]\n"),
            "f:2:10: error: `drills[0]`: one of zone_loss, flush is expected "
            "[missing-alternative]\n"
            "  hint: write `flush: {}`\n");
}

TEST(ConfigReader, ValuesOfTheWrongKindAreNamed) {
  EXPECT_EQ(findings("factor: [1]\n"),
            "f:2:9: error: `factor`: is a list; expected a number such as `1.5` [wrong-kind]\n");
  EXPECT_EQ(findings("factor:\n  a: 1\n"),
            "f:3:3: error: `factor`: is a section; expected a number such as `1.5` "
            "[wrong-kind]\n");
  EXPECT_EQ(findings("factor:\n"),
            "f:2:8: error: `factor`: has no value; expected a number such as `1.5` "
            "[empty-value]\n  hint: remove the key to keep the default\n");
  EXPECT_EQ(findings("zones: a\n"),
            "f:2:8: error: `zones`: `a` is a single value; a list is expected [wrong-kind]\n"
            "  hint: write `[a]`\n");
  EXPECT_EQ(findings("zones: {a: b}\n"),
            "f:2:8: error: `zones`: is a section; a list is expected [wrong-kind]\n"
            "  hint: begin each item with `- `\n");
  EXPECT_EQ(findings("zones:\n"),
            "f:2:7: error: `zones`: has no value; expected a list [empty-value]\n"
            "  hint: write `[]` for an empty list\n");
  EXPECT_EQ(findings("scaling: 3\n"),
            "f:2:10: error: `scaling`: `3` is a single value; keys and values are expected "
            "[wrong-kind]\n  hint: indent the keys of the section below its name\n");
  EXPECT_EQ(findings("faults: [[1]]\n"),
            "f:2:10: error: `faults[0]`: is a list; keys and values are expected here "
            "[wrong-kind]\n  hint: write `name: ...`\n");
  EXPECT_EQ(findings("memory: !Ref Size\n"),
            "f:2:9: error: `memory`: the tag `!Ref` has no meaning here [wrong-kind]\n"
            "  hint: write a size such as `13 GiB`\n");
  EXPECT_EQ(to_text(read("- 1\n").found),
            "f:1:1: error: is a list; keys and values are expected here [wrong-kind]\n"
            "  hint: write `name: ...`\n");
}

TEST(ConfigReader, PlainNumbersAndWordsAreChecked) {
  EXPECT_THAT(findings("enabled: yes\n"),
              HasSubstr("f:2:10: error: `enabled`: `yes` is not `true` or `false` [bad-value]"));
  EXPECT_THAT(findings("enabled: 'true'\n"), HasSubstr("remove the quotes"));
  EXPECT_THAT(findings("scaling: {maximum: 6.5}\n"), HasSubstr("`6.5` is not a whole number"));
  EXPECT_THAT(findings("scaling: {maximum: 1e1}\n"), HasSubstr("`1e1` is not a whole number"));
  EXPECT_THAT(findings("scaling: {maximum: '6'}\n"), HasSubstr("remove the quotes"));
  EXPECT_THAT(findings("scaling: {maximum: 99999999999999999999}\n"), HasSubstr("too large"));
  EXPECT_THAT(findings("factor: .nan\n"), HasSubstr("`.nan` is not a number"));
  EXPECT_THAT(findings("factor: inf\n"), HasSubstr("`inf` is not a number"));
  EXPECT_THAT(findings("factor: 1e999\n"), HasSubstr("`1e999` is not a number"));
  EXPECT_THAT(findings("factor: 1,5\n"), HasSubstr("`1,5` is not a number"));
}

TEST(ConfigReader, BoundsArePrintedWithTheirUnits) {
  EXPECT_THAT(findings("scaling: {warm_up: 301 s}\n"),
              HasSubstr("f:2:20: error: `scaling.warm_up`: `301 s` is out of range; allowed: 5 s "
                        "to 5 min [out-of-range]"));
  EXPECT_EQ(findings("scaling: {warm_up: 300 s}\n"), "");  // bounds are inclusive
  EXPECT_THAT(findings("memory: 2 TB\n"), HasSubstr("allowed: 0 B to 1 TB"));
  EXPECT_THAT(findings("memory: -1 B\n"), HasSubstr("allowed: 0 B to 1 TB"));
  EXPECT_THAT(findings("bandwidth: 1 kbps\n"), HasSubstr("allowed: at least 1 Mbps"));
  EXPECT_THAT(findings("budget: 1000.000000001 USD\n"), HasSubstr("allowed: 0 USD to 1000 USD"));
  EXPECT_THAT(findings("target: 95 %\n"), HasSubstr("allowed: 10 % to 90 %"));
  EXPECT_THAT(findings("target: 70\n"), HasSubstr("hint: did you mean `70 %`?"));
  EXPECT_THAT(findings("service: 61 s\n"), HasSubstr("allowed: 0 s to 60 s"));
  EXPECT_THAT(findings("service: {uniform: {low: 1 s, high: 61 s}}\n"),
              HasSubstr("f:2:10: error: `service`: is out of range; allowed: 0 s to 60 s"));
}

TEST(ConfigReader, DistributionsAreReadAndTheirMistakesNamed) {
  EXPECT_THAT(findings("service: 8\n"), HasSubstr("f:2:10: error: `service`: `8` has no unit"));
  EXPECT_THAT(findings("service: {lognormal: {median: 8 ms}}\n"),
              HasSubstr("f:2:11: error: `service`: the parameter `sigma` is missing "
                        "[missing-key]\n"
                        "  hint: write `lognormal: {median: 250 ms, sigma: 0.6}`"));
  EXPECT_THAT(findings("service: {lognormal: {median: 8, sigma: 0.6}}\n"),
              HasSubstr("f:2:31: error: `service`: `median`: `8` has no unit"));
  EXPECT_THAT(findings("service: {lognorml: {median: 8 ms}}\n"),
              HasSubstr("f:2:11: error: `service`: `lognorml` is no law; the laws are exponential, "
                        "lognormal, uniform, gamma [unknown-choice]\n"
                        "  hint: did you mean `lognormal`?"));
  EXPECT_THAT(findings("service: {gamma: {mean: 8 ms, cv: 1, shape: 2}}\n"),
              HasSubstr("f:2:38: error: `service`: `shape` is no parameter of gamma"));
  EXPECT_THAT(findings("service: {uniform: {low: 3 s, high: 2 s}}\n"),
              HasSubstr("`low` must not be above `high`"));
  EXPECT_THAT(findings("service: {exponential: {mean: 0 s}}\n"),
              HasSubstr("`mean` must be above 0"));
  EXPECT_THAT(findings("service: -1 s\n"), HasSubstr("must not be negative"));
  EXPECT_THAT(findings("service: {exponential: 7 s}\n"), HasSubstr("parameters are missing"));
  EXPECT_THAT(findings("service: [1]\n"), HasSubstr("exactly one law is expected"));
  EXPECT_THAT(findings("service: {}\n"), HasSubstr("exactly one law is expected"));
  EXPECT_THAT(findings("service: 8 kB\n"), HasSubstr("`kB` is no unit of a duration"));
  EXPECT_THAT(findings("object: 8 ms\n"), HasSubstr("`ms` is no unit of a size"));
}

TEST(ConfigReader, NullEmptiesAnOptionalAndAbsenceKeepsIt) {
  struct Holder {
    std::optional<Duration> window = 5_min;
    void describe(FieldVisitor& v) { field(v, {.key = "window", .meaning = "w"}, window); }
  };
  const auto window_of = [](std::string text) {
    Diagnostics found;
    Holder holder;
    const auto document = parse_document(std::move(text), "f", found);
    read_fields(*document, document->root, holder, found);
    EXPECT_EQ(to_text(found), "");
    return holder.window;
  };
  EXPECT_EQ(window_of("{}"), 5_min);
  EXPECT_EQ(window_of("window: null"), std::nullopt);
  EXPECT_EQ(window_of("window: 1 s"), 1_s);
}

TEST(Places, FallBackToTheNearestParent) {
  const Reading r = read(std::string(example::kFullExample));
  // Line 20 of the example is `  maximum: 12`, line 28 `    at: 20:15` (counted in the text).
  EXPECT_EQ(to_text(r.places.place_of("scaling.maximum")), "f:20:12");
  EXPECT_EQ(to_text(r.places.place_of("faults[0].at")), "f:28:9");
  EXPECT_EQ(to_text(r.places.place_of("faults[0].zone_loss.zone")), "f:29:23");
  EXPECT_EQ(to_text(r.places.place_of("scaling.nothing.deeper")), "f:19:3");
  EXPECT_EQ(to_text(r.places.place_of("faults[1].at")), "f:30:5");
  EXPECT_EQ(to_text(r.places.place_of("nothing")), "f:2:1");
  EXPECT_TRUE(r.places.given("scaling.maximum"));
  EXPECT_FALSE(r.places.given("faults[1].at"));
}

}  // namespace
}  // namespace shopsim::sim
