// The warm pool, lifecycle hooks and termination policies of an Auto Scaling group; source ids as
// in facts 2.3.
#include <gtest/gtest.h>

#include "models/auto_scaling.hpp"
#include "tests/models/auto_scaling_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::plain_config;
using test::World;

/// Constant times: a stopped instance runs after 21 s, a hibernated one after 20 s and answers 2 s
/// later, a running one after 3 s. plain_config: cold 20 s and 60 s, of which 37 s application.
AutoScalingConfig pool_config(PoolState state) {
  AutoScalingConfig config = plain_config();
  config.warm_pool.enabled = true;
  config.warm_pool.state = state;
  config.warm_pool.start_stopped = {{sim::Law::constant, 21, 0}};
  config.warm_pool.start_hibernated = {{sim::Law::constant, 20, 0}};
  config.warm_pool.start_running = {{sim::Law::constant, 3, 0}};
  config.warm_pool.resume = {{sim::Law::constant, 2, 0}};
  return config;
}

LaunchInstance last_launch(const World& world) {
  for (auto it = world.output.actions.rbegin(); it != world.output.actions.rend(); ++it) {
    if (const auto* launch = std::get_if<LaunchInstance>(&*it)) return *launch;
  }
  ADD_FAILURE() << "no launch";
  return {};
}

TEST(WarmPool, HoldsWhatIsMissingToThePreparedCapacity) {
  const struct {
    std::int64_t minimum;
    std::optional<std::int64_t> prepared;
    std::int64_t desired, maximum, expected;
    std::string_view source;
  } rows[] = {
      {0, {}, 6, 10, 4, "S-ASG-POOL: maximum 10, desired 6: 4"},
      {0, 8, 6, 10, 2, "S-ASG-POOL: 8 prepared, desired 6: 2"},
      {0, 5, 6, 10, 0, "S-ASG-POOL: less than desired and no minimum: 0"},
      {3, 5, 6, 10, 3, "S-ASG-POOL: the minimum"},
      {0, {}, 10, 10, 0, "at the maximum"},
  };
  for (const auto& row : rows) {
    WarmPoolConfig pool;
    pool.enabled = true;
    pool.minimum = row.minimum;
    pool.maximum_prepared = row.prepared;
    EXPECT_EQ(pool.size_beside(row.desired, row.maximum), row.expected) << row.source;
  }
  EXPECT_EQ(WarmPoolConfig{}.size_beside(2, 8), 0);
}

TEST(WarmPool, StartsByItsState) {
  const struct {
    PoolState state;
    sim::Duration running, ready;
    bool needs_host;
    std::int64_t runs, stopped;
  } rows[] = {  // S-BREV for the starts; a stopped instance boots its application again
      {PoolState::stopped, 21_s, 58_s, true, 0, 6},
      {PoolState::hibernated, 20_s, 22_s, true, 0, 6},
      {PoolState::running, 3_s, 3_s, false, 6, 0},
  };
  for (const auto& row : rows) {
    World world(pool_config(row.state));  // 2 of at most 8
    world.start();
    const PoolCounts before = world.group.pool_counts(world.now);
    EXPECT_EQ(before.running, row.runs);
    EXPECT_EQ(before.stopped, row.stopped);
    world.group.set_desired(world.now, 3, "test", world.output);
    const LaunchInstance launch = last_launch(world);
    EXPECT_EQ(launch.running_at, world.now + row.running);
    EXPECT_EQ(launch.ready_at, world.now + row.ready);
    EXPECT_EQ(launch.needs_host, row.needs_host);
    const PoolCounts after = world.group.pool_counts(world.now);
    EXPECT_EQ(after.running + after.stopped, 5);  // and nothing new is prepared
    EXPECT_EQ(world.count_activities("starting instance"), 1U);
  }
}

TEST(WarmPool, GivesAColdStartWhenItIsEmpty) {
  auto config = pool_config(PoolState::running);
  config.warm_pool.maximum_prepared = 3;
  World world(config);
  world.start();
  world.group.set_desired(world.now, 4, "test", world.output);  // S-ASG-POOL: depleted
  EXPECT_EQ(world.count_activities("starting instance"), 1U);
  EXPECT_EQ(world.count_activities("launching instance"), 1U);
}

TEST(WarmPool, RefillsAfterScaleInWithNewInstancesOrWithTheOldOnes) {
  for (const bool reuse : {false, true}) {
    auto config = pool_config(PoolState::stopped);
    config.warm_pool.reuse_on_scale_in = reuse;
    config.desired = 4;
    World world(config);
    world.start();
    world.group.set_desired(world.now, 3, "test", world.output);
    world.run_for(10_min);
    EXPECT_EQ(world.group.pool_counts(world.now).stopped, 5) << reuse;
    EXPECT_EQ(world.count_activities("preparing instance"), reuse ? 0U : 1U);  // S-ASG-POOL
  }
}

TEST(WarmPool, IsPreparedOnceTheZoneHasCapacityAgain) {
  World world(pool_config(PoolState::stopped));
  world.start();
  world.group.set_zone(world.now, 1, ZoneState::lost, world.output);
  const PoolCounts left = world.group.pool_counts(world.now);
  EXPECT_EQ(left.running + left.stopped, 6);  // three were lost, three are prepared in zone a
  EXPECT_EQ(left.running, 3);
}

