// Question: what do quotas on requests do to a page? S3 refuses what is beyond its rate for a
// prefix (503 Slow Down) and what KMS would not decrypt; the web server asks again like an AWS SDK,
// holding its worker, and answers 503 when that has not helped. A new database connection may read
// its secret first. A call of the payment provider needs a port of the NAT gateway; without one it
// gets no answer.
// Left out: images that S3 refuses count as failed, but the edge keeps the copy it did not get;
// S3's splitting of prefixes; retries of CloudFront, which has none for 503.
#include <algorithm>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

/// Payment is through: the page's objects, if it has any that may be refused, then its data.
template <class Calendar>
void BasicWorld<Calendar>::ask_stores(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  const PagePlan& page = plan_->pages[attempt.page];
  if (!page.asks_stores) {
    read_data(attempt_slot);
    return;
  }
  const bool is_first = attempt.stage != Stage::awaiting_store;
  if (is_first) attempt.call_tries = 0;
  const Admission answer = store_limits_.ask(now_, {page.object_reads, page.object_writes});
  if (answer == Admission::admitted) {
    if (!is_first) {
      recorder_.visit(page.request_class, Tier::storage, now_ - attempt.stage_start, Duration{0});
      attempt.stage_start = now_;
    }
    read_data(attempt_slot);
    return;
  }
  count_refusal(answer);
  const SdkRetryConfig& retries = plan_->platform.object_storage.retries;
  if (++attempt.call_tries >= retries.attempts) {
    fail_at_server(attempt_slot, Outcome::throttled);
    return;
  }
  double longest = retries.base.seconds();
  for (std::uint8_t i = 1; i < attempt.call_tries; ++i) longest *= 2;
  const auto sub = static_cast<std::uint16_t>((attempt.send << 8) | attempt.call_tries);
  const double backoff = std::min(longest, retries.cap.seconds()) *
                         draws_of(attempt.base)
                             .uniform(static_cast<std::uint8_t>(Draw::store_backoff),
                                      attempt.page_number, sub);
  attempt.stage = Stage::awaiting_store;
  schedule(now_ + sim::seconds_to_duration(backoff), EventKind::attempt_resumes, attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_attempt_resumes(std::uint32_t attempt_slot) {
  const Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
  } else if (is_past_deadline(attempt)) {
    fail_at_server(attempt_slot, Outcome::deadline_passed);
  } else if (attempt.stage == Stage::awaiting_fill) {
    look_for_fills(attempt_slot);
  } else {
    ask_stores(attempt_slot);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::count_refusal(Admission refusal) {
  ++minute_.bucket_errors;
  ++(refusal == Admission::slow_down ? summary_.stores.bucket_slow_downs
                                     : summary_.stores.key_throttles);
}

/// Of so many GETs of the edges, one after the other, those that are refused.
template <class Calendar>
std::uint32_t BasicWorld<Calendar>::refused_images(std::uint32_t requests) {
  if (!store_limits_.limits_objects()) return 0;
  std::uint32_t refused = 0;
  for (std::uint32_t i = 0; i < requests; ++i) {
    const Admission answer = store_limits_.ask(now_, {.reads = 1});
    if (answer == Admission::admitted) continue;
    count_refusal(answer);
    ++refused;
  }
  return refused;
}

/// A new connection reads its secret, which is a Decrypt of KMS as well. Seconds until it has it.
template <class Calendar>
double BasicWorld<Calendar>::read_secret(const Attempt& attempt) {
  ++minute_.secret_reads;
  const Time admitted = store_limits_.admit_secret(now_);
  if (admitted > now_) ++summary_.stores.secret_throttles;
  return (admitted - now_).seconds() +
         sim::sample(plan_->platform.secrets.latency, draws_of(attempt.base),
                     static_cast<std::uint8_t>(Draw::secret), attempt.page_number,
                     static_cast<std::uint16_t>(attempt.send << 8));
}

/// Bytes through the gateway in the server's zone; seconds until they and all before are through.
template <class Calendar>
double BasicWorld<Calendar>::send_through_nat(const WebServer& server, sim::Bytes bytes) {
  const std::size_t gateway = std::min<std::size_t>(server.zone, nat_links_.size() - 1);
  return nat_links_[gateway].send(now_, static_cast<double>(bytes.count));
}

/// A port of the gateway in the server's zone for a call of that length.
template <class Calendar>
bool BasicWorld<Calendar>::take_nat_port(const WebServer& server, Duration open) {
  const std::size_t gateway = std::min<std::size_t>(server.zone, nat_ports_.size() - 1);
  const Time until = now_ + open + plan_->platform.network.nat.port_held_for;
  if (nat_ports_[gateway].take(now_, until)) return true;
  ++minute_.nat_port_errors;
  ++summary_.stores.nat_port_errors;
  return false;
}

/// What CloudWatch shows of the limits that are on.
template <class Calendar>
void BasicWorld<Calendar>::measure_limits(std::vector<double>& metrics) {
  const auto set = [&metrics](MetricId id, double value) {
    metrics[static_cast<std::size_t>(id)] = value;
  };
  const double objects = static_cast<double>(minute_.bucket_reads + minute_.bucket_writes);
  const auto errors = static_cast<double>(minute_.bucket_errors);
  if (store_limits_.limits_objects() && objects + errors > 0) {
    set(MetricId::s3_5xx_errors, errors / (objects + errors));
  }
  if (files_.is_limited()) {
    set(MetricId::efs_permitted_throughput, files_.permitted(now_));
    const auto mode = plan_->platform.shared_files.throughput_mode;
    if (mode == SharedFilesThroughput::bursting) {
      set(MetricId::efs_burst_credit_balance, files_.credits(now_));
    }
  }
  if (nat_ports_.empty()) return;
  std::size_t open = 0;
  for (NatPorts& ports : nat_ports_) open += ports.open(now_);
  set(MetricId::nat_active_connections, static_cast<double>(open));
  set(MetricId::nat_error_port_allocation, static_cast<double>(minute_.nat_port_errors));
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
