// Bots, and the rate rule against them: what is sent, what is blocked and when, and which customers
// the rule takes for bots.
#include <cmath>

#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::Ran;
using testing::run;
using testing::SmallShop;

/// 60 requests a second for home pages, from 12:03 to 12:07.
SmallShop shop_with_bots(std::int64_t addresses) {
  SmallShop shop;
  BotConfig bot;
  bot.name = "scraper";
  bot.page = "home";
  bot.requests = {60};
  bot.addresses = addresses;
  bot.start.since_midnight = 12_h + 3_min;
  bot.duration = 4_min;
  shop.scenario.bots = {bot};
  shop.platform.waf.rate_limit_per_address = 600;
  shop.platform.waf.rate_window = 60_s;
  return shop;
}

TEST(Bots, SendTheirRateAndAreWorkForTheShop) {
  SmallShop shop = shop_with_bots(1'000);  // 3.6 requests a minute each: nobody is blocked
  Ran with;
  run(shop.plan(), with);
  ASSERT_EQ(with.summary.bots.size(), 1U);
  const BotSummary& bot = with.summary.bots[0];
  EXPECT_NEAR(static_cast<double>(bot.sent), 60 * 240, 5 * std::sqrt(60.0 * 240));
  EXPECT_EQ(bot.let_through, bot.sent);
  EXPECT_EQ(bot.answered, bot.let_through);
  shop.scenario.bots.clear();
  Ran without;
  run(shop.plan(), without);
  const auto requests = [](const Ran& ran, std::size_t p) {
    return ran.periods.metric(p, MetricId::alb_request_count);
  };
  EXPECT_NEAR(requests(with, 4) - requests(without, 4), 3600, 5 * 60);
  EXPECT_EQ(requests(with, 1), requests(without, 1));
  // Nobody waits for their answers: they are no late replies and no customers' requests.
  // (Customers' answers are a little slower, which shifts what lies beyond the end.)
  EXPECT_NEAR(static_cast<double>(with.summary.conservation.requests),
              static_cast<double>(without.summary.conservation.requests), 30);
  EXPECT_EQ(with.periods.total(&ClassRecord::late_replies), 0U);
}

TEST(Bots, AreBlockedWhenTheirAddressesExceedTheLimit) {
  // 60 a second from 3 addresses: 200 in 10 s each. The limit of 600 is passed after 30 s, noticed
  // at the next estimate and blocked up to 20 s later; then until they stop.
  const SmallShop shop = shop_with_bots(3);
  Ran ran;
  run(shop.plan(), ran);
  const BotSummary& bot = ran.summary.bots[0];
  const double let_through_seconds = static_cast<double>(bot.let_through) / 60;
  EXPECT_GT(let_through_seconds, 30);
  EXPECT_LT(let_through_seconds, 30 + 10 + 20 + 3);
  EXPECT_EQ(bot.blocked_by_rate + bot.let_through, bot.sent);
  EXPECT_NEAR(ran.periods.metric(5, MetricId::waf_blocked_requests), 3600, 5 * 60);
  EXPECT_TRUE(std::isnan(ran.periods.metric(1, MetricId::waf_blocked_requests)));
  EXPECT_EQ(ran.periods.outcomes(Outcome::blocked), 0U);
}

TEST(Bots, AShareIsRecognisedByTheManagedRules) {
  SmallShop shop = shop_with_bots(1'000);
  shop.scenario.bots[0].recognised = {0.25};
  Ran ran;
  run(shop.plan(), ran);
  const BotSummary& bot = ran.summary.bots[0];
  const auto sent = static_cast<double>(bot.sent);
  EXPECT_NEAR(static_cast<double>(bot.recognised), sent / 4, 5 * std::sqrt(sent * 3 / 16));
  EXPECT_EQ(bot.recognised + bot.let_through, bot.sent);
}

TEST(Bots, TheRateRuleHitsCustomersBehindASharedAddress) {
  SmallShop shop;
  shop.scenario.clients.shared_addresses.share = {0.5};
  shop.scenario.clients.shared_addresses.addresses = 2;
  shop.platform.waf.rate_limit_per_address = 600;
  shop.platform.waf.rate_window = 60_s;
  Ran ran;
  run(shop.plan(), ran);
  // 5 pages and 40 images a second from each of the two addresses: 2700 a minute.
  EXPECT_GT(ran.periods.outcomes(Outcome::blocked, 2, 10), 500U);
  EXPECT_GT(ran.summary.orders_lost, 0U);
  shop.platform.waf.rate_limit_per_address = 10'000;
  Ran generous;
  run(shop.plan(), generous);
  EXPECT_EQ(generous.periods.outcomes(Outcome::blocked), 0U);
}

TEST(Bots, ALimitBelowWhatOneCustomerAsksForBlocksCustomers) {
  SmallShop shop = shop_with_bots(1);  // the bot only switches the counting on
  shop.platform.waf.rate_limit_per_address = 20;
  Ran ran;
  run(shop.plan(), ran);
  // Two pages and their 16 images in a minute are 18; a third is too much.
  EXPECT_GT(ran.periods.outcomes(Outcome::blocked), 1'000U);
}

TEST(Bots, AFloodEndsInErrorsForTheBotsToo) {
  SmallShop shop = shop_with_bots(10'000);
  shop.scenario.bots[0].requests = {2'000};  // many times what two servers can do
  shop.platform.web.scaling.maximum = 2;
  Ran ran;
  run(shop.plan(), ran);
  const BotSummary& bot = ran.summary.bots[0];
  EXPECT_GT(bot.failed, bot.let_through / 4);
  EXPECT_EQ(bot.answered + bot.failed, bot.let_through);
}

}  // namespace
}  // namespace shopsim::models
