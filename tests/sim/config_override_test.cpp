#include "sim/config_override.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/config_reader.hpp"
#include "sim/config_schema.hpp"
#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using example::Shop;
using ::testing::HasSubstr;

struct Reading {
  Shop shop;
  Diagnostics found;
};

Reading read_with(const std::vector<std::string>& assignments) {
  Reading reading;
  auto document = parse_document(
      "name: x\nscaling:\n  minimum: 3\nfaults: [{name: f, flush: {}}]\n", "f", reading.found);
  const auto known = field_paths(Shop{});
  for (const std::string& assignment : assignments) {
    apply_override(*document, assignment, reading.found, known);
  }
  read_fields(*document, document->root, reading.shop, reading.found);
  return reading;
}

std::string findings_of(const std::string& assignment) {
  return to_text(read_with({assignment}).found);
}

TEST(Override, SetsValuesThatAreGivenAndThatAreNot) {
  const Reading r = read_with({"scaling.minimum=4", "scaling.warm_up=30 s", "reserve.maximum=2",
                               "name=a: b", "zones=[x, y, z]", "faults[0].at=20:15",
                               "service={exponential: {mean: 3 s}}", "window='5 min'",
                               "scaling.minimum=5", "object=1 kB"});
  ASSERT_EQ(to_text(r.found), "");
  EXPECT_EQ(r.shop.scaling.minimum, 5);  // the last one counts
  EXPECT_EQ(r.shop.scaling.warm_up, 30_s);
  EXPECT_EQ(r.shop.reserve->maximum, 2);
  EXPECT_EQ(r.shop.name, "a: b");
  EXPECT_EQ(r.shop.zones.size(), 3U);
  EXPECT_EQ(r.shop.faults[0].at, ClockTime{20_h + 15_min});
  EXPECT_EQ(r.shop.service, (Distribution{Law::exponential, 3, 0}));
  EXPECT_EQ(r.shop.window, 5_min);
  EXPECT_EQ(r.shop.object, (Distribution{Law::constant, 1000, 0}));
}

TEST(Override, FindingsNameTheCommandLineAsTheirPlace) {
  EXPECT_EQ(findings_of("scaling.maximum=600"),
            "--set scaling.maximum=600: error: `scaling.maximum`: `600` is out of range; allowed: "
            "1 to 100 [out-of-range]\n");
  EXPECT_EQ(findings_of("colour=gren"),
            "--set colour=gren: error: `colour`: `gren` is not one of red, dark_blue, green "
            "[unknown-choice]\n  hint: did you mean `green`?\n");
  EXPECT_THAT(findings_of("zones=[a"), HasSubstr("--set zones=[a: error: not valid YAML"));
}

TEST(Override, UnknownPathsGetASuggestion) {
  EXPECT_EQ(findings_of("scaling.maxmum=6"),
            "--set scaling.maxmum=6: error: there is no field `scaling.maxmum` [unknown-key]\n"
            "  hint: did you mean `scaling.maximum`?\n");
  EXPECT_THAT(findings_of("maximum=6"),
              HasSubstr("did you mean `scaling.maximum` or `reserve.maximum`?"));
  EXPECT_THAT(findings_of("faults[0].zone_los.zone=a"),
              HasSubstr("did you mean `faults[].zone_loss.zone`?"));
}

TEST(Override, ASectionCannotTakeASingleValue) {
  EXPECT_EQ(findings_of("scaling=6"),
            "--set scaling=6: error: `scaling` is no single value [wrong-kind]\n"
            "  hint: set `scaling.minimum`, `scaling.maximum`, `scaling.warm_up`\n");
  EXPECT_EQ(findings_of("faults=[]"), "");
}

TEST(Override, RefusesWhatIsNoAssignment) {
  EXPECT_THAT(findings_of("scaling.maximum"), HasSubstr("not of the form `path=value`"));
  EXPECT_THAT(findings_of("=6"), HasSubstr("not of the form `path=value`"));
  EXPECT_THAT(findings_of("a..b=6"), HasSubstr("not of the form `path=value`"));
  EXPECT_THAT(findings_of("name="), HasSubstr("gives no value"));
  EXPECT_THAT(findings_of("faults[3].name=x"), HasSubstr("`faults` has 1 item"));
  EXPECT_EQ(findings_of("name=''"), "");
}

}  // namespace
}  // namespace shopsim::sim
