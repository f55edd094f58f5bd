#pragma once
/// The architecture as a picture: zones are columns, tiers are rows. The grid is computed here, so
/// that the same platform gives the same picture and nothing overlaps. Connections run in lanes
/// between the rows.
#include <cstdint>
#include <string>
#include <vector>

#include "generator/design.hpp"

namespace shopsim::generator {

enum class BoxKind : std::uint8_t { area, node };

/// A rectangle with a label in its middle (node), or at its top or left (area). Unit: pixels.
struct Box {
  std::string id;
  std::string label;
  std::string detail;     ///< a second, smaller line
  BoxKind kind = BoxKind::node;
  std::string parent;     ///< id of the area around it; empty: none
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  int gutter = 0;         ///< of an area: room for the label at its left; 0: it stands at the top
};

struct Point {
  int x = 0;
  int y = 0;
};

enum class ConnectionKind : std::uint8_t { request, copy };

/// The way of a request, or of something that follows from it.
struct Connection {
  std::string from;
  std::string to;
  std::string label;
  ConnectionKind kind = ConnectionKind::request;
  /// Corners from border to border, lines level or upright: around every box and label.
  std::vector<Point> path = {};
};

struct Diagram {
  std::vector<Box> boxes;  ///< areas before what they hold
  std::vector<Connection> connections;
  int width = 0;
  int height = 0;
};

Diagram layout_diagram(const Design& design);

std::string to_svg(const Diagram& diagram);
std::string to_drawio(const Diagram& diagram);
std::string to_mermaid(const Diagram& diagram);

}  // namespace shopsim::generator
