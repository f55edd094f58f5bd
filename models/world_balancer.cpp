// Question: which web server gets an attempt? The balancer node an edge location knows by DNS, and
// the target that node's algorithm picks, from its own view of all targets.
// Left out: sticky sessions, automatic target weights; the ALB's own scaling (facts 1.5: at most
// eight targets do not bind it). Numbers: facts 1, 8.
#include <algorithm>
#include <bit>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

}  // namespace

/// The zone of the balancer node that CloudFront connects to: one of those in the DNS answer the
/// edge location holds, refreshed after its time to live. kNobody: the lookup failed, and the next
/// request tries again.
template <class Calendar>
std::uint32_t BasicWorld<Calendar>::resolve_zone(std::uint32_t edge, std::uint64_t bits) {
  EdgeState& state = edges_[edge];
  if (now_ >= state.dns_until) {
    if (troubles_.name_failures > 0 && lookup_fails(bits)) [[unlikely]] return kNobody;
    state.dns_zones = 0;
    for (std::size_t z = 0; z < zones_.size(); ++z) {
      if (zones_[z].in_dns) state.dns_zones |= std::uint64_t{1} << z;
    }
    if (state.dns_zones == 0) state.dns_zones = (std::uint64_t{1} << zones_.size()) - 1;
    state.dns_until = now_ + plan_->platform.dns.time_to_live;
  }
  auto left = sim::multiply_high(bits, static_cast<std::uint64_t>(
                                           std::popcount(state.dns_zones)));
  std::uint64_t mask = state.dns_zones;
  while (left-- > 0) mask &= mask - 1;
  return static_cast<std::uint32_t>(std::countr_zero(mask));
}

/// Share of its full weight that a target gets during slow start: rises linearly from the moment it
/// is found healthy (S-ALB-TG).
template <class Calendar>
double BasicWorld<Calendar>::slow_start_weight(const WebServer& server) const {
  const Duration slow_start = plan_->platform.balancer.slow_start;
  if (slow_start.nanoseconds == 0) return 1;
  const double share = (now_ - server.slow_start_since).seconds() / slow_start.seconds();
  return std::clamp(share, 0.02, 1.0);
}

template <class Calendar>
std::optional<std::uint32_t> BasicWorld<Calendar>::pick_target(std::uint32_t zone,
                                                               const sim::KeyedDraws& draws,
                                                               const Attempt& attempt) {
  BalancerZone& node = zones_[zone];
  const std::size_t count = node.targets.size();
  if (count == 0) return std::nullopt;
  const auto sub = static_cast<std::uint16_t>(attempt.send << 8);
  switch (plan_->platform.balancer.algorithm) {
    case BalancingAlgorithm::round_robin: {
      for (std::size_t tried = 0; tried < count; ++tried) {
        const std::uint32_t slot = node.targets[node.turn++ % count];
        const double weight = slow_start_weight(servers_[slot]);
        const auto own = static_cast<std::uint16_t>(sub + tried);
        if (weight >= 1 ||
            draws.uniform(draw(Draw::target), attempt.page_number, own) < weight) {
          return slot;
        }
      }
      return node.targets[node.turn++ % count];
    }
    case BalancingAlgorithm::least_outstanding_requests: {
      // Ties go round: the scan starts at another target each time.
      const std::size_t first = node.turn++ % count;
      std::uint32_t best = node.targets[first];
      for (std::size_t i = 1; i < count; ++i) {
        const std::size_t at = first + i < count ? first + i : first + i - count;
        const std::uint32_t slot = node.targets[at];
        if (servers_[slot].outstanding[zone] < servers_[best].outstanding[zone]) best = slot;
      }
      return best;
    }
    case BalancingAlgorithm::weighted_random: {
      double total = 0;
      for (const std::uint32_t slot : node.targets) total += slow_start_weight(servers_[slot]);
      double u = total * draws.uniform(draw(Draw::target), attempt.page_number, sub);
      for (const std::uint32_t slot : node.targets) {
        u -= slow_start_weight(servers_[slot]);
        if (u <= 0) return slot;
      }
      return node.targets.back();
    }
  }
  return std::nullopt;
}

template <class Calendar>
void BasicWorld<Calendar>::on_at_balancer(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const auto sub = static_cast<std::uint16_t>((attempt.send << 8) | attempt.connects);
  const std::uint32_t zone =
      resolve_zone(attempt.edge, draws.bits(draw(Draw::zone), attempt.page_number, sub));
  ++attempt.connects;
  if (zone == kNobody) [[unlikely]] {  // CloudFront answers 502
    deliver_failure(attempt, Outcome::name_not_found);
    release_attempt(attempt_slot);
    return;
  }
  if (!zones_[zone].alive) {
    // The node is gone but still in the cached DNS answer: the connection attempt times out.
    schedule(now_ + plan_->platform.cdn.connection_timeout, EventKind::connect_failed,
             attempt_slot);
    return;
  }
  attempt.zone = static_cast<std::uint8_t>(zone);
  attempt.balancer_time = now_;
  ++minute_.balancer_requests;
  const auto target = pick_target(zone, draws, attempt);
  if (!target) {
    ++minute_.elb_503;
    deliver_failure(attempt, Outcome::no_target);
    release_attempt(attempt_slot);
    return;
  }
  const WebServer& server = servers_[*target];
  if (server.zone != attempt.zone) {
    const double round_trip =
        sim::sample(plan_->platform.network.round_trip_between_zones, draws,
                    draw(Draw::cross_zone), attempt.page_number, sub);
    attempt.return_us += static_cast<std::uint32_t>(round_trip * 1e6);
    if (troubles_.zone_packet_loss > 0) [[unlikely]] {
      const double bytes = plan_->pages[attempt.page].response_bytes;
      const double resent = resend_between_zones(attempt, 1, bytes, 0);
      attempt.return_us += static_cast<std::uint32_t>(resent * 1e6);
    }
    minute_.cross_zone_bytes += plan_->pages[attempt.page].response_bytes;
  } else {
    const double round_trip = sim::sample(plan_->platform.network.round_trip_within_zone, draws,
                                          draw(Draw::cross_zone), attempt.page_number, sub);
    attempt.return_us += static_cast<std::uint32_t>(round_trip * 1e6);
  }
  minute_.balancer_bytes += plan_->pages[attempt.page].response_bytes;
  enter_server(attempt_slot, *target);
}

template <class Calendar>
void BasicWorld<Calendar>::on_connect_failed(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.server != kNoServer) {  // the balancer could not reach its target
    --servers_[attempt.server].outstanding[attempt.zone];
    ++minute_.target_connection_errors;
    ++minute_.elb_504;
    deliver_failure(attempt, Outcome::connect_timeout);
    release_attempt(attempt_slot);
    return;
  }
  if (attempt.session != kNobody &&
      attempt.connects < plan_->platform.cdn.connection_attempts) {
    on_at_balancer(attempt_slot);
    return;
  }
  deliver_failure(attempt, Outcome::connect_timeout);
  release_attempt(attempt_slot);
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
