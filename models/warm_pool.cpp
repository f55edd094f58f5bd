#include "models/warm_pool.hpp"

#include <algorithm>

namespace shopsim::models {
namespace {

/// Purposes of the draws of one instance; 0 are its launch times.
enum class Draw : std::uint8_t { hook = 1, warm_start, resume };

sim::Duration draw(const sim::Distribution& law, const sim::KeyedDraws& draws, Draw purpose,
                   std::uint16_t number = 0) {
  const double seconds = sim::sample(law, draws, static_cast<std::uint8_t>(purpose), number);
  return sim::seconds_to_duration(std::max(0.0, seconds));
}

}  // namespace

void WarmPoolConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "enabled", .meaning = "whether prepared instances stand by",
                  .tunable = true, .influences = "speed of scale-out against cost"}, enabled);
  field(visitor, {.key = "state", .meaning = "how they wait", .source = "S-ASG-POOL",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "speed of scale-out against cost"}, state);
  field(visitor, {.key = "minimum", .meaning = "fewest instances in the pool", .least = 0,
                  .most = 16, .source = "S-ASG-POOL", .confidence = Confidence::documented,
                  .tunable = true}, minimum);
  field(visitor, {.key = "maximum_prepared",
                  .meaning = "most instances in group and pool; none: the group's maximum",
                  .least = 0, .most = 16, .source = "S-ASG-POOL",
                  .confidence = Confidence::documented, .tunable = true}, maximum_prepared);
  field(visitor, {.key = "reuse_on_scale_in",
                  .meaning = "whether scale-in puts instances back into the pool",
                  .source = "S-ASG-POOL", .confidence = Confidence::documented},
        reuse_on_scale_in);
  field(visitor, {.key = "start_stopped", .meaning = "start of a stopped instance until it runs",
                  .least = 0, .most = 3600, .source = "S-BREV",
                  .confidence = Confidence::measured}, start_stopped);
  field(visitor, {.key = "start_hibernated",
                  .meaning = "start of a hibernated instance until it runs", .least = 0,
                  .most = 3600, .source = "S-BREV", .confidence = Confidence::measured},
        start_hibernated);
  field(visitor, {.key = "start_running", .meaning = "taking a running instance from the pool",
                  .least = 0, .most = 3600, .source = "S-BREV",
                  .confidence = Confidence::measured}, start_running);
  field(visitor, {.key = "resume", .meaning = "a hibernated application until it answers again",
                  .least = 0, .most = 3600}, resume);
}

std::int64_t WarmPoolConfig::size_beside(std::int64_t desired, std::int64_t maximum) const {
  if (!enabled) return 0;
  return std::max(minimum, maximum_prepared.value_or(maximum) - desired);
}

void LifecycleHookConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "name", .meaning = "name of the hook, unique in the group",
                  .required = true}, name);
  field(visitor, {.key = "transition", .meaning = "where instances wait",
                  .source = "S-ASG-HOOK", .confidence = Confidence::documented}, transition);
  field(visitor, {.key = "heartbeat_timeout", .meaning = "longest wait", .least = 30,
                  .most = 7200, .source = "S-ASG-HOOK", .confidence = Confidence::documented},
        heartbeat_timeout);
  field(visitor, {.key = "default_result", .meaning = "what happens when the wait is over",
                  .source = "S-ASG-HOOK", .confidence = Confidence::documented}, default_result);
  field(visitor, {.key = "work", .meaning = "how long what the hook waits for takes",
                  .least = 0, .most = 172'800, .tunable = true,
                  .influences = "time from a scaling decision to useful capacity"}, work);
}

HookWait draw_hook_wait(std::span<const LifecycleHookConfig> hooks, HookTransition transition,
                        const sim::KeyedDraws& draws) {
  HookWait waits;
  for (std::uint16_t i = 0; i < hooks.size(); ++i) {
    const LifecycleHookConfig& hook = hooks[i];
    if (hook.transition != transition) continue;
    const sim::Duration work = draw(hook.work, draws, Draw::hook, i);
    waits.wait += std::min(work, hook.heartbeat_timeout);
    if (work <= hook.heartbeat_timeout || hook.default_result == HookResult::go_on) continue;
    waits.is_abandoned = true;
    waits.hook = hook.name;
    return waits;
  }
  return waits;
}

WarmStart draw_warm_start(const WarmPoolConfig& pool, sim::Duration boot,
                          const sim::KeyedDraws& draws) {
  WarmStart start;
  switch (pool.state) {
    case PoolState::stopped:
      start.until_running = draw(pool.start_stopped, draws, Draw::warm_start);
      start.until_ready = start.until_running + boot;
      break;
    case PoolState::hibernated:
      start.until_running = draw(pool.start_hibernated, draws, Draw::warm_start);
      start.until_ready = start.until_running + draw(pool.resume, draws, Draw::resume);
      break;
    case PoolState::running:
      start.until_running = draw(pool.start_running, draws, Draw::warm_start);
      start.until_ready = start.until_running;
      break;
  }
  return start;
}

}  // namespace shopsim::models
