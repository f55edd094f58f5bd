// Question: how fast is each web server right now, and when does its application start again? Equal
// machines differ, neighbours disturb them, new servers are cold, a fault or a version slows them
// down, memory runs out. Nothing here is done per request: a server's pace changes at events of its
// own, and its requests are counted once a minute.
#include <algorithm>
#include <cmath>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

/// A cold server gets warm in so many steps.
constexpr std::int64_t kWarmingSteps = 20;

}  // namespace

/// Draws that belong to one instance, in every configuration the same.
template <class Calendar>
sim::Stream BasicWorld<Calendar>::stream_of(const WebServer& server,
                                            std::string_view purpose) const {
  return sim::Stream(
      sim::stream_key(summary_.seed, summary_.replication, purpose, server.instance));
}

/// A server is launched: its machine, its version, and that it is cold.
template <class Calendar>
void BasicWorld<Calendar>::begin_life(std::uint32_t slot, std::uint32_t version) {
  WebServer& server = servers_[slot];
  const InstancesConfig& config = plan_->platform.web.instances;
  server.version = version;
  server.pace.version = 1 / versions_[version].cpu_factor;
  server.has_errors = versions_[version].errors > 0;
  note_special(server);
  if (config.speed_spread > 0) {
    sim::Stream own = stream_of(server, "instance speed");
    server.pace.own = sim::sample({sim::Law::lognormal, 1, config.speed_spread}, own);
  }
  if (config.cold_start.slowdown > 1) {
    server.pace.warmth = 1 / config.cold_start.slowdown;
    if (server.ready_at != sim::kNever) {
      schedule(server.ready_at + config.cold_start.duration / kWarmingSteps, EventKind::warmer,
               check_entity(slot, 0, server.registration));
    }
  }
  if (config.neighbours.every > Duration{}) {
    sim::Stream own = stream_of(server, "neighbours");
    const double wait =
        sim::sample({sim::Law::exponential, config.neighbours.every.seconds(), 0}, own);
    schedule(now_ + sim::seconds_to_duration(wait), EventKind::neighbour,
             check_entity(slot, 0, server.registration));
  }
  if (server.pace.now() != 1) apply_pace(slot);
}

template <class Calendar>
void BasicWorld<Calendar>::apply_pace(std::uint32_t slot) {
  WebServer& server = servers_[slot];
  // Without credits the CPU stays at the share of its speed that update_credits() gave it.
  const double share =
      plan_->server.burstable && !plan_->server.unlimited_credits
          ? std::min(1.0, plan_->server.baseline_share + server.credits / plan_->server.vcpus)
          : 1;
  server.cpu.set_capacity(now_, plan_->server.vcpus,
                          plan_->server.relative_speed * server.pace.now() * share);
  arm_server(slot);
}

/// The server an event was meant for, unless it is gone.
template <class Calendar>
WebServer* BasicWorld<Calendar>::server_of(std::uint32_t entity) {
  WebServer& server = servers_[entity & 31U];
  const bool is_same = check_entity(entity & 31U, 0, server.registration) == entity;
  const bool runs = server.state == ServerState::running || server.state == ServerState::draining;
  return is_same && runs ? &server : nullptr;
}

template <class Calendar>
void BasicWorld<Calendar>::on_warmer(std::uint32_t entity) {
  WebServer* server = server_of(entity);
  if (server == nullptr || server->pace.warmth >= 1) return;
  const ColdStartConfig& cold = plan_->platform.web.instances.cold_start;
  const double age = std::max(0.0, (now_ - server->ready_at).seconds() / cold.duration.seconds());
  const double lowest = 1 / cold.slowdown;
  server->pace.warmth = std::min(1.0, lowest + (1 - lowest) * age);
  apply_pace(entity & 31U);
  if (server->pace.warmth < 1) {
    schedule(now_ + cold.duration / kWarmingSteps, EventKind::warmer, entity);
  }
}

