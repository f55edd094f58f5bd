// Question: what do customers do? They arrive, walk the page graph, wait, retry, lose patience, buy
// or leave. Every draw is keyed by (customer, purpose, page number), so two platforms see the same
// customers with the same wishes, and the orders a leaving customer would have placed are known
// exactly: the walk is continued on paper.
// Left out: customers who come back later, and carts kept over visits.
#include <algorithm>

#include "models/world.hpp"
#include "sim/math.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::on_arrival() {
  const std::uint64_t number = customers_++;
  arrivals_.advance();
  sources_.set(kFromArrivals, arrivals_.next());

  const std::uint32_t slot = sessions_.acquire();
  Session& session = sessions_[slot];
  session = {};
  session.base = sim::entity_base(customers_key_, number);
  const sim::KeyedDraws draws = draws_of(session.base);
  const double share = draws.uniform(draw(Draw::edge), 0);
  while (session.edge + 1U < plan_->edges.size() &&
         plan_->edges[session.edge].cumulative_share <= share) {
    ++session.edge;
  }
  const double round_trip = sim::sample(plan_->edges[session.edge].viewer_round_trip, draws,
                                        draw(Draw::viewer_round_trip), 0);
  session.round_trip_us = static_cast<std::uint32_t>(round_trip * 1e6);
  session.patience_seconds = static_cast<float>(
      sim::sample(plan_->scenario.clients.patience, draws, draw(Draw::patience), 0));
  session.page = plan_->entry_page;
  if (plan_->arrivals.arrivals_are_pages) {
    session.single_page = true;
    const double u = draws.uniform(draw(Draw::single_page), 0);
    session.page = static_cast<std::uint8_t>(plan_->stationary.outcome(u));
  }
  recorder_.total([](PeriodRecord& totals) {
    ++totals.arrivals;
    ++totals.sessions_started;
  });
  ++summary_.conservation.sessions;
  on_page_start(slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_page_start(std::uint32_t session_slot) {
  Session& session = sessions_[session_slot];
  session.page_start = now_;
  session.page_is_open = true;
  session.retries = 0;
  session.sends = 0;
  recorder_.begun(plan_->pages[session.page].request_class);
  ++summary_.conservation.requests;
  ++summary_.dynamic_requests;
  retry_tokens_ = std::min(retry_tokens_ + plan_->scenario.clients.retries.budget.value, 1000.0);
  begin_wait(session, session_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_retry_start(std::uint32_t session_slot) {
  begin_wait(sessions_[session_slot], session_slot);
}

/// The client sends a request and starts its timer.
template <class Calendar>
void BasicWorld<Calendar>::begin_wait(Session& session, std::uint32_t session_slot) {
  session.wait = ++last_wait_;
  if (session.wait == 0) session.wait = ++last_wait_;  // 0 means "waits for nothing"
  session.wait_start = now_;
  const bool first = client_timeouts_.empty();
  client_timeouts_.arm(now_, session_slot, session.wait);
  if (first) sources_.set(kFromClientTimeouts, client_timeouts_.next_deadline());
  start_attempt(session, session_slot);
  if (hedges_ && !plan_->pages[session.page].is_post) [[unlikely]] {
    schedule(now_ + plan_->scenario.clients.hedge_after, EventKind::hedge_due, session_slot);
  }
}

/// Sends one attempt: viewer to edge, edge to origin, firewall and balancer folded into one delay.
template <class Calendar>
void BasicWorld<Calendar>::start_attempt(Session& session, std::uint32_t session_slot) {
  const std::uint32_t slot = attempts_.acquire();
  session.attempt = slot;
  Attempt& attempt = attempts_[slot];
  attempt = {};
  attempt.base = session.base;
  attempt.session = session_slot;
  attempt.page_number = session.page_number;
  attempt.page = session.page;
  attempt.send = session.sends++;
  attempt.edge = session.edge;

  const auto& platform = plan_->platform;
  const sim::KeyedDraws draws = draws_of(session.base);
  const auto sub = static_cast<std::uint16_t>(attempt.send << 8);
  double seconds = sim::sample(platform.balancer.latency, draws, draw(Draw::balancer),
                               session.page_number, sub);
  if (platform.waf.enabled) {
    seconds +=
        sim::sample(platform.waf.latency, draws, draw(Draw::waf), session.page_number, sub);
    ++minute_.waf_requests;
  }
  const std::int64_t origin = plan_->edges[session.edge].origin_round_trip.nanoseconds;
  const std::int64_t viewer = static_cast<std::int64_t>(session.round_trip_us) * 1000;
  // A first page pays for the TCP and TLS 1.3 handshakes with the edge: two round trips.
  const std::int64_t handshake =
      session.page_number == 0 && attempt.send == 0 ? 2 * viewer : 0;
  const std::int64_t one_way = (viewer + origin) / 2;
  attempt.return_us = static_cast<std::uint32_t>(one_way / 1000);
  Duration delay{one_way + handshake + static_cast<std::int64_t>(seconds * 1e9)};
  if (troubles_.viewer_packet_loss > 0) [[unlikely]] delay += resend_to_edge(attempt, session);

  const std::uint8_t request_class = plan_->pages[attempt.page].request_class;
  recorder_.attempt(request_class);
  recorder_.visit(request_class, Tier::edge, Duration{0}, delay);
  ++summary_.conservation.attempts;
  if (platform.cdn.enabled) ++minute_.cdn_requests;
  if (plan_->tells_edge_regions) [[unlikely]] bill_edge_region(session.edge, {.requests = 1});
  EventKind next = EventKind::at_balancer;
  if (counts_addresses_ && is_turned_away(session, session_slot)) [[unlikely]] {
    next = EventKind::turned_away;
    delay = Duration{viewer};
    ++minute_.waf_blocked;
  }
  schedule(now_ + delay, next, slot);
  if (origin_timer_needed_) {
    origin_timeouts_.arm(now_, slot, attempts_.generation(slot));
    sources_.set(kFromOriginTimeouts, origin_timeouts_.next_deadline());
  }
}

template <class Calendar>
void BasicWorld<Calendar>::on_client_timeout() {
  const auto alive = [this](const sim::TimerRing::Entry& entry) {
    return sessions_[entry.entity].wait == entry.generation;
  };
  const sim::TimerRing::Entry entry = client_timeouts_.pop();
  if (alive(entry)) {
    Session& session = sessions_[entry.entity];
    recorder_.outcome(plan_->pages[session.page].request_class, Outcome::client_timeout);
    ++minute_.cdn_4xx;
    ++minute_.cdn_answers;
    // The platform goes on working for nobody.
    forget_attempts(session);
    attempt_failed(session, entry.entity, now_);
  }
  client_timeouts_.drop_cancelled(alive);
  sources_.set(kFromClientTimeouts, client_timeouts_.next_deadline());
}

/// An error answer travels back to a client that still waits; the attempt itself ends elsewhere.
template <class Calendar>
void BasicWorld<Calendar>::deliver_failure(Attempt& attempt, Outcome outcome) {
  const std::uint8_t request_class = plan_->pages[attempt.page].request_class;
  if (attempt.session == kNobody) {
    if (attempt.bot != 0) {
      answer_bot(attempt, outcome);
    } else {
      recorder_.late(request_class);
    }
    return;
  }
  recorder_.outcome(request_class, outcome);
  ++minute_.cdn_answers;
  ++(outcome == Outcome::blocked ? minute_.cdn_4xx : minute_.cdn_5xx);
  const std::uint32_t session_slot = attempt.session;
  Session& session = sessions_[session_slot];
  if (session.hedge != kNobody) [[unlikely]] {  // the other one may still be answered
    forget_attempt(session, slot_of_attempt(attempt));
    attempt.session = kNobody;
    return;
  }
  attempt.session = kNobody;
  const Time at = now_ + Duration{static_cast<std::int64_t>(attempt.return_us) * 1000};
  attempt_failed(session, session_slot, at);
}

/// Retry with capped exponential backoff and full jitter, or give up and leave.
template <class Calendar>
void BasicWorld<Calendar>::attempt_failed(Session& session, std::uint32_t session_slot, Time at) {
  session.attempt = kNobody;
  session.wait = 0;
  const RetryConfig& policy = plan_->scenario.clients.retries;
  const double waited = (at - session.page_start).seconds();
  bool has_budget = policy.budget.value >= 1 || retry_tokens_ >= 1;
  if (breaks_retries_) [[unlikely]] {
    retry_breaker_.record(now_, /*failed=*/true, policy.circuit_breaker);
    has_budget = has_budget && retry_breaker_.allows(now_, policy.circuit_breaker);
  }
  if (session.retries < policy.attempts && waited < session.patience_seconds && has_budget) {
    if (policy.budget.value < 1) retry_tokens_ -= 1;
    double backoff = policy.base.seconds();
    for (std::uint8_t i = 0; i < session.retries; ++i) backoff *= 2;
    backoff = std::min(backoff, policy.cap.seconds());
    if (policy.jitter) {
      backoff *= draws_of(session.base)
                     .uniform(draw(Draw::backoff), session.page_number, session.retries);
    }
    ++session.retries;
    schedule(at + sim::seconds_to_duration(backoff), EventKind::retry_start, session_slot);
    return;
  }
  abandon_session(session, session_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::deliver_success(Attempt& attempt) {
  const PagePlan& page = plan_->pages[attempt.page];
  if (attempt.session == kNobody) {
    if (attempt.bot != 0) {
      answer_bot(attempt, Outcome::success);
    } else {
      recorder_.late(page.request_class);
    }
    return;
  }
  const std::uint32_t session_slot = attempt.session;
  Session& session = sessions_[session_slot];
  const Time answered = now_ + Duration{static_cast<std::int64_t>(attempt.return_us) * 1000};
  attempt.session = kNobody;
  if (session.hedge != kNobody) [[unlikely]] forget_attempts(session);
  session.attempt = kNobody;
  if (breaks_retries_) [[unlikely]] {
    retry_breaker_.record(now_, /*failed=*/false, plan_->scenario.clients.retries.circuit_breaker);
  }
  if (answered - session.wait_start > client_timeouts_.delay()) {
    recorder_.late(page.request_class);  // the timer fires while the answer is on its way back
    return;
  }
  session.wait = 0;
  recorder_.outcome(page.request_class, Outcome::success);
  ++minute_.cdn_answers;
  if (plan_->platform.cdn.enabled) {
    minute_.cdn_bytes += page.response_bytes;
    minute_.cdn_bytes_to_origin += page.is_post ? 2000 : 500;
    if (plan_->tells_edge_regions) [[unlikely]] {
      bill_edge_region(session.edge, {.bytes_to_viewers = page.response_bytes,
                                      .bytes_to_origin = page.is_post ? 2000.0 : 500.0});
    }
  }

  const Duration latency = answered - session.page_start;
  if (latency.seconds() > session.patience_seconds) {  // left before the answer came
    abandon_session(session, session_slot);
    return;
  }
  session.page_is_open = false;
  recorder_.succeeded(page.request_class, latency);
  ++summary_.conservation.succeeded;
  if (page.is_order) {
    const sim::Money value = order_value(session, session.page_number);
    ++summary_.orders_placed;
    ++minute_.orders;
    summary_.order_value_placed += value;
    recorder_.total([value](PeriodRecord& totals) {
      ++totals.orders_placed;
      totals.order_value_placed += value;
    });
  }
  const double u = draws_of(session.base).uniform(draw(Draw::image_count), session.page_number);
  const auto images = static_cast<std::uint32_t>(page.image_count.outcome(u));
  if (images > 0) {
    fetch_images(session, images);
    if (counts_addresses_) [[unlikely]] {
      rate_rule_.count(address_of(session, session_slot), images);
    }
  }
  continue_session(session, session_slot, answered);
}

template <class Calendar>
bool BasicWorld<Calendar>::stays(const Session& session) const {
  return !session.single_page &&
         draws_of(session.base).uniform(draw(Draw::leaves), session.page_number) <
             plan_->continue_probability;
}

template <class Calendar>
std::uint8_t BasicWorld<Calendar>::next_page(const Session& session) const {
  const double u = draws_of(session.base).uniform(draw(Draw::next_page), session.page_number);
  return static_cast<std::uint8_t>(plan_->transitions[session.page].outcome(u));
}

template <class Calendar>
void BasicWorld<Calendar>::continue_session(Session& session, std::uint32_t session_slot,
                                            Time answered) {
  if (!stays(session) || session.page_number == UINT16_MAX) {
    end_session(session_slot);
    return;
  }
  session.page = next_page(session);
  const ClientsConfig& clients = plan_->scenario.clients;
  const double think = std::min(
      sim::sample(clients.think, draws_of(session.base), draw(Draw::think), session.page_number),
      clients.think_maximum.seconds());
  ++session.page_number;
  schedule(answered + sim::seconds_to_duration(think), EventKind::page_start, session_slot);
}

template <class Calendar>
sim::Money BasicWorld<Calendar>::order_value(const Session& session,
                                             std::uint32_t page_number) const {
  return sim::dollars_to_money(sim::sample(plan_->scenario.clients.order_value,
                                           draws_of(session.base), draw(Draw::order_value),
                                           page_number));
}

/// Walks the rest of the visit on paper: every order page from here on is an order lost.
template <class Calendar>
void BasicWorld<Calendar>::count_lost_orders(const Session& session) {
  Session walk = session;
  std::uint64_t orders = 0;
  sim::Money value;
  for (;;) {
    if (plan_->pages[walk.page].is_order) {
      ++orders;
      value += order_value(walk, walk.page_number);
    }
    if (!stays(walk) || walk.page_number == UINT16_MAX) break;
    walk.page = next_page(walk);
    ++walk.page_number;
  }
  summary_.orders_lost += orders;
  summary_.order_value_lost += value;
  recorder_.total([orders, value](PeriodRecord& totals) {
    totals.orders_lost += orders;
    totals.order_value_lost += value;
    ++totals.sessions_abandoned;
  });
}

template <class Calendar>
void BasicWorld<Calendar>::abandon_session(Session& session, std::uint32_t session_slot) {
  recorder_.failed(plan_->pages[session.page].request_class);
  ++summary_.conservation.failed;
  count_lost_orders(session);
  end_session(session_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::end_session(std::uint32_t session_slot) {
  sessions_[session_slot].wait = 0;
  sessions_[session_slot].page_is_open = false;
  sessions_.release(session_slot);
  ++summary_.conservation.sessions_finished;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
