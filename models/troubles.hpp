#pragma once
/// What works worse than it should right now. Faults that last (fault_*.cpp) each worsen a part of
/// it; the world takes the sum of all that are present. 1 or 0: as always.
#include <cstdint>

#include "sim/quantity.hpp"

namespace shopsim::models {

struct Troubles {
  double database_slowdown = 1;    ///< of the CPU of every statement
  double database_iops_share = 1;  ///< of the volume's operations a second
  double standby_slowdown = 1;     ///< of the standby's part of a commit
  double bucket_slowdown = 1;      ///< of S3's time to the first byte
  double bucket_failures = 0;      ///< share of the requests to the images' bucket that fail
  std::int64_t bucket_status = 503;
  bool bucket_silent = false;      ///< it takes no connections, instead of answering so
  double payment_slowdown = 1;     ///< of the payment provider's answers
  double payment_failures = 0;     ///< share of the provider's answers that are errors, besides
  bool payment_silent = false;     ///< the provider does not answer at all
  double viewer_packet_loss = 0;   ///< between viewers and CloudFront
  double zone_packet_loss = 0;     ///< between zones
  double name_failures = 0;        ///< share of lookups of the balancer's name that fail
};

/// The law of something that takes `factor` times as long.
[[nodiscard]] inline sim::DurationDistribution slowed(sim::DurationDistribution law,
                                                      double factor) {
  law.a *= factor;
  if (law.law == sim::Law::uniform) law.b *= factor;
  return law;
}

}  // namespace shopsim::models
