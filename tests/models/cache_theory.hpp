#pragma once
/// Textbook formulas for caches under the independent reference model: oracles for the tests.
/// Probabilities are computed here from the law itself, not taken from the model under test.
#include <cmath>
#include <cstddef>
#include <vector>

namespace shopsim::test {

/// p_i = i^-alpha / sum, most popular first.
inline std::vector<double> zipf_probabilities(double alpha, std::size_t objects) {
  std::vector<double> p(objects);
  double sum = 0;
  for (std::size_t i = objects; i-- > 0;) {
    p[i] = std::pow(static_cast<double>(i + 1), -alpha);
    sum += p[i];
  }
  for (double& x : p) x /= sum;
  return p;
}

/// Hit ratio of an LRU cache of `capacity` unit objects (Che, Tung, Wang 2002): T solves
/// sum(1 - exp(-p_i T)) = capacity, then h = sum p_i (1 - exp(-p_i T)).
inline double che_lru_hit_ratio(const std::vector<double>& p, double capacity) {
  double low = 0;
  double high = 1;
  const auto occupied = [&p](double t) {
    double sum = 0;
    for (const double x : p) sum += -std::expm1(-x * t);
    return sum;
  };
  while (occupied(high) < capacity) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (occupied(middle) < capacity ? low : high) = middle;
  }
  double hits = 0;
  for (const double x : p) hits += x * -std::expm1(-x * high);
  return hits;
}

/// Hit ratio of a cache without a size limit whose objects live `ttl` (in mean times between
/// requests) from their fill: each cycle of object i is one miss and p_i ttl hits on average.
inline double ttl_hit_ratio(const std::vector<double>& p, double ttl) {
  double hits = 0;
  for (const double x : p) hits += x * (x * ttl) / (1 + x * ttl);
  return hits;
}

}  // namespace shopsim::test
