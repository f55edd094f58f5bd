// Stated hashes of whole runs: the same bytes from g++ and clang, with and without FMA and AVX2
// (scripts/fingerprints.sh runs them everywhere). The constants are what the code gave when they
// were written down; they are no proof of correctness, the other tests are. When a change is meant
// to move them, take the new values from the failure and say in the commit why they moved.
#include <gtest/gtest.h>

#include <bit>

#include "bench/example_networks.hpp"
#include "sim/network.hpp"
#include "sim/random.hpp"

namespace shopsim::sim {
namespace {

TEST(Fingerprint, OfADayInTheShopNetwork) {
  const NetworkResult result =
      run_network(example_networks::shop(), {.seed = 2026, .arrivals = 200'000});
  EXPECT_EQ(result.fingerprint(), 0x3ffe6af61bbb3c3fU);
}

TEST(Fingerprint, OfAMixedNetwork) {
  // Every discipline, law and routing rule in one plan, with a queue limit and a timeout.
  NetworkPlan plan;
  plan.sources.push_back({.name = "steady", .interarrival = {Law::gamma, 0.004, 1.6},
                          .first = {.rule = RoutingRule::least_outstanding,
                                    .routes = {{.station = 0}, {.station = 1}}},
                          .timeout = 60_ms});
  plan.sources.push_back({.name = "bursts", .interarrival = {Law::lognormal, 0.005, 1.1},
                          .first = {.routes = {{.station = 2, .weight = 3}, {.station = 0}}}});
  plan.stations = {
      {.name = "lognormal", .discipline = Discipline::processor_sharing, .servers = 2,
       .service = {Law::lognormal, 0.004, 0.7}, .next = {.routes = {{.station = 3}}}},
      {.name = "uniform", .servers = 3, .queue_limit = 4, .service = {Law::uniform, 0.002, 0.02},
       .next = {.rule = RoutingRule::round_robin, .routes = {{.station = 3}, {}}}},
      {.name = "constant", .servers = 1, .service = {Law::constant, 0.003, 0}},
      {.name = "gamma", .discipline = Discipline::infinite_servers,
       .service = {Law::gamma, 0.008, 0.5}}};
  const NetworkResult result = run_network(plan, {.seed = 7, .horizon = 300_s});
  EXPECT_GT(result.lost, 0U);
  EXPECT_GT(result.late, 0U);
  EXPECT_EQ(result.fingerprint(), 0xf08779381131dac5U);
}

TEST(Fingerprint, OfTheSamplers) {
  // Every bit of 100,000 draws of each law, in sequence and by key.
  Stream stream(stream_key(1, 2, "fingerprint", 3));
  const KeyedDraws keyed(entity_base(stream_key(1, 2, "fingerprint"), 3));
  std::uint64_t hash = 0;
  const auto add = [&](double value) { hash = mix64(hash + std::bit_cast<std::uint64_t>(value)); };
  for (const Distribution& law :
       {Distribution{Law::exponential, 1, 0}, Distribution{Law::lognormal, 0.008, 0.6},
        Distribution{Law::uniform, 1, 3}, Distribution{Law::gamma, 4, 1.5},
        Distribution{Law::gamma, 4, 0.5}}) {
    for (std::uint32_t i = 0; i < 100'000; ++i) {
      add(sample(law, stream));
      add(sample(law, keyed, static_cast<std::uint8_t>(law.law), i));
    }
  }
  EXPECT_EQ(hash, 0xc161a476866fd7ecU);
}

}  // namespace
}  // namespace shopsim::sim
