#include "generator/diagram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
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

/// Where an area's label stands, at 7 pixels a character.
Box label_of(const Box& area) {
  const auto length = static_cast<int>(std::max(area.label.size(), area.detail.size()));
  return {.x = area.x + 8,
          .y = area.gutter > 0 ? area.y + area.height / 2 - 17 : area.y + 6,
          .width = 7 * length,
          .height = area.gutter > 0 ? 36 : 18};
}

/// A stretch of a way as a box one pixel thick.
Box stretch(const Point& a, const Point& b) {
  return {.x = std::min(a.x, b.x), .y = std::min(a.y, b.y),
          .width = std::abs(a.x - b.x) + 1, .height = std::abs(a.y - b.y) + 1};
}

/// Ways go level or upright, around nodes and labels, and share a line only where they leave one
/// node or lead to the same.
void expect_clear_ways(const Diagram& diagram) {
  for (const Connection& way : diagram.connections) {
    const std::string name = way.from + " to " + way.to;
    ASSERT_GE(way.path.size(), 2U) << name;
    for (std::size_t i = 1; i < way.path.size(); ++i) {
      const Point& a = way.path[i - 1];
      const Point& b = way.path[i];
      EXPECT_TRUE((a.x == b.x) != (a.y == b.y)) << name;
      const Box line = stretch(a, b);
      for (const Box& one : diagram.boxes) {
        if (one.kind == BoxKind::area) {
          EXPECT_FALSE(overlap(line, label_of(one))) << name << " on the label of " << one.id;
          continue;
        }
        const Box inside = {.x = one.x + 1, .y = one.y + 1, .width = one.width - 2,
                            .height = one.height - 2};
        EXPECT_FALSE(overlap(line, inside)) << name << " through " << one.id;
      }
      for (const Connection& other : diagram.connections) {
        if (other.from == way.from || other.to == way.to) continue;
        for (std::size_t j = 1; j < other.path.size(); ++j) {
          const Box second = stretch(other.path[j - 1], other.path[j]);
          const bool parallel = (line.width > 1) == (second.width > 1);
          EXPECT_FALSE(parallel && overlap(line, second))
              << name << " and " << other.from << " to " << other.to;
        }
      }
    }
  }
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
      EXPECT_FALSE(overlap(a, label_of(*box(diagram, a.parent)))) << a.id << " on a label";
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
  expect_clear_ways(diagram);
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
