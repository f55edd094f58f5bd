#include "sim/drawn_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/number_editor.hpp"
#include "tests/sim/config_example.hpp"
#include "sim/config_reader.hpp"

namespace shopsim::sim {
namespace {

using example::Shop;
using ::testing::HasSubstr;

struct Reading {
  Shop shop;
  Diagnostics found;
  Places places;
  std::vector<DrawnValue> drawn;
};

/// A file that gives the one required key and then `text`, from line 2 on.
Reading read(const std::string& text) {
  Reading reading;
  const auto document = parse_document("name: x\n" + text, "f", reading.found);
  if (document) {
    reading.places = read_fields(*document, document->root, reading.shop, reading.found,
                                 &reading.drawn);
  }
  return reading;
}

std::string findings(const std::string& text) { return to_text(read(text).found); }

constexpr std::string_view kDrawnExample = R"(factor: {uniform: [0.8, 1.3]}
memory: {triangular: [8 GiB, 10 GiB, 16 GiB]}
arrivals: {normal: {mean: 400 /s, sd: 20 /s}}
budget: {lognormal: {median: 10 USD, p95: 20 USD}}
target: {uniform: [40 %, 60 %]}
start: {uniform: ["20:00", "21:00"]}
scaling: {minimum: {uniform: [2, 4]}, warm_up: {uniform: [30 s, 2 min]}}
window: {uniform: [1 min, 5 min]}
weights: [1, {uniform: [0.5, 2]}]
service: {gamma: {mean: {uniform: [4 ms, 8 ms]}, cv: {uniform: [1, 1.5]}}}
faults: [{name: a, zone_loss: {zone: b, duration: {uniform: [10 min, 20 min]}}}]
)";

TEST(DrawnValue, EveryNumberMayBeDrawnAndItsFieldGetsTheCentre) {
  const Reading r = read(std::string(kDrawnExample));
  ASSERT_EQ(to_text(r.found), "");
  EXPECT_DOUBLE_EQ(r.shop.factor, 1.05);
  EXPECT_EQ(r.shop.memory.count, 10LL << 30);  // the most likely value
  EXPECT_EQ(r.shop.arrivals.per_second, 400);
  EXPECT_EQ(r.shop.budget.nano_dollars, 10'000'000'000);
  EXPECT_DOUBLE_EQ(r.shop.target.value, 0.5);
  EXPECT_EQ(r.shop.start.since_midnight, 20_h + 30_min);
  EXPECT_EQ(r.shop.scaling.minimum, 3);
  EXPECT_EQ(r.shop.window, 3_min);
  EXPECT_EQ(r.shop.weights, (std::vector<double>{1, 1.25}));
  EXPECT_EQ(r.shop.service, (Distribution{Law::gamma, 0.006, 1.25}));
  std::vector<std::string> paths;
  for (const DrawnValue& drawn : r.drawn) paths.push_back(drawn.path);
  EXPECT_THAT(paths, ::testing::UnorderedElementsAre(
                         "factor", "memory", "arrivals", "budget", "target", "start",
                         "scaling.minimum", "scaling.warm_up", "window", "weights[1]",
                         "service.gamma.mean", "service.gamma.cv",
                         "faults[0].zone_loss.duration"));
}

TEST(DrawnValue, TheEditorKnowsEveryNumberByThePathOfTheReader) {
  Reading r = read(std::string(kDrawnExample));
  std::vector<std::string> paths;
  edit_numbers(r.shop, [&paths](const NumberAt& at) -> std::optional<double> {
    paths.emplace_back(at.path);
    return std::nullopt;
  });
  for (const DrawnValue& drawn : r.drawn) {
    EXPECT_EQ(std::count(paths.begin(), paths.end(), drawn.path), 1) << drawn.path;
  }
  edit_numbers(r.shop, [](const NumberAt& at) -> std::optional<double> {
    if (at.path == "faults[0].zone_loss.duration") return 900;
    if (at.path == "service.gamma.cv") return 1.125;
    if (at.path == "scaling.minimum") return 4;
    return std::nullopt;
  });
  EXPECT_EQ(std::get<example::ZoneLoss>(r.shop.faults[0].kind).duration, 15_min);
  EXPECT_EQ(r.shop.service.b, 1.125);
  EXPECT_EQ(r.shop.scaling.minimum, 4);
}

TEST(DrawnValue, BothEndsMustBeWithinTheFieldsRange) {
  EXPECT_THAT(findings("factor: {uniform: [0.05, 2]}\n"),
              HasSubstr("f:2:9: error: `factor`: draws from 0.05 to 2; allowed: 0.1 to 10"));
  EXPECT_THAT(findings("scaling:\n  warm_up: {uniform: [10 s, 10 min]}\n"),
              HasSubstr("f:3:12: error: `scaling.warm_up`: draws from 10 s to 600 s; allowed: 5 s "
                        "to 5 min"));
  // 9 + 3.09 standard deviations of 1 is beyond 10.
  EXPECT_THAT(findings("factor: {normal: {mean: 9, sd: 1}}\n"), HasSubstr("draws from 5.9"));
  EXPECT_THAT(findings("target: {lognormal: {median: 50 %, p95: 80 %}}\n"),
              HasSubstr("out-of-range"));
  EXPECT_THAT(findings("service: {exponential: {mean: {uniform: [1 s, 2 min]}}}\n"),
              HasSubstr("`service.exponential.mean`: draws from 1 s to 2 min; allowed: 0 s to"));
  EXPECT_THAT(findings("service: {gamma: {mean: 1 s, cv: {uniform: [0, 1]}}}\n"),
              HasSubstr("`cv` must be above 0"));
}

TEST(DrawnValue, WhatIsWrongWithALawIsSaidAtItsPlace) {
  EXPECT_THAT(findings("factor: {uniform: [1, 2, 3]}\n"),
              HasSubstr("f:2:19: error: `factor`: a uniform law needs a list of 2 values"));
  EXPECT_THAT(findings("factor: {uniform: [2, 1]}\n"), HasSubstr("must be below the second"));
  EXPECT_THAT(findings("factor: {triangular: [1, 3, 2]}\n"), HasSubstr("must ascend"));
  EXPECT_THAT(findings("factor: {normal: {mean: 1}}\n"),
              HasSubstr("the parameter `sd` is missing"));
  EXPECT_THAT(findings("factor: {normal: {mean: 1, sigma: 2, sd: 0.1}}\n"),
              HasSubstr("f:2:28: error: `factor`: `sigma` is no parameter"));
  EXPECT_THAT(findings("factor: {lognormal: {median: 2, p95: 1}}\n"),
              HasSubstr("`p95` above `median`"));
  EXPECT_THAT(findings("window: {uniform: [1, 5 min]}\n"), HasSubstr("missing-unit"));
  EXPECT_THAT(findings("scaling: {minimum: {uniform: [1.5, 3]}}\n"),
              HasSubstr("is not a whole number"));
  EXPECT_THAT(findings("factor: {gaussian: [1, 2]}\n"),
              HasSubstr("hint: a law to draw from is uniform, triangular, normal or lognormal"));
  EXPECT_THAT(findings("enabled: {uniform: [0, 1]}\n"), HasSubstr("only numbers can be drawn"));
  // A field of a law takes laws of its own: only their parameters can be drawn.
  EXPECT_THAT(findings("service: {uniform: [1 ms, 2 ms]}\n"),
              HasSubstr("to draw once a replication, draw a parameter"));
}

TEST(DrawnValue, WhereOneValueIsNeededADrawIsRefused) {
  Diagnostics found;
  const auto document = parse_document(
      "name: x\nfactor: {uniform: [1, 2]}\nservice: {exponential: {mean: {uniform: [1 ms, 2 ms]}}}",
      "f", found);
  Shop shop;
  read_fields(*document, document->root, shop, found);
  EXPECT_THAT(to_text(found), HasSubstr("f:2:9: error: `factor`: is drawn once a replication"));
  EXPECT_THAT(to_text(found), HasSubstr("`service.exponential.mean`: is drawn"));
}

std::vector<double> draws_of(const DrawnValue& value, std::uint32_t count = 20'000) {
  std::vector<double> values;
  for (std::uint32_t r = 0; r < count; ++r) values.push_back(draw(value, 1, r, "k"));
  return values;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double share_below(const std::vector<double>& values, double limit) {
  const auto below =
      std::count_if(values.begin(), values.end(), [limit](double v) { return v < limit; });
  return static_cast<double>(below) / static_cast<double>(values.size());
}

// Of 20,000 draws; tolerances are 5 standard errors.
TEST(DrawnValue, DrawsFollowTheirLaws) {
  const auto uniform = draws_of({.law = DrawLaw::uniform, .parameters = {2, 4}});
  EXPECT_NEAR(mean(uniform), 3, 5 * 0.577 / 141.4);
  const auto triangular = draws_of({.law = DrawLaw::triangular, .parameters = {0, 1, 5}});
  EXPECT_NEAR(mean(triangular), 2, 5 * 1.08 / 141.4);          // (0 + 1 + 5) / 3
  EXPECT_NEAR(share_below(triangular, 1), 0.2, 5 * 0.4 / 141.4);  // (1 - 0) / (5 - 0)
  const auto normal = draws_of({.law = DrawLaw::normal, .parameters = {10, 2}});
  EXPECT_NEAR(mean(normal), 10, 5 * 2 / 141.4);
  EXPECT_NEAR(share_below(normal, 12), 0.8413, 5 * 0.366 / 141.4);
  EXPECT_GE(*std::min_element(normal.begin(), normal.end()), 10 - 3.0903 * 2);
  EXPECT_LE(*std::max_element(normal.begin(), normal.end()), 10 + 3.0903 * 2);
  const auto lognormal = draws_of({.law = DrawLaw::lognormal, .parameters = {8, 20}});
  EXPECT_NEAR(share_below(lognormal, 8), 0.5, 5 * 0.5 / 141.4);
  EXPECT_NEAR(share_below(lognormal, 20), 0.95, 5 * 0.218 / 141.4);
}

TEST(DrawnValue, WholeNumbersAreEquallyLikelyToTheEnds) {
  const auto values = draws_of(
      {.law = DrawLaw::uniform, .parameters = {2, 5}, .kind = ValueKind::integer});
  for (const double value : {2.0, 3.0, 4.0, 5.0}) {
    const auto count = std::count(values.begin(), values.end(), value);
    EXPECT_NEAR(static_cast<double>(count) / 20'000, 0.25, 5 * 0.433 / 141.4) << value;
  }
}

TEST(DrawnValue, ADrawIsAFunctionOfSeedReplicationAndKey) {
  const DrawnValue narrow{.law = DrawLaw::uniform, .parameters = {0, 1}};
  const DrawnValue wide{.law = DrawLaw::uniform, .parameters = {0, 2}};
  const double value = draw(narrow, 7, 3, "scenario.traffic.growth");
  EXPECT_EQ(draw(narrow, 7, 3, "scenario.traffic.growth"), value);
  // Another law of the same key: the same quantile.
  EXPECT_DOUBLE_EQ(draw(wide, 7, 3, "scenario.traffic.growth"), 2 * value);
  EXPECT_NE(draw(narrow, 8, 3, "scenario.traffic.growth"), value);
  EXPECT_NE(draw(narrow, 7, 4, "scenario.traffic.growth"), value);
  EXPECT_NE(draw(narrow, 7, 3, "scenario.clients.timeout"), value);
}

TEST(DrawnValue, ItsTextReadsBackAsTheSameLaw) {
  const Reading r = read(std::string(kDrawnExample));
  for (const DrawnValue& drawn : r.drawn) {
    if (drawn.path.find_first_of(".[") != std::string::npos) continue;
    const Reading again = read(drawn.path + ": " + drawn_text(drawn) + "\n");
    ASSERT_EQ(to_text(again.found), "") << drawn_text(drawn);
    ASSERT_EQ(again.drawn.size(), 1U);
    EXPECT_EQ(again.drawn[0].law, drawn.law);
    EXPECT_EQ(again.drawn[0].parameters, drawn.parameters) << drawn_text(drawn);
  }
}

}  // namespace
}  // namespace shopsim::sim
