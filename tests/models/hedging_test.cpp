// Asking twice: the answer that comes first counts, the other one is work for nobody.
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

/// One of two servers dies silently at 12:04; round robin goes on sending half of the requests to
/// it until two checks have failed, 15 to 25 s later.
SmallShop shop_with_a_dead_server() {
  SmallShop shop;
  shop.scenario.duration = 7_min;
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;
  shop.scenario.faults = {fault_at(12_h + 4_min, InstanceCrash{})};
  return shop;
}

/// Pages whose answer took longer, over all classes but images, in periods [from, to).
double slower_than(const Ran& ran, sim::Duration limit, std::size_t from, std::size_t to) {
  double count = 0;
  for (std::size_t p = from; p < to; ++p) {
    for (std::size_t c = 0; c + 1 < ran.periods.main[p].classes.size(); ++c) {
      const SparseHistogram& latency = ran.periods.main[p].classes[c].latency;
      for (std::size_t i = 0; i < latency.bins.size(); ++i) {
        if (sim::Histogram::bin_lower(latency.bins[i]) >= limit) count += latency.counts[i];
      }
    }
  }
  return count;
}

TEST(Hedging, ASecondRequestFindsTheServerThatAnswers) {
  SmallShop shop = shop_with_a_dead_server();
  Ran once;
  run(shop.plan(), once);
  shop.scenario.clients.hedge_after = 1_s;
  Ran twice;
  run(shop.plan(), twice);
  // Without it a page sent to the dead server waits for the client's 10 s. Every other second
  // request goes to the dead one too, and POSTs (15 %) are sent once.
  const double before = slower_than(once, 5_s, 4, 6);
  EXPECT_GT(before, 50);
  EXPECT_LT(slower_than(twice, 5_s, 4, 6), 0.95 * before);
  EXPECT_LT(static_cast<double>(twice.periods.outcomes(Outcome::client_timeout, 4, 6)),
            0.75 * static_cast<double>(once.periods.outcomes(Outcome::client_timeout, 4, 6)));
}

TEST(Hedging, EveryPageIsAnsweredOnceAndTheOtherAnswerIsLate) {
  SmallShop shop;
  shop.scenario.clients.hedge_after = 1_ms;  // always asks twice
  Ran ran;
  run(shop.plan(), ran);
  const Conservation& books = ran.summary.conservation;
  EXPECT_EQ(books.failed, 0U);
  // Two attempts for a GET, one for a POST; 14.6 % of the shopping mix are POSTs.
  const double attempts =
      static_cast<double>(books.attempts) / static_cast<double>(books.requests);
  EXPECT_GT(attempts, 1.75);
  EXPECT_LT(attempts, 1.95);
  const double late = static_cast<double>(ran.periods.total(&ClassRecord::late_replies));
  const double asked_twice = static_cast<double>(ran.periods.total(&ClassRecord::attempts)) -
                             static_cast<double>(ran.periods.total(&ClassRecord::requests));
  EXPECT_NEAR(late / asked_twice, 1, 0.02);
}

TEST(Hedging, NobodyAsksTwiceWhoHasHisAnswer) {
  SmallShop shop;
  shop.scenario.clients.hedge_after = 5_s;
  Ran hedging;
  run(shop.plan(), hedging);
  EXPECT_EQ(hedging.summary.conservation.attempts, hedging.summary.conservation.requests);
}

}  // namespace
}  // namespace shopsim::models
