#include "sim/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "sim/random.hpp"

namespace shopsim::sim {
namespace {

/// The simplest calendar that can be right: a list kept by std::stable_sort on the time alone, so
/// that equal times stay in the order of pushing.
class SortedList {
 public:
  void push(Event event) {
    events_.push_back(event);
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.time > b.time; });
    // Latest first; among equal times the last pushed must stand first.
    std::size_t i = events_.size() - 1;
    while (i > 0 && !(events_[i] == event)) --i;
    while (i > 0 && events_[i - 1].time == event.time) {
      std::swap(events_[i - 1], events_[i]);
      --i;
    }
  }
  bool empty() const { return events_.empty(); }
  Event pop() {
    const Event event = events_.back();
    events_.pop_back();
    return event;
  }

 private:
  std::vector<Event> events_;
};

using Delay = std::function<std::int64_t(Stream&)>;

struct Pattern {
  std::string name;
  Delay delay;  ///< nanoseconds, >= 0
};

std::vector<Pattern> patterns() {
  return {
      {"exponential", [](Stream& s) { return std::int64_t(s.exponential() * 1e7); }},
      {"all equal", [](Stream&) { return std::int64_t{0}; }},
      {"one constant", [](Stream&) { return std::int64_t{1'000'000}; }},
      {"few values", [](Stream& s) { return std::int64_t(s.below(4)) * 1000; }},
      {"one millisecond or thirty seconds",
       [](Stream& s) {
         const double mean = s.below(4) == 0 ? 3e10 : 1e6;
         return std::int64_t(s.exponential() * mean);
       }},
      {"skewed over twelve decades",
       [](Stream& s) {
         const std::uint64_t decades = s.below(12);
         double scale = 1;
         for (std::uint64_t i = 0; i < decades; ++i) scale *= 10;
         return std::int64_t(s.exponential() * scale);
       }},
      {"days ahead", [](Stream& s) { return std::int64_t(s.below(20)) * 86'400'000'000'000; }},
      {"far future",
       [](Stream& s) {
         return s.below(8) == 0 ? std::int64_t{1} << 61 : std::int64_t(s.below(100));
       }},
      {"just below powers of two",
       [](Stream& s) { return (std::int64_t{1} << s.below(50)) - 1; }},
  };
}

/// Grows to `pending`, then pops one and pushes up to two, then drains; compares every pop.
template <class Calendar>
void compare_with_sorted_list(const Pattern& pattern, std::size_t pending, std::uint64_t seed) {
  SCOPED_TRACE(pattern.name + ", pending " + std::to_string(pending));
  Stream draws(stream_key(seed, 0, pattern.name));
  Calendar calendar;
  SortedList oracle;
  std::uint64_t sequence_number = 0;
  Time now{};
  const auto push = [&] {
    const std::int64_t delay = std::min(pattern.delay(draws), (INT64_MAX >> 1) - now.nanoseconds);
    const Event event = make_event(now + Duration{std::max<std::int64_t>(delay, 0)},
                                   sequence_number++, 3, 77);
    calendar.push(event);
    oracle.push(event);
  };
  const auto pop = [&] {
    const Event expected = oracle.pop();
    ASSERT_EQ(calendar.top(), expected);
    ASSERT_EQ(calendar.pop(), expected);
    now = expected.time;
  };
  for (std::size_t i = 0; i < pending; ++i) push();
  for (std::size_t i = 0; i < 3 * pending + 50; ++i) {
    if (!oracle.empty()) {
      ASSERT_NO_FATAL_FAILURE(pop());
    }
    for (std::uint64_t k = draws.below(3); k > 0; --k) push();
  }
  while (!oracle.empty()) ASSERT_NO_FATAL_FAILURE(pop());
  ASSERT_TRUE(calendar.empty());
  ASSERT_EQ(calendar.size(), 0U);
}

template <class Calendar>
class EachCalendar : public testing::Test {};
using Calendars = testing::Types<WheelCalendar, HeapCalendar>;
TYPED_TEST_SUITE(EachCalendar, Calendars);

TYPED_TEST(EachCalendar, PopsInTheOrderOfAStableSort) {
  for (const Pattern& pattern : patterns()) {
    for (const std::size_t pending : {1U, 5U, 40U, 300U}) {
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        compare_with_sorted_list<TypeParam>(pattern, pending, seed);
        if (this->HasFatalFailure()) return;
      }
    }
  }
}

