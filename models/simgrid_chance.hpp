#pragma once
/// Chance of the second engine: Boost.Random's engine and distributions, nothing of sim/random.hpp.
#include <boost/random/discrete_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/lognormal_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <cstdint>

#include "sim/quantity.hpp"

namespace shopsim::models {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  double uniform() { return boost::random::uniform_01<double>()(engine_); }
  std::size_t below(std::size_t count) {
    return boost::random::uniform_int_distribution<std::size_t>(0, count - 1)(engine_);
  }
  double exponential(double mean) {
    return mean <= 0 ? 0 : boost::random::exponential_distribution<double>(1 / mean)(engine_);
  }
  double gamma(double shape, double scale) {
    return boost::random::gamma_distribution<double>(shape, scale)(engine_);
  }
  /// A draw of a law as the files write it (see sim::Distribution).
  double draw(const sim::Distribution& law) {
    switch (law.law) {
      case sim::Law::constant: return law.a;
      case sim::Law::exponential: return exponential(law.a);
      case sim::Law::lognormal:
        if (law.a <= 0 || law.b <= 0) return law.a;
        return boost::random::lognormal_distribution<double>(std::log(law.a), law.b)(engine_);
      case sim::Law::uniform: return law.a + (law.b - law.a) * uniform();
      case sim::Law::gamma: {
        const double variation = law.b * law.b;
        return law.a <= 0 || variation <= 0 ? law.a : gamma(1 / variation, law.a * variation);
      }
    }
    return law.a;
  }
  /// The whole part of a mean, and one more with the chance of the rest.
  unsigned about(double mean) {
    const double whole = std::floor(mean);
    return static_cast<unsigned>(whole) + (uniform() < mean - whole ? 1U : 0U);
  }
  boost::random::mt19937_64& engine() { return engine_; }

 private:
  boost::random::mt19937_64 engine_;
};

}  // namespace shopsim::models
