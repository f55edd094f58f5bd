// Two draws that should be independent are never one and the same: a colliding counter leaves every
// other check green and the statistics wrong. Compiled in the builds with sanitizers, where keyed
// draws can be watched.
#ifdef SHOPSIM_WATCH_DRAWS
#include <algorithm>
#include <map>

#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

using Draws = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// How often each purpose drew again what it had drawn before, with the same base and place.
std::map<Draw, std::size_t> repeated(Draws draws) {
  std::sort(draws.begin(), draws.end());
  std::map<Draw, std::size_t> found;
  for (std::size_t i = 1; i < draws.size(); ++i) {
    if (draws[i] == draws[i - 1]) ++found[static_cast<Draw>(draws[i].second >> 48)];
  }
  return found;
}

Draws watched_run(const SmallShop& shop) {
  Draws draws;
  const Plan plan = shop.plan();
  sim::watched_draws = &draws;
  Ran ran;
  run(plan, ran);
  sim::watched_draws = nullptr;
  return draws;
}

/// Crashes, a failover and a lost cache: retries of every layer, statements run again.
SmallShop troubled_shop() {
  SmallShop shop;
  shop.scenario.duration = 8_min;
  shop.scenario.clients.retries.attempts = 3;
  shop.scenario.clients.timeout = 3_s;
  shop.platform.web.scaling.desired = 4;
  shop.scenario.faults = {fault_at(12_h + 1_min, InstanceCrash{}, "crash"),
                          fault_at(12_h + 2_min, DatabaseFailover{}, "failover"),
                          fault_at(12_h + 5_min, CacheNodeLoss{}, "cache")};
  return shop;
}

TEST(WatchedDraws, NoPurposeEntityAndDrawRepeatInACalmShop) {
  const Draws draws = watched_run(SmallShop{});
  EXPECT_GT(draws.size(), 100'000U);
  for (const auto& [purpose, count] : repeated(draws)) {
    ADD_FAILURE() << "purpose " << static_cast<int>(purpose) << " repeats " << count << " times";
  }
}

TEST(WatchedDraws, InTroubleOnlyWhatARetryReadsAgainRepeats) {
  const Draws draws = watched_run(troubled_shop());
  EXPECT_GT(draws.size(), 100'000U);
  for (const auto& [purpose, count] : repeated(draws)) {
    // A retry asks for the same page: the same products, statements and work.
    const bool same_page = purpose == Draw::cpu || purpose == Draw::cache_key ||
                           purpose == Draw::database_reads || purpose == Draw::database_writes;
    EXPECT_TRUE(same_page) << "purpose " << static_cast<int>(purpose) << " repeats " << count
                           << " times of " << draws.size();
  }
}

TEST(WatchedDraws, TheCountOfRepeatsSeesACollision) {
  Draws draws;
  sim::watched_draws = &draws;
  const sim::KeyedDraws of_one(7);
  static_cast<void>(of_one.bits(1, 2, 3));
  static_cast<void>(of_one.exponential(1, 2, 3));
  static_cast<void>(of_one.bits(1, 3, 2));
  sim::watched_draws = nullptr;
  EXPECT_EQ(repeated(draws), (std::map<Draw, std::size_t>{{static_cast<Draw>(1), 1}}));
}

}  // namespace
}  // namespace shopsim::models
#endif
