#pragma once
/// How a web server protects itself when more is asked of it than it can do. All off by default.
#include <string>
#include <vector>

#include "models/circuit_breaker.hpp"
#include "models/enum_names.hpp"

namespace shopsim::models {

enum class QueueOrder : std::uint8_t { oldest_first, newest_first };
SHOPSIM_ENUM_NAMES(QueueOrder, "oldest_first", "newest_first")

struct ProtectionConfig {
  /// Requests carry the time at which their client gives up; what is late then is dropped.
  bool deadlines = false;
  QueueOrder queue_order = QueueOrder::oldest_first;
  /// Share of the workers that may be busy before pages without priority are refused.
  sim::Fraction shed_above{1.0};
  std::vector<std::string> priority_classes = {"checkout", "cart"};
  CircuitBreakerConfig database_breaker;
  void describe(sim::FieldVisitor& v);
};

}  // namespace shopsim::models
