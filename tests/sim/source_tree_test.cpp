#include "sim/source_tree.hpp"

#include <gtest/gtest.h>

#include <array>

#include "sim/random.hpp"
#include "sim/timer_ring.hpp"

namespace shopsim::sim {
namespace {

template <std::size_t N>
void compare_with_a_scan() {
  SourceTree<N> tree;
  EXPECT_EQ(tree.first_time(), kNever);
  std::array<Time, N> times;
  times.fill(kNever);
  Stream draws(stream_key(3, 0, "tree", N));
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t source = draws.below(N);
    // Few different times, so that ties are common.
    const bool idle = draws.below(8) == 0;
    const Time time = idle ? kNever : Time{static_cast<std::int64_t>(draws.below(5))};
    times[source] = time;
    tree.set(source, time);
    std::size_t least = 0;
    for (std::size_t i = 1; i < N; ++i) {
      if (times[i] < times[least]) least = i;
    }
    ASSERT_EQ(tree.first_time(), times[least]);
    ASSERT_EQ(tree.get(source), time);
    if (times[least] != kNever) {
      ASSERT_EQ(tree.first(), least) << "ties go to the lower number";
    }
  }
}

TEST(SourceTree, FindsTheEarliestSourceAndBreaksTiesByNumber) {
  compare_with_a_scan<1>();
  compare_with_a_scan<2>();
  compare_with_a_scan<3>();
  compare_with_a_scan<8>();
  compare_with_a_scan<13>();
  compare_with_a_scan<64>();
}

TEST(TimerRing, FiresInTheOrderOfArmingAfterTheDelay) {
  TimerRing ring(1_s);
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(ring.next_deadline(), kNever);
  // 1000 timers, one every 3 ms; from the 400th on one is taken for each that is armed, so that the
  // ring wraps and grows while it is in use.
  std::uint32_t taken = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    ring.arm(Time{} + 3_ms * i, i, i * 7);
    if (i >= 400) {
      EXPECT_EQ(ring.next_deadline(), Time{} + 1_s + 3_ms * taken);
      const TimerRing::Entry entry = ring.pop();
      ASSERT_EQ(entry.entity, taken);
      ASSERT_EQ(entry.generation, taken * 7);
      ++taken;
    }
  }
  EXPECT_EQ(ring.size(), 400U);
  while (!ring.empty()) ASSERT_EQ(ring.pop().entity, taken++);
  EXPECT_EQ(taken, 1000U);
}

TEST(TimerRing, DropsCancelledEntriesOnlyAtTheFront) {
  TimerRing ring(10_ms);
  for (std::uint32_t i = 0; i < 6; ++i) ring.arm(Time{}, i, 0);
  ring.drop_cancelled([](const TimerRing::Entry& entry) { return entry.entity == 2; });
  EXPECT_EQ(ring.size(), 4U);
  EXPECT_EQ(ring.front().entity, 2U);
}

TEST(TimerRing, ACopyIsAValue) {
  TimerRing ring(1_s);
  for (std::uint32_t i = 0; i < 100; ++i) ring.arm(Time{}, i, 0);
  TimerRing copy = ring;
  for (std::uint32_t i = 0; i < 100; ++i) ring.pop();
  EXPECT_EQ(copy.size(), 100U);
  EXPECT_EQ(copy.pop().entity, 0U);
}

}  // namespace
}  // namespace shopsim::sim
