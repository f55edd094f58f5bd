#pragma once
/// What a scenario asks of the machines, without simulating it: pages a second over the day and the
/// mean work of a page at every tier. Means only: no randomness, no retries, nobody gives up.
///
/// Sessions of geometric length with think times between pages: with A thinking customers,
/// pages/s = s(t) + A / think and dA/dt = continue * pages/s - A / think.
#include <vector>

#include "models/plan.hpp"

namespace shopsim::analysis {

struct TrafficLoad {
  double step_seconds = 10;
  std::vector<double> pages_per_second;  ///< [step], of the recorded part of the run
  double cpu_per_page = 0;               ///< seconds on a vCPU of speed 1
  double reads_per_page = 0;             ///< statements that are sent whatever the cache holds
  double writes_per_page = 0;
  double cache_reads_per_page = 0;
  double pages_per_session = 1;
  double index_of_dispersion = 1;

  [[nodiscard]] double pages() const;
  [[nodiscard]] double highest_rate() const;
  /// Relative standard deviation of the pages that come in a stretch of so many of them: the
  /// sessions are dispersed and their lengths are geometric.
  [[nodiscard]] double spread(double pages) const;
};

TrafficLoad traffic_load(const models::Plan& plan);

}  // namespace shopsim::analysis
