#pragma once
/// The connections of the picture and the lanes they run in. Internal to the diagram.
#include <string>

#include "generator/diagram.hpp"

namespace shopsim::generator {

/// Free rows (y) and columns (x) between the boxes.
struct Lanes {
  int below_edge = 0;        ///< y, between the edge and the region
  int region_top = 0;        ///< y
  int above_zones = 0;       ///< y, below the balancer
  int to_cache = 0;          ///< y, three lanes between web and data tier
  int to_database = 0;
  int to_files = 0;
  int database_copies = 0;   ///< y, two lanes below the data tier
  int cache_copies = 0;
  int beside_services = 0;   ///< x, between the VPC and what has no zone
};

/// Adds every connection with its path.
void connect(Diagram& diagram, const models::Platform& platform, const std::string& image_node,
             const Lanes& lanes);

}  // namespace shopsim::generator
