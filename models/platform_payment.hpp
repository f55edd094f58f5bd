#pragma once
/// Platform file: the payment provider outside that some pages call (a card processor), and how the
/// web servers guard themselves against it. Nothing is published on providers' latencies: all
/// defaults are assumptions, and off.
#include "models/circuit_breaker.hpp"
#include "models/platform_network.hpp"

namespace shopsim::models {

struct PaymentConfig {
  Because because;
  bool enabled = false;
  sim::DurationDistribution latency{{sim::Law::lognormal, 0.35, 0.5}};
  sim::Fraction failures{0.001};
  sim::Duration timeout = 10_s;
  std::int64_t attempts = 1;         ///< calls for one page at most
  sim::Duration backoff = 200_ms;    ///< between them
  std::int64_t calls_at_once = 0;    ///< of one web server; 0: no limit
  CircuitBreakerConfig circuit_breaker;
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