/// A neighbour comes or goes. The n-th visit to a machine is the same in every configuration.
template <class Calendar>
void BasicWorld<Calendar>::on_neighbour(std::uint32_t entity) {
  WebServer* server = server_of(entity);
  if (server == nullptr) return;
  const NeighboursConfig& config = plan_->platform.web.instances.neighbours;
  const bool comes = server->pace.disturbed == 1;
  server->pace.disturbed = comes ? 1 - config.slowdown.value : 1;
  ++server->pace.visits;
  sim::Stream own = stream_of(*server, "neighbours");
  double wait = 0;
  const double mean = comes ? config.lasts.seconds() : config.every.seconds();
  for (std::uint32_t i = 0; i <= server->pace.visits; ++i) {
    wait = sim::sample({sim::Law::exponential, mean, 0}, own);
  }
  schedule(now_ + sim::seconds_to_duration(wait), EventKind::neighbour, entity);
  apply_pace(entity & 31U);
}

template <class Calendar>
bool BasicWorld<Calendar>::slow_server(std::string_view zone_name, double slowdown,
                                       Duration duration, FaultEnd end) {
  std::array<std::uint32_t, kMostZones> in_zone{};
  const auto can_be = [this](const WebServer& server) {
    return server.state == ServerState::running && now_ >= server.pace.slowed_until;
  };
  for (const WebServer& server : servers_) {
    if (can_be(server)) ++in_zone[server.zone];
  }
  const auto zone = static_cast<std::uint32_t>(
      zone_name.empty() ? std::max_element(in_zone.begin(), in_zone.end()) - in_zone.begin()
                        : zone_index(zone_name));
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    WebServer& server = servers_[slot];
    if (!can_be(server) || server.zone != zone) continue;
    server.pace.slowed = 1 / slowdown;
    server.pace.slowed_until = duration == Duration{} ? sim::kNever : now_ + duration;
    apply_pace(slot);
    std::string name = "i-" + std::to_string(server.instance);
    note_fault(end.name, end.kind, name + " is slow", "begins");
    end.detail = name + " is as fast as before";
    end.server = check_entity(slot, 0, server.registration);
    end_later(duration, std::move(end));
    return true;
  }
  return false;
}

template <class Calendar>
void BasicWorld<Calendar>::spend_credits() {
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    if (servers_[slot].state != ServerState::running) continue;
    servers_[slot].credits = 0;
    apply_pace(slot);
  }
}

/// Once a minute: what the requests since the start of the process have left behind.
template <class Calendar>
void BasicWorld<Calendar>::grow_memory(std::uint32_t slot) {
  const WebServer& server = servers_[slot];
  if (now_ < server.ready_at) return;
  const auto requests = static_cast<double>(server.cpu.joins() - server.joins_at_start);
  const auto each =
      static_cast<double>(plan_->platform.web.instances.memory.per_request.count);
  if (requests * each > plan_->server.memory_for_growth) restart_process(slot);
}

/// The system ends the application: what is in work ends in 502, and until it is up again
/// connections are refused. The machine runs on.
template <class Calendar>
void BasicWorld<Calendar>::restart_process(std::uint32_t slot) {
  WebServer& server = servers_[slot];
  const ServerState state = server.state;
  kill_server(slot, false);
  server.state = state;
  server.joins_at_start = server.cpu.joins();
  sim::Stream own = stream_of(server, "restart");
  double seconds = 0;
  for (std::uint32_t i = 0; i <= server.restarts; ++i) {
    seconds = sim::sample(plan_->platform.web.instances.memory.restart, own);
  }
  ++server.restarts;
  server.ready_at = now_ + sim::seconds_to_duration(seconds);
  note_fault("memory", "restart", "i-" + std::to_string(server.instance) + " is out of memory",
             "restarts");
}

/// Whether a page ends in 500 because of the server's version; the page's own draw.
template <class Calendar>
bool BasicWorld<Calendar>::answers_with_error(const Attempt& attempt,
                                              const WebServer& server) const {
  if (!server.has_errors) return false;
  return draws_of(attempt.base).uniform(static_cast<std::uint8_t>(Draw::application_error),
                                        attempt.page_number, attempt.send) <
         versions_[server.version].errors;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