TEST(WarmPool, KeepsAnInstanceThatCannotBeStarted) {
  auto config = pool_config(PoolState::stopped);
  World world(config);
  world.start();
  world.failing = {0, 1};
  world.group.set_desired(world.now, 3, "test", world.output);
  world.settle();
  EXPECT_EQ(world.zones(), (test::Counts{1, 1}));
  EXPECT_EQ(world.group.pool_counts(world.now).stopped, 6);
  world.failing.clear();
  world.run_for(5_min);  // asked again after 180 s (S-ASG-ICE)
  EXPECT_EQ(world.group.group_counts().in_service, 3);
}

LifecycleHookConfig hook(HookTransition transition, double seconds) {
  LifecycleHookConfig config;
  config.name = "prepare";
  config.transition = transition;
  config.heartbeat_timeout = 100_s;
  config.work = {{sim::Law::constant, seconds, 0}};
  return config;
}

TEST(LifecycleHooks, MakeLaunchesWait) {
  auto config = plain_config();
  config.lifecycle_hooks = {hook(HookTransition::launching, 90)};
  World world(config);
  world.start();
  world.group.set_desired(world.now, 3, "test", world.output);
  const LaunchInstance launch = last_launch(world);
  EXPECT_EQ(launch.running_at, world.now + 20_s + 90_s);  // S-ASG-HOOK: in service after it
  EXPECT_EQ(launch.ready_at, launch.running_at);          // the application booted meanwhile
  const auto* instance = world.group.find(launch.id);
  EXPECT_EQ(instance->warm_at, launch.running_at + 120_s);
  EXPECT_EQ(instance->grace_until, launch.running_at + 100_s);  // S-ASG-HOOK: grace starts then
}

TEST(LifecycleHooks, GiveUpOrGoOnWhenTheTimeIsOver) {
  for (const HookResult result : {HookResult::abandon, HookResult::go_on}) {
    auto config = plain_config();
    config.lifecycle_hooks = {hook(HookTransition::launching, 500)};
    config.lifecycle_hooks[0].default_result = result;
    World world(config);
    world.start();
    world.group.set_desired(world.now, 3, "test", world.output);
    world.run_to(sim::Time{} + 119_s);
    EXPECT_EQ(world.group.group_counts().in_service, 2);
    world.run_to(sim::Time{} + 121_s);  // 20 s and the timeout of 100 s (S-ASG-HOOK)
    const bool goes_on = result == HookResult::go_on;
    EXPECT_EQ(world.group.group_counts().in_service, goes_on ? 3 : 2);
    EXPECT_EQ(world.count_activities("was not completed in time"), goes_on ? 0U : 1U);
    EXPECT_EQ(world.count_activities("launching instance"), goes_on ? 1U : 2U);  // and again
  }
}

TEST(LifecycleHooks, KeepATerminatingInstanceForTheirWork) {
  auto config = plain_config();
  config.lifecycle_hooks = {hook(HookTransition::terminating, 60)};
  World world(config);
  world.start();
  world.group.set_desired(world.now, 3, "test", world.output);
  world.run_for(10_min);
  const sim::Time begin = world.now;
  world.group.set_desired(world.now, 2, "test", world.output);
  world.run_to(begin + 10_s + 60_s + 29_s);  // drained, hook, shutdown 30 s
  EXPECT_EQ(world.group.group_counts().total, 3);
  world.run_to(begin + 10_s + 60_s + 30_s);
  EXPECT_EQ(world.group.group_counts().total, 2);
}

TEST(TerminationPolicy, ChoosesByVersionAgeAndHour) {
  const auto instance = [](std::uint32_t id, std::uint16_t zone, sim::Duration launched,
                           std::uint32_t version = 0) {
    return GroupInstance{.id = id, .zone = zone, .lifecycle = Lifecycle::in_service,
                         .launched_at = sim::Time{} + launched, .version = version};
  };
  using enum TerminationPolicy;
  const struct {
    std::vector<GroupInstance> instances;
    TerminationPolicy policy;
    std::uint32_t expected;
    std::string_view source;
  } rows[] = {  // S-ASG-TERM throughout; now is 10 h
      {{instance(0, 0, 1_h, 1), instance(1, 0, 2_h, 0)}, standard, 1, "oldest template first"},
      {{instance(0, 0, 1_h, 1), instance(1, 0, 2_h, 0)}, oldest_launch_template, 1, "the same"},
      {{instance(0, 0, 1_h, 1), instance(1, 0, 2_h, 0)}, oldest_instance, 0, "age alone"},
      {{instance(0, 0, 1_h), instance(1, 1, 2_h)}, newest_instance, 1, "across equal zones"},
      {{instance(0, 0, 2_h), instance(1, 1, 1_h)}, oldest_instance, 1, "across equal zones"},
      {{instance(0, 0, 5_h), instance(1, 1, 6_h), instance(2, 1, 7_h)}, oldest_instance, 1,
       "balance first: only the fuller zone"},
      {{instance(0, 0, 6_h + 30_min), instance(1, 0, 2_h + 10_min)},
       closest_to_next_instance_hour, 1, "10 min of its hour left against 30 of the other"},
  };
  for (const auto& row : rows) {
    const auto chosen = instance_to_terminate(row.instances, zone_counts(row.instances, 2),
                                              row.policy, sim::Time{} + 10_h);
    ASSERT_TRUE(chosen) << row.source;
    EXPECT_EQ(row.instances[*chosen].id, row.expected) << row.source;
  }
}

}  // namespace
}  // namespace shopsim::models
