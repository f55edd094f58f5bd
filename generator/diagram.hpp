#pragma once
/// The architecture as a picture: zones are columns, tiers are rows. The grid is computed here, so
/// that the same platform gives the same picture and nothing overlaps.
#include <string>
#include <vector>

#include "generator/design.hpp"

namespace shopsim::generator {

enum class BoxKind : std::uint8_t { area, node };

/// A rectangle with a label at its top (area) or in its middle (node). Unit: pixels.
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
};

/// The way of a request, or of something that follows from it.
struct Connection {
  std::string from;
  std::string to;
  std::string label;
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
