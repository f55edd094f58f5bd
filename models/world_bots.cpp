// Question: what do bots do to the shop, and the rule against them to customers? Bots send requests
// without sessions; WAF counts requests per address (pages and images), estimates every 10 s and
// blocks a little later (waf_rate_rule.hpp). Customers have an address of their own, or share one
// with many others: those are hit when the rule cannot tell them from a bot.
// Left out: bots that change their behaviour when blocked, challenges and captchas.
#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

/// Added to the next estimate's waiting time of 0 to 10 s: at most 30 s in all (S-WAF-RBC).
constexpr double kMostActionLag = 20;

}  // namespace

/// Addresses: those of the bots one after the other, then the shared ones, then one per customer.
template <class Calendar>
void BasicWorld<Calendar>::start_bots() {
  const Scenario& scenario = plan_->scenario;
  std::uint32_t address = 0;
  for (std::uint32_t i = 0; i < plan_->bots.size(); ++i) {
    bots_.push_back({.first_address = address});
    address += static_cast<std::uint32_t>(scenario.bots[i].addresses);
    summary_.bots.push_back({.name = scenario.bots[i].name});
    schedule(plan_->bots[i].begin, EventKind::bot_request, i);
  }
  first_shared_address_ = address;
  first_own_address_ =
      address + static_cast<std::uint32_t>(scenario.clients.shared_addresses.addresses);
  const bool some_share = scenario.clients.shared_addresses.share.value > 0;
  counts_addresses_ = plan_->platform.waf.enabled && (!bots_.empty() || some_share);
  if (!counts_addresses_) return;
  rate_rule_ = WafRateRule(plan_->platform.waf.rate_limit_per_address,
                           plan_->platform.waf.rate_window);
  schedule(now_ + kRateEstimateEvery, EventKind::rate_estimate, 0);
}

template <class Calendar>
void BasicWorld<Calendar>::on_rate_estimate() {
  schedule(now_ + kRateEstimateEvery, EventKind::rate_estimate, 0);
  rate_rule_.estimate();
  const double lag = kMostActionLag * bot_draws_.uniform();
  schedule(now_ + sim::seconds_to_duration(lag), EventKind::rate_action, 0);
}

template <class Calendar>
std::uint32_t BasicWorld<Calendar>::address_of(const Session& session,
                                               std::uint32_t session_slot) const {
  const SharedAddressConfig& shared = plan_->scenario.clients.shared_addresses;
  const sim::KeyedDraws draws = draws_of(session.base);
  if (draws.uniform(draw(Draw::address), 0) >= shared.share.value) {
    return first_own_address_ + session_slot;
  }
  const std::uint64_t bits = draws.bits(draw(Draw::address), 1);
  return first_shared_address_ +
         static_cast<std::uint32_t>(
             sim::multiply_high(bits, static_cast<std::uint64_t>(shared.addresses)));
}

/// Counts a customer's request; whether the rule turns it away.
template <class Calendar>
bool BasicWorld<Calendar>::is_turned_away(const Session& session, std::uint32_t session_slot) {
  const std::uint32_t address = address_of(session, session_slot);
  if (session.page_number == 0 && session.sends == 1 && address >= first_own_address_) {
    rate_rule_.forget(address);  // the record of a customer who is gone
  }
  rate_rule_.count(address);
  return rate_rule_.blocks(address);
}

/// WAF's 429 travels back to the customer from the edge.
template <class Calendar>
void BasicWorld<Calendar>::on_turned_away(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  attempt.return_us = 0;
  deliver_failure(attempt, Outcome::blocked);
  release_attempt(attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_bot_request(std::uint32_t index) {
  const BotPlan& bot = plan_->bots[index];
  if (now_ >= bot.end) return;
  schedule(now_ + sim::seconds_to_duration(bot_draws_.exponential() / bot.per_second),
           EventKind::bot_request, index);
  BotSummary& books = summary_.bots[index];
  const bool records = now_ >= plan_->recording_from;
  if (records) ++books.sent;
  if (plan_->platform.cdn.enabled) ++minute_.cdn_requests;
  const WafConfig& waf = plan_->platform.waf;
  if (waf.enabled) ++minute_.waf_requests;
  const auto offset = static_cast<std::uint32_t>(
      sim::multiply_high(bot_draws_.next(), static_cast<std::uint64_t>(bot.addresses)));
  const std::uint32_t address = bots_[index].first_address + offset;
  bool blocked = false;
  if (counts_addresses_) {
    rate_rule_.count(address);
    blocked = rate_rule_.blocks(address);
  }
  const bool recognised = bot.recognised > 0 && bot_draws_.uniform() < bot.recognised;
  if (blocked || recognised) {
    ++minute_.waf_blocked;
    ++minute_.cdn_4xx;
    ++minute_.cdn_answers;
    if (records) ++(blocked ? books.blocked_by_rate : books.recognised);
    if (blocked && !books.first_blocked) books.first_blocked = now_;
    return;
  }
  if (records) ++books.let_through;
  send_bot_attempt(index);
}

/// The same way as a customer's attempt, but nobody waits for it.
template <class Calendar>
void BasicWorld<Calendar>::send_bot_attempt(std::uint32_t index) {
  const std::uint32_t slot = attempts_.acquire();
  Attempt& attempt = attempts_[slot];
  attempt = {};
  attempt.base = sim::entity_base(bots_key_, bot_requests_++);
  attempt.bot = static_cast<std::uint8_t>(index + 1);
  attempt.page = plan_->bots[index].page;
  const double share = bot_draws_.uniform();
  while (attempt.edge + 1U < plan_->edges.size() &&
         plan_->edges[attempt.edge].cumulative_share <= share) {
    ++attempt.edge;
  }
  const auto& platform = plan_->platform;
  double seconds = sim::sample(platform.balancer.latency, bot_draws_);
  if (platform.waf.enabled) seconds += sim::sample(platform.waf.latency, bot_draws_);
  const Duration one_way = plan_->edges[attempt.edge].origin_round_trip / 2;
  attempt.return_us = static_cast<std::uint32_t>(one_way.nanoseconds / 1000);
  ++summary_.conservation.attempts;
  schedule(now_ + one_way + sim::seconds_to_duration(seconds), EventKind::at_balancer, slot);
}

/// An answer for a bot, good or bad.
template <class Calendar>
void BasicWorld<Calendar>::answer_bot(const Attempt& attempt, Outcome outcome) {
  BotSummary& books = summary_.bots[attempt.bot - 1U];
  const PagePlan& page = plan_->pages[attempt.page];
  const bool good = outcome == Outcome::success;
  if (good && plan_->platform.cdn.enabled) {
    minute_.cdn_bytes += page.response_bytes;
    minute_.cdn_bytes_to_origin += page.is_post ? 2000 : 500;
  }
  ++minute_.cdn_answers;
  if (!good) ++minute_.cdn_5xx;
  if (now_ < plan_->recording_from) return;
  ++(good ? books.answered : books.failed);
  if (good) books.bytes += page.response_bytes;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
