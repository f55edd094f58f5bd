#pragma once
/// How much later does a message arrive when packets are lost? A packet with at least three packets
/// behind it is sent again after a round trip (fast retransmit by duplicate acknowledgements,
/// S-RFC5681; with selective acknowledgements at most one round trip per window). One near the end,
/// or a lone one, waits for the retransmission timer, which doubles each time (S-RFC6298). It
/// is at least 200 ms, as on Linux, where the standard says 1 s.
///
/// Left out: the smaller congestion window afterwards, which matters for long transfers only.
#include <algorithm>
#include <cstdint>

#include "sim/random.hpp"

namespace shopsim::models {

struct LossyWay {
  double share = 0;              ///< of the packets that are lost, below 1
  double round_trip_seconds = 0;
  double least_timer_seconds = 0.2;
};

/// Bytes of a message in one packet: an Ethernet frame less the headers of IP and TCP.
inline constexpr double kPacketBytes = 1448;
/// Packets sent at once at the start of a transfer (S-RFC6928).
inline constexpr std::uint32_t kFirstWindow = 10;
/// A timer does not double for ever: connections are given up long before.
inline constexpr double kLongestTimer = 60;

[[nodiscard]] inline std::uint32_t packets_of(double bytes) {
  return std::max(1U, static_cast<std::uint32_t>(bytes / kPacketBytes + 0.999));
}

/// Seconds added to a message of that many packets, >= 1.
[[nodiscard]] inline double resend_seconds(const LossyWay& way, std::uint32_t packets,
                                           sim::Stream& draws) {
  double seconds = 0;
  const double timer = std::max(way.least_timer_seconds, 2 * way.round_trip_seconds);
  std::uint32_t repaired_window = UINT32_MAX;
  for (std::uint32_t i = 0; i < packets; ++i) {
    if (draws.uniform() >= way.share) continue;
    double wait = timer;
    if (packets - i > 3) {
      const std::uint32_t window = i / kFirstWindow;
      if (window != repaired_window) seconds += way.round_trip_seconds;
      repaired_window = window;
    } else {
      seconds += wait;
      wait *= 2;
    }
    while (draws.uniform() < way.share) {  // what is sent again may be lost again
      seconds += std::min(wait, kLongestTimer);
      wait *= 2;
    }
  }
  return seconds;
}

}  // namespace shopsim::models
