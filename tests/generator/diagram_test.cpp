#include "generator/diagram.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace shopsim::generator {
namespace {

Diagram of(models::Platform platform) { return layout_diagram({.platform = std::move(platform)}); }

const Box* box(const Diagram& diagram, const std::string& id) {
  for (const Box& known : diagram.boxes) {
    if (known.id == id) return &known;
  }
  return nullptr;
}

bool holds(const Box& outer, const Box& inner) {
  return outer.x <= inner.x && outer.y <= inner.y &&
         inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

bool overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
         b.y < a.y + a.height;
}

/// Boxes of one parent never overlap, and each lies inside its parent.
void expect_tidy(const Diagram& diagram) {
  std::set<std::string> ids;
  for (const Box& a : diagram.boxes) {
    EXPECT_TRUE(ids.insert(a.id).second) << a.id << " twice";
    EXPECT_GE(a.x, 0);
    EXPECT_LE(a.x + a.width, diagram.width) << a.id;
    EXPECT_LE(a.y + a.height, diagram.height) << a.id;
    if (!a.parent.empty()) {
      ASSERT_NE(box(diagram, a.parent), nullptr) << a.parent;
      EXPECT_TRUE(holds(*box(diagram, a.parent), a)) << a.id << " leaves " << a.parent;
      // The parent's own label stands in the first 24 pixels.
      EXPECT_GE(a.y, box(diagram, a.parent)->y + 24) << a.id;
    }
    for (const Box& b : diagram.boxes) {
      if (&a != &b && a.parent == b.parent) {
        EXPECT_FALSE(overlap(a, b)) << a.id << " and " << b.id;
      }
    }
  }
  for (const Connection& way : diagram.connections) {
    EXPECT_NE(box(diagram, way.from), nullptr) << way.from;
    EXPECT_NE(box(diagram, way.to), nullptr) << way.to;
  }
}

TEST(Diagram, PlacesEveryComponentOnceAndNothingOverlaps) {
  const Diagram diagram = of({});
  expect_tidy(diagram);
  for (const char* id : {"customers", "cdn", "edge-waf", "balancer", "web-1", "web-2",
                         "database-1", "database-2", "cache-1", "cache-2", "nat-2", "backup"}) {
    EXPECT_NE(box(diagram, id), nullptr) << id;
  }
}

TEST(Diagram, StaysTidyForSmallAndLargePlatforms) {
  models::Platform small;
  small.network.zones.resize(1);
  small.network.nat_gateway_per_zone = false;
  small.cdn.enabled = false;
  small.cache.enabled = false;
  small.shared_files.enabled = false;
  small.database.multi_az = false;
  small.object_storage.buckets.clear();
  expect_tidy(of(small));
  EXPECT_EQ(box(of(small), "cdn"), nullptr);
  models::Platform large;
  large.network.zones.resize(6);
  large.object_storage.buckets.resize(20);
  expect_tidy(of(large));
}

TEST(Diagram, PutsAZonesTiersBelowEachOtherAndZonesBesideEachOther) {
  const Diagram diagram = of({});
  EXPECT_LT(box(diagram, "public-1")->y, box(diagram, "web-subnet-1")->y);
  EXPECT_LT(box(diagram, "web-subnet-1")->y, box(diagram, "database-subnet-1")->y);
  EXPECT_EQ(box(diagram, "web-subnet-1")->y, box(diagram, "web-subnet-2")->y);
  EXPECT_LT(box(diagram, "zone-1")->x, box(diagram, "zone-2")->x);
}

TEST(Diagram, EscapesNamesInEveryFormat) {
  models::Platform platform;
  platform.object_storage.buckets[0].name = "a<b>\"&'\n;";
  const Diagram diagram = of(platform);
  for (const std::string& text : {to_svg(diagram), to_drawio(diagram)}) {
    EXPECT_EQ(text.find("a<b>"), std::string::npos);
    EXPECT_NE(text.find("a&lt;b&gt;&quot;&amp;&apos;"), std::string::npos);
  }
  EXPECT_NE(to_mermaid(diagram).find("a#60;b#62;#34;#38;'"), std::string::npos);
}

}  // namespace
}  // namespace shopsim::generator
