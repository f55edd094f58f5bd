#include "models/packet_loss.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace shopsim::models {
namespace {

/// Mean and standard error over messages of that many packets.
std::pair<double, double> resent(const LossyWay& way, std::uint32_t packets, int messages) {
  sim::Stream draws(sim::stream_key(1, 0, "packets"));
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < messages; ++i) {
    const double seconds = resend_seconds(way, packets, draws);
    sum += seconds;
    squares += seconds * seconds;
  }
  const double mean = sum / messages;
  return {mean, std::sqrt((squares / messages - mean * mean) / messages)};
}

TEST(PacketLoss, ALonePacketWaitsForTheTimerWhichDoubles) {
  // Lost once, twice, ...: the sum over k >= 1 of p^k 2^(k-1) T = p T / (1 - 2 p); for p = 0.1 and
  // T = 0.2 s: 0.025 s.
  const auto [mean, error] = resent({.share = 0.1, .round_trip_seconds = 0.02}, 1, 200'000);
  EXPECT_NEAR(mean, 0.025, 5 * error);
  EXPECT_LT(error, 0.0005);
}

TEST(PacketLoss, InTheMiddleOfAMessageItCostsARoundTripAWindow) {
  // Ten packets: the first seven have three behind them and together cost one round trip if any is
  // lost, (1 - 0.99^7) 0.5 s; each of the last three costs the timer of 1 s as above: 3 p/(1-2p).
  // A packet of the middle that is lost again costs p (T + 2 p T + ...) more.
  const double p = 0.01;
  const auto [mean, error] = resent({.share = p, .round_trip_seconds = 0.5}, 10, 400'000);
  const double again = 7 * p * p / (1 - 2 * p);
  EXPECT_NEAR(mean, (1 - std::pow(1 - p, 7)) * 0.5 + again + 3 * p / (1 - 2 * p), 5 * error);
}

TEST(PacketLoss, NothingIsAddedWithoutLoss) {
  sim::Stream draws(sim::stream_key(1, 0, "packets"));
  EXPECT_EQ(resend_seconds({.share = 0, .round_trip_seconds = 0.1}, 100, draws), 0);
  EXPECT_EQ(packets_of(1), 1U);
  EXPECT_EQ(packets_of(1448), 1U);
  EXPECT_EQ(packets_of(1460), 2U);
  EXPECT_EQ(packets_of(44'000), 31U);
}

}  // namespace
}  // namespace shopsim::models
