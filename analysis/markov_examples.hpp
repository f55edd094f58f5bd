#pragma once
/// Systems with a known unavailability, for tests and for the bench. The unit of time is a day.
#include <algorithm>
#include <array>
#include <vector>

#include "analysis/markov_model.hpp"

namespace shopsim::analysis::markov_examples {

/// Two equal parts, one needed, one repairer: birth and death with
/// unavailability 2 a^2 / (1 + 2 a + 2 a^2), a = failure rate / repair rate.
inline MarkovModel pair(double failure_rate, double repair_rate) {
  const std::array<PartGroup, 1> groups = {PartGroup{2, failure_rate, repair_rate, 1}};
  return part_model(groups, [](auto broken) { return broken[0] == 2; });
}

/// Parts that fail and are repaired alone; all are needed: 1 - prod of mu / (lambda + mu).
inline MarkovModel series(const std::vector<PartGroup>& groups) {
  return part_model(groups, [](auto broken) {
    return std::any_of(broken.begin(), broken.end(), [](std::size_t b) { return b > 0; });
  });
}

/// A shop that is unavailable for about 1e-5 of the time. Eight web servers, each replaced about
/// once a day in five minutes, three needed; a database that loses one of its two nodes five times
/// a year, rebuilt in two hours, and is restored from a backup in eight hours when both are gone;
/// two zones, one needed; a cache that loses a node now and then and hurts nobody.
inline MarkovModel shop() {
  const std::array<PartGroup, 4> groups = {
      PartGroup{.count = 8, .failure_rate = 1, .repair_rate = 288, .repairers = 8},
      PartGroup{.count = 2, .failure_rate = 0.0134, .repair_rate = 12, .restore_rate = 3},
      PartGroup{.count = 2, .failure_rate = 0.05 / 365, .repair_rate = 5.1, .repairers = 2},
      PartGroup{.count = 2, .failure_rate = 0.5 / 365, .repair_rate = 144, .repairers = 2}};
  return part_model(groups, [](auto broken) {
    return broken[0] > 5 || broken[1] == 2 || broken[2] == 2;
  });
}

}  // namespace shopsim::analysis::markov_examples
