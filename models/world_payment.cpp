// Question: what does a payment provider outside do to the shop? The page that pays keeps a worker
// while it waits for the provider; a slow or silent provider so takes the workers of all pages. A
// timeout, a limit of calls at once and a circuit breaker bound that. It is called before the
// statements: no database connection is held meanwhile. Chances are keyed per call.
#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;

template <class Calendar>
void BasicWorld<Calendar>::call_payment(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  WebServer& server = servers_[attempt.server];
  const PaymentConfig& payment = plan_->platform.payment;
  const bool is_full =
      payment.calls_at_once > 0 && server.payment_calls >= payment.calls_at_once;
  if (is_full || !server.payment_breaker.allows(now_, payment.circuit_breaker)) {
    fail_at_server(attempt_slot, is_full ? Outcome::payment_failed : Outcome::circuit_open);
    return;
  }
  ++server.payment_calls;
  attempt.stage = Stage::paying;
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const auto sub = static_cast<std::uint16_t>((attempt.send << 8) | attempt.call_tries);
  double answer = troubles_.payment_slowdown *
                  sim::sample(payment.latency, draws, static_cast<std::uint8_t>(Draw::payment),
                              attempt.page_number, sub);
  if (!nat_links_.empty()) [[unlikely]] {
    answer += send_through_nat(server, {0});  // its bytes went with the page's
  }
  const double failures = 1 - (1 - payment.failures.value) * (1 - troubles_.payment_failures);
  const bool is_error = draws.uniform(static_cast<std::uint8_t>(Draw::payment_failure),
                                      attempt.page_number, sub) < failures;
  const double patience = payment.timeout.seconds();
  bool no_answer = troubles_.payment_silent || answer > patience;
  if (!nat_ports_.empty()) [[unlikely]] {
    const Duration open = sim::seconds_to_duration(no_answer ? patience : answer);
    no_answer = !take_nat_port(server, open) || no_answer;
  }
  attempt.payment_failed = no_answer || is_error;
  ++attempt.call_tries;
  // A provider that is gone and not silent refuses at once.
  const bool refuses = troubles_.payment_failures >= 1 && !troubles_.payment_silent;
  const Duration lasts =
      refuses ? Duration{1'000'000} : sim::seconds_to_duration(no_answer ? patience : answer);
  schedule(now_ + lasts, EventKind::payment_reply, attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_payment_reply(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  WebServer& server = servers_[attempt.server];
  const PaymentConfig& payment = plan_->platform.payment;
  --server.payment_calls;
  server.payment_breaker.record(now_, attempt.payment_failed, payment.circuit_breaker);
  if (attempt.payment_failed && attempt.call_tries < payment.attempts) {
    schedule(now_ + payment.backoff, EventKind::payment_call, attempt_slot);
    return;
  }
  recorder_.visit(plan_->pages[attempt.page].request_class, Tier::payment, Duration{0},
                  now_ - attempt.stage_start);
  attempt.stage_start = now_;
  if (attempt.payment_failed) {
    fail_at_server(attempt_slot, Outcome::payment_failed);
  } else if (is_past_deadline(attempt)) {
    fail_at_server(attempt_slot, Outcome::deadline_passed);
  } else {
    ask_stores(attempt_slot);
  }
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