TYPED_TEST(EachCalendar, HoldsALargePopulationInOrder) {
  // 200,000 pending and 400,000 holds: each popped key must exceed the one before.
  for (const Pattern& pattern : patterns()) {
    SCOPED_TRACE(pattern.name);
    Stream draws(stream_key(7, 0, pattern.name));
    TypeParam calendar;
    std::uint64_t sequence_number = 0;
    std::uint64_t pushed_sum = 0;
    std::uint64_t popped_sum = 0;
    Time now{};
    const auto push = [&] {
      const std::int64_t room = (INT64_MAX >> 1) - now.nanoseconds;
      pushed_sum += mix64(sequence_number);
      calendar.push(make_event(now + Duration{std::min(pattern.delay(draws), room)},
                               sequence_number++, 0, 1));
    };
    for (int i = 0; i < 200'000; ++i) push();
    Int128 last = -1;
    for (int i = 0; i < 600'000; ++i) {
      const Event event = calendar.pop();
      ASSERT_LT(last, order_key(event));
      last = order_key(event);
      now = event.time;
      popped_sum += mix64(sequence(event));
      if (i < 400'000) push();
    }
    EXPECT_TRUE(calendar.empty());
    EXPECT_EQ(popped_sum, pushed_sum);  // each event exactly once
  }
}

TYPED_TEST(EachCalendar, ACopyMidwayGivesTheSameRest) {
  for (const Pattern& pattern : patterns()) {
    SCOPED_TRACE(pattern.name);
    Stream draws(stream_key(11, 0, pattern.name));
    TypeParam calendar;
    Time now{};
    std::uint64_t sequence_number = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::int64_t room = (INT64_MAX >> 1) - now.nanoseconds;
      calendar.push(make_event(now + Duration{std::min(pattern.delay(draws), room)},
                               sequence_number++, 0, 1));
      if (i % 3 == 0) now = calendar.pop().time;
    }
    TypeParam copy = calendar;
    ASSERT_EQ(copy.size(), calendar.size());
    const auto drain = [&](TypeParam& one) {
      std::vector<Event> events;
      Stream own(stream_key(12, 0, pattern.name));
      std::uint64_t number = sequence_number;
      while (!one.empty()) {
        events.push_back(one.pop());
        const Time time = events.back().time;
        const std::int64_t room = (INT64_MAX >> 1) - time.nanoseconds;
        if (events.size() < 500) {
          one.push(make_event(time + Duration{std::min(pattern.delay(own), room)}, number++, 0, 1));
        }
      }
      return events;
    };
    const std::vector<Event> from_copy = drain(copy);
    EXPECT_EQ(drain(calendar), from_copy);
  }
}

TEST(WheelCalendar, SortsEventsThatArriveInFallingOrderOfTime) {
  WheelCalendar calendar;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    calendar.push(make_event(Time{static_cast<std::int64_t>(1'000'000'000 - i * 997)}, i, 0, 0));
  }
  for (std::uint64_t i = 100'000; i-- > 0;) ASSERT_EQ(sequence(calendar.pop()), i);
}

TEST(WheelCalendar, TakesManyEqualTimesWithEarlierOnesBetween) {
  // A front that shifts its whole tail for each early event would need 150,000^2 / 2 moves.
  WheelCalendar calendar;
  std::uint64_t number = 0;
  const Time late = Time{} + 1_s;
  for (int i = 0; i < 300'000; ++i) calendar.push(make_event(late, number++, 0, 0));
  for (int i = 0; i < 300'000; ++i) {
    calendar.push(make_event(Time{} + Duration{i * 3000}, number++, 1, 0));
    if (i % 2 == 0) {
      ASSERT_EQ(kind(calendar.pop()), 1);
    }
  }
  for (int i = 0; i < 150'000; ++i) ASSERT_EQ(kind(calendar.pop()), 1);
  for (std::uint64_t i = 0; i < 300'000; ++i) ASSERT_EQ(sequence(calendar.pop()), i);
}

TEST(Event, KeepsSequenceKindAndEntityApart) {
  const Event event = make_event(Time{5}, kSequenceLimit - 1, kKindLimit - 1, kEntityLimit - 1);
  EXPECT_EQ(sequence(event), kSequenceLimit - 1);
  EXPECT_EQ(kind(event), kKindLimit - 1);
  EXPECT_EQ(entity(event), kEntityLimit - 1);
  EXPECT_EQ(event.word, ~std::uint64_t{0});  // 36 + 5 + 23 bits fill the word
  EXPECT_EQ(sizeof(Event), 16U);
  EXPECT_TRUE(earlier(make_event(Time{5}, 1, 31, 9), make_event(Time{5}, 2, 0, 0)));
  EXPECT_TRUE(earlier(make_event(Time{4}, 9, 31, 9), make_event(Time{5}, 2, 0, 0)));
}

}  // namespace
}  // namespace shopsim::sim
