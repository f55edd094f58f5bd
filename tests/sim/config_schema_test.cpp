#include "sim/config_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "tests/sim/config_example.hpp"

namespace shopsim::sim {
namespace {

using example::Shop;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

nlohmann::json schema() { return nlohmann::json::parse(json_schema(Shop{}, "shop")); }

TEST(ConfigSchema, ListsEveryPathOnceInOrderWithAllAlternatives) {
  EXPECT_THAT(field_paths(Shop{}),
              ElementsAre("name", "enabled", "factor", "memory", "arrivals", "bandwidth", "budget",
                          "target", "start", "colour", "service", "object", "order", "items",
                          "scaling.minimum", "scaling.maximum", "scaling.warm_up", "window",
                          "reserve.minimum", "reserve.maximum", "reserve.warm_up", "zones",
                          "weights", "faults[].name", "faults[].at", "faults[].zone_loss.zone",
                          "faults[].zone_loss.duration", "faults[].flush",
                          "drills[].zone_loss.zone", "drills[].zone_loss.duration",
                          "drills[].flush", "zone_loss.zone", "zone_loss.duration", "flush"));
}

struct Inner1 {
  static constexpr std::string_view kTag = "one";
  static constexpr std::string_view kMeaning = "one";
  std::int64_t a = 0;
  void describe(FieldVisitor& v) { field(v, {.key = "a", .meaning = "a"}, a); }
};
struct Inner2 {
  static constexpr std::string_view kTag = "two";
  static constexpr std::string_view kMeaning = "two";
  std::int64_t b = 0;
  void describe(FieldVisitor& v) { field(v, {.key = "b", .meaning = "b"}, b); }
};
struct Outer1 {
  static constexpr std::string_view kTag = "outer";
  static constexpr std::string_view kMeaning = "outer";
  std::variant<Inner1, Inner2> inner;
  void describe(FieldVisitor& v) { field(v, {.key = "inner", .meaning = "i"}, inner); }
};
struct Holder {
  std::variant<Outer1, Inner2> kind;
  std::variant<Inner1, Inner2> other;
  void describe(FieldVisitor& v) {
    field(v, {.key = "kind", .meaning = "k"}, kind);
    field(v, {.key = "other", .meaning = "o"}, other);
  }
};

TEST(ConfigSchema, SeesVariantsInsideVariants) {
  // `two` is an alternative of both variants and listed with each.
  EXPECT_THAT(field_paths(Holder{}), ElementsAre("outer.one.a", "outer.two.b", "two.b", "one.a",
                                                 "two.b"));
}

TEST(ConfigSchema, SaysWhatAnEditorNeeds) {
  const nlohmann::json s = schema();
  EXPECT_EQ(s["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(s["additionalProperties"], false);
  EXPECT_EQ(s["required"], nlohmann::json::array({"name"}));
  const nlohmann::json& p = s["properties"];
  EXPECT_EQ(p["scaling"]["properties"]["maximum"]["minimum"], 1);
  EXPECT_EQ(p["scaling"]["properties"]["maximum"]["maximum"], 100);
  EXPECT_EQ(p["scaling"]["properties"]["maximum"]["default"], 8);
  EXPECT_EQ(p["scaling"]["properties"]["warm_up"]["default"], "90 s");
  EXPECT_THAT(p["scaling"]["properties"]["warm_up"]["description"].get<std::string>(),
              HasSubstr("5 s to 5 min"));
  EXPECT_EQ(p["colour"]["enum"], nlohmann::json::array({"red", "dark_blue", "green"}));
  EXPECT_EQ(p["colour"]["default"], "green");
  EXPECT_EQ(p["zones"]["minItems"], 2);
  EXPECT_EQ(p["zones"]["default"], nlohmann::json::array({"a", "b"}));
  EXPECT_EQ(p["enabled"]["default"], true);
  EXPECT_EQ(p["window"]["default"], nullptr);
  EXPECT_EQ(p["faults"]["items"]["properties"]["zone_loss"]["required"][0], "zone");
  EXPECT_EQ(p["faults"]["items"]["allOf"][0]["oneOf"].size(), 2U);
  // The variant of the outermost section may be left out: a third way is to give neither.
  EXPECT_EQ(s["allOf"][0]["oneOf"].size(), 3U);
  EXPECT_EQ(p["service"]["anyOf"].size(), 5U);  // a bare amount and four laws
}

TEST(ConfigSchema, EveryNumberMayBeALawToDrawFrom) {
  const nlohmann::json s = schema();
  const nlohmann::json& p = s["properties"];
  for (const char* number : {"factor", "memory", "arrivals", "bandwidth", "budget", "start"}) {
    EXPECT_EQ(p[number]["$ref"], "#/$defs/drawn") << number;
    EXPECT_EQ(p[number]["type"][1], "object") << number;
  }
  EXPECT_EQ(p["target"]["anyOf"][2]["$ref"], "#/$defs/drawn");
  const nlohmann::json& gamma = p["service"]["anyOf"][4]["properties"]["gamma"];
  EXPECT_EQ(gamma["properties"]["mean"]["$ref"], "#/$defs/drawn");
  EXPECT_FALSE(p["name"].contains("$ref"));
  EXPECT_FALSE(p["colour"].contains("$ref"));
  const nlohmann::json& drawn = s["$defs"]["drawn"];
  EXPECT_EQ(drawn["properties"]["triangular"]["minItems"], 3);
  EXPECT_EQ(drawn["properties"]["lognormal"]["required"][1], "p95");
}

TEST(ConfigSchema, PatternsAcceptWhatTheParsersAccept) {
  const nlohmann::json p = schema()["properties"];
  const auto accepts = [](const nlohmann::json& field, const std::string& text) {
    return std::regex_match(text, std::regex(field["pattern"].get<std::string>()));
  };
  for (const std::string text : {"250 ms", "1.5 h", "-3 s", "1e3 s", ".5 min", "250ms", "250", "ms",
                                 "3 m", "1 day"}) {
    EXPECT_EQ(accepts(p["scaling"]["properties"]["warm_up"], text),
              parse_duration(text).has_value()) << text;
  }
  for (const std::string text : {"13 GiB", "13GiB", "5 B", "5 KB", "5 kB", "5 TiB", "5 MB"}) {
    EXPECT_EQ(accepts(p["memory"], text), parse_bytes(text).has_value()) << text;
  }
  for (const std::string text : {"400 /s", "400/s", "1 /day", "4 rps", "400"}) {
    EXPECT_EQ(accepts(p["arrivals"], text), parse_rate(text).has_value()) << text;
  }
  for (const std::string text : {"10 Gbps", "5 MiB/s", "5 kB/s", "5 KB/s", "5 bps", "10Gbps"}) {
    EXPECT_EQ(accepts(p["bandwidth"], text), parse_bit_rate(text).has_value()) << text;
  }
  for (const std::string text : {"20:15", "8:15", "24:00", "+1d 02:00", "20:15:30.5", "20:60"}) {
    EXPECT_EQ(accepts(p["start"], text), parse_clock_time(text).has_value()) << text;
  }
}

TEST(ConfigSchema, ExplainsAFieldCompletely) {
  EXPECT_EQ(explain_field(Shop{}, "scaling.maximum"),
            "scaling.maximum: most servers\n"
            "  form:         a whole number such as `3`\n"
            "  range:        1 to 100\n"
            "  default:      8\n"
            "  source:       S-ASG-1\n"
            "  confidence:   documented\n"
            "  influences:   cost\n"
            "  tunable:      yes\n");
  EXPECT_EQ(explain_field(Shop{}, "name"),
            "name: the shop's name\n"
            "  form:         a text\n"
            "  default:      none; it must be given\n"
            "  source:       none\n"
            "  confidence:   assumption\n");
  EXPECT_THAT(*explain_field(Shop{}, "zones"), HasSubstr("default:      [a, b]"));
  EXPECT_THAT(*explain_field(Shop{}, "zones"), HasSubstr("range:        2 to 6 items"));
  EXPECT_THAT(*explain_field(Shop{}, "window"), HasSubstr("default:      none (null)"));
  EXPECT_THAT(*explain_field(Shop{}, "service"),
              HasSubstr("default:      {lognormal: {median: 8 ms, sigma: 0.6}}"));
  EXPECT_THAT(*explain_field(Shop{}, "colour"), HasSubstr("one of red, dark_blue, green"));
  EXPECT_THAT(*explain_field(Shop{}, "scaling"), HasSubstr("keys:         minimum, maximum"));
  EXPECT_THAT(*explain_field(Shop{}, "faults"), HasSubstr("name, at, zone_loss, flush"));
  EXPECT_THAT(*explain_field(Shop{}, "faults[0].zone_loss.duration"),
              HasSubstr("default:      1 h"));
  EXPECT_EQ(explain_field(Shop{}, "faults.at").has_value(), true);
  EXPECT_EQ(explain_field(Shop{}, "faults[].at").has_value(), true);
  EXPECT_EQ(explain_field(Shop{}, "nothing"), std::nullopt);
  EXPECT_EQ(explain_field(Shop{}, ""), std::nullopt);
  EXPECT_EQ(explain_field(Shop{}, "name.more"), std::nullopt);
}

TEST(ConfigSchema, EveryPathCanBeExplained) {
  for (const std::string& path : field_paths(Shop{})) {
    EXPECT_TRUE(explain_field(Shop{}, path)) << path;
  }
}

}  // namespace
}  // namespace shopsim::sim
