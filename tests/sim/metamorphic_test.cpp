// What must hold between two runs of a network that see the same customers.
#include <gtest/gtest.h>

#include "bench/example_networks.hpp"

namespace shopsim::sim {
namespace {

using example_networks::many_servers;
using example_networks::shop;

/// The same network in slow motion: every time multiplied.
NetworkPlan slowed(NetworkPlan plan, std::int64_t factor) {
  const auto slow = [factor](Distribution& law) { law.a *= static_cast<double>(factor); };
  for (NetworkSource& source : plan.sources) {
    slow(source.interarrival);
    if (source.timeout) source.timeout->nanoseconds *= factor;
  }
  for (NetworkStation& station : plan.stations) slow(station.service);  // exponential: the mean
  return plan;
}

TEST(NetworkMetamorphic, ScalingTimeScalesEveryTimeAndNothingElse) {
  for (const NetworkPlan& plan : {many_servers(1, 0.8), many_servers(8, 0.9), shop()}) {
    const NetworkResult fast = run_network(plan, {.arrivals = 50'000});
    const NetworkResult slow = run_network(slowed(plan, 64), {.arrivals = 50'000});
    EXPECT_EQ(fast.completed, slow.completed);
    EXPECT_EQ(fast.timed_out, slow.timed_out);
    for (std::size_t i = 0; i < plan.stations.size(); ++i) {
      // Only the rounding of single times to whole nanoseconds differs.
      EXPECT_NEAR(64 * fast.stations[i].mean_wait_seconds, slow.stations[i].mean_wait_seconds,
                  1e-6 + 1e-6 * slow.stations[i].mean_wait_seconds);
      EXPECT_NEAR(fast.stations[i].utilisation, slow.stations[i].utilisation, 1e-6);
    }
    EXPECT_NEAR(64 * fast.sojourn.mean_seconds(), slow.sojourn.mean_seconds(),
                1e-6 * slow.sojourn.mean_seconds());
  }
}

TEST(NetworkMetamorphic, OneMoreServerNeverLengthensTheMeanWait) {
  double previous = 1e9;
  for (std::uint32_t servers = 5; servers <= 9; ++servers) {
    NetworkPlan plan = many_servers(5, 0.95);
    plan.stations[0].servers = servers;
    const double wait = run_network(plan, {.arrivals = 100'000}).stations[0].mean_wait_seconds;
    EXPECT_LE(wait, previous) << servers;
    previous = wait;
  }
}

TEST(NetworkMetamorphic, AFasterServerNeverLengthensTheMeanWait) {
  double previous = 1e9;
  for (const double seconds : {0.01, 0.009, 0.006, 0.002}) {
    NetworkPlan plan = many_servers(1, 0.9);
    plan.stations[0].service.a = seconds;
    const double wait = run_network(plan, {.arrivals = 100'000}).stations[0].mean_wait_seconds;
    EXPECT_LE(wait, previous) << seconds;
    previous = wait;
  }
}

}  // namespace
}  // namespace shopsim::sim
