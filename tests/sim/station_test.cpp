#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "sim/fcfs_station.hpp"
#include "sim/id_pool.hpp"
#include "sim/ps_station.hpp"
#include "sim/random.hpp"
#include "sim/token_bucket.hpp"

namespace shopsim::sim {
namespace {

/// Processor sharing from its definition: every job's remaining work is worked off step by step.
class SharingByHand {
 public:
  SharingByHand(double servers, double speed) : servers_(servers), speed_(speed) {}

  void join(std::uint32_t job, long double demand) { left_[job] = demand; }
  void set_capacity(double servers, double speed) {
    servers_ = servers;
    speed_ = speed;
  }
  void clear() { left_.clear(); }
  std::size_t jobs() const { return left_.size(); }

  /// Seconds until the first completion if nothing changes; negative when there is none.
  long double until_completion() const {
    if (left_.empty() || pace() <= 0) return -1;
    long double least = left_.begin()->second;
    for (const auto& [job, left] : left_) least = std::min(least, left);
    return std::max(0.0L, least) / pace();
  }
  void work(long double seconds) {
    busy_ += seconds * std::min<long double>(static_cast<long double>(left_.size()), servers_);
    for (auto& [job, left] : left_) left -= seconds * pace();
  }
  std::uint32_t take_first() {
    auto first = left_.begin();
    for (auto i = left_.begin(); i != left_.end(); ++i) {
      if (i->second < first->second) first = i;
    }
    const std::uint32_t job = first->first;
    left_.erase(first);
    return job;
  }
  long double busy() const { return busy_; }

 private:
  long double pace() const {
    const auto n = static_cast<long double>(left_.size());
    return speed_ * std::min<long double>(1, servers_ / n);
  }
  double servers_;
  double speed_;
  long double busy_ = 0;
  std::map<std::uint32_t, long double> left_;
};

void compare_with_sharing_by_hand(double servers, std::uint64_t seed) {
  SCOPED_TRACE("servers " + std::to_string(servers) + ", seed " + std::to_string(seed));
  Stream draws(stream_key(seed, 0, "sharing"));
  PsStation station(servers, 1.25);
  SharingByHand oracle(servers, 1.25);
  Time now{};
  std::uint32_t number = 0;
  std::uint64_t job_integral = 0;
  const auto pass = [&](Time to) {
    job_integral += oracle.jobs() * static_cast<std::uint64_t>((to - now).nanoseconds);
    oracle.work(static_cast<long double>((to - now).nanoseconds) * 1e-9L);
    now = to;
  };
  const auto complete = [&] {
    pass(station.next_completion());
    // The times agree to what rounding up each completion adds (<= 1 ns each) and double rounding.
    ASSERT_NEAR(static_cast<double>(oracle.until_completion()), 0.0, 4e-9);
    ASSERT_EQ(station.complete(now), oracle.take_first());
  };
  for (int i = 0; i < 4000; ++i) {
    const Time next = now + Duration{static_cast<std::int64_t>(2e6 * draws.exponential())};
    while (station.next_completion() <= next) ASSERT_NO_FATAL_FAILURE(complete());
    pass(next);
    const std::uint64_t what = draws.below(200);
    if (what == 0) {
      const double more = 0.5 + 4 * draws.uniform();
      station.set_capacity(now, more, 0.5 + draws.uniform());
      oracle.set_capacity(more, station.speed());
    } else if (what == 1) {
      ASSERT_EQ(station.clear(now).size(), oracle.jobs());
      oracle.clear();
      ASSERT_EQ(station.next_completion(), kNever);
    } else {
      const double demand = 0.004 * draws.exponential();
      station.join(now, number, demand);
      oracle.join(number, static_cast<long double>(demand));
      ++number;
    }
    ASSERT_EQ(station.jobs(), oracle.jobs());
  }
  while (station.next_completion() != kNever) ASSERT_NO_FATAL_FAILURE(complete());
  EXPECT_EQ(oracle.jobs(), 0U);
  EXPECT_EQ(station.job_nanoseconds(now), job_integral);
  EXPECT_NEAR(station.busy_seconds(now), static_cast<double>(oracle.busy()), 1e-9);
}

TEST(PsStation, AgreesWithSharingByHand) {
  for (const double servers : {1.0, 2.0, 2.5, 8.0}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      compare_with_sharing_by_hand(servers, seed);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(PsStation, TwoJobsOnOneCoreShareIt) {
  // A: 3 s of work from t = 0. B: 1 s from t = 1. Alone A has 2 s left at t = 1; both run at half
  // speed until B is done at t = 3; then A has 1 s left and ends at t = 4.
  PsStation station(1, 1);
  station.join(Time{}, 10, 3);
  EXPECT_EQ(station.next_completion(), Time{} + 3_s);
  station.join(Time{} + 1_s, 11, 1);
  EXPECT_EQ(station.next_completion(), Time{} + 3_s);
  EXPECT_EQ(station.complete(Time{} + 3_s), 11U);
  EXPECT_EQ(station.next_completion(), Time{} + 4_s);
  EXPECT_EQ(station.complete(Time{} + 4_s), 10U);
  EXPECT_EQ(station.next_completion(), kNever);
  EXPECT_DOUBLE_EQ(station.busy_seconds(Time{} + 9_s), 4.0);
  EXPECT_EQ(station.job_nanoseconds(Time{} + 9_s), 6'000'000'000U);  // 1*1 + 2*2 + 1*1 s
}

TEST(PsStation, NoJobRunsFasterThanItsCore) {
  PsStation station(8, 0.5);
  station.join(Time{}, 1, 1);
  EXPECT_EQ(station.next_completion(), Time{} + 2_s);
}

TEST(PsStation, StopsWithoutCapacityAndGoesOnAfter) {
  PsStation station(1, 1);
  station.join(Time{}, 1, 2);
  station.set_capacity(Time{} + 1_s, 0, 1);
  EXPECT_EQ(station.next_completion(), kNever);
  station.set_capacity(Time{} + 10_s, 1, 2);
  EXPECT_EQ(station.next_completion(), Time{} + 10_s + 500_ms);
}

TEST(PsStation, DropsJobsInTheOrderTheyWouldHaveCompleted) {
  PsStation station(2, 1);
  station.join(Time{}, 1, 3);
  station.join(Time{}, 2, 1);
  station.join(Time{}, 3, 2);
  station.join(Time{}, 4, 1);  // ties: joined earlier, leaves earlier
  EXPECT_EQ(station.clear(Time{} + 1_ms), (std::vector<std::uint32_t>{2, 4, 3, 1}));
  EXPECT_EQ(station.jobs(), 0U);
}

TEST(FcfsStation, StartsQueuesAndRefuses) {
  FcfsStation station(2, 3);
  EXPECT_EQ(station.arrive(Time{}, 1), Admission::started);
  EXPECT_EQ(station.arrive(Time{}, 2), Admission::started);
  for (std::uint32_t job = 3; job <= 5; ++job) {
    EXPECT_EQ(station.arrive(Time{}, job), Admission::queued);
  }
  EXPECT_EQ(station.arrive(Time{}, 6), Admission::refused);
  EXPECT_EQ(station.jobs(), 5U);
  EXPECT_EQ(station.depart(Time{} + 1_s), 3U);
  EXPECT_EQ(station.depart(Time{} + 1_s), 4U);
  EXPECT_EQ(station.depart(Time{} + 2_s), 5U);
  EXPECT_EQ(station.depart(Time{} + 2_s), std::nullopt);
  EXPECT_EQ(station.busy(), 1U);
  // Busy: 2 servers for 2 s, 1 for 1 s. Waiting: 3 for 1 s, 1 for 1 s.
  EXPECT_EQ(station.busy_nanoseconds(Time{} + 3_s), 5'000'000'000U);
  EXPECT_EQ(station.waiting_nanoseconds(Time{} + 3_s), 4'000'000'000U);
}

TEST(FcfsStation, KeepsItsOrderWhileTheQueueGrowsAndWraps) {
  FcfsStation station(1);
  Stream draws(stream_key(1, 0, "queue"));
  std::deque<std::uint32_t> oracle;
  bool busy = false;
  std::uint32_t number = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (draws.below(100) < (i < 10'000 ? 55U : 40U)) {
      const Admission admission = station.arrive(Time{i}, number);
      ASSERT_EQ(admission, busy ? Admission::queued : Admission::started);
      if (busy) oracle.push_back(number);
      busy = true;
      ++number;
    } else if (busy) {
      const auto next = station.depart(Time{i});
      busy = !oracle.empty();
      ASSERT_EQ(next.has_value(), busy);
      if (busy) {
        ASSERT_EQ(*next, oracle.front());
        oracle.pop_front();
      }
    }
    ASSERT_EQ(station.waiting(), oracle.size());
  }
}

TEST(FcfsStation, MoreServersStartThoseWhoWait) {
  FcfsStation station(1);
  station.arrive(Time{}, 1);
  station.arrive(Time{}, 2);
  station.arrive(Time{}, 3);
  EXPECT_EQ(station.start_next(Time{}), std::nullopt);
  station.set_servers(Time{}, 2);
  EXPECT_EQ(station.start_next(Time{}), 2U);
  EXPECT_EQ(station.start_next(Time{}), std::nullopt);
  station.set_servers(Time{}, 1);
  EXPECT_EQ(station.depart(Time{}), std::nullopt) << "one of two leaves, one server is left";
  EXPECT_EQ(station.depart(Time{}), 3U);
}

TEST(FcfsRecursion, GivesTheDeparturesOfAStationWithEvents) {
  for (const std::uint32_t servers : {1U, 2U, 7U}) {
    FcfsRecursion recursion(servers);
    // By hand: each job takes the server that is free first.
    std::vector<Time> free_at(servers);
    Stream draws(stream_key(servers, 0, "recursion"));
    Time now{};
    for (int i = 0; i < 10'000; ++i) {
      now += Duration{static_cast<std::int64_t>(1e6 / servers * draws.exponential())};
      const Duration service{static_cast<std::int64_t>(0.9e6 * draws.exponential())};
      auto server = std::min_element(free_at.begin(), free_at.end());
      const Time start = std::max(now, *server);
      *server = start + service;
      const FcfsRecursion::Visit visit = recursion.arrive(now, service);
      ASSERT_EQ(visit.start, start);
      ASSERT_EQ(visit.departure, start + service);
    }
  }
}

TEST(TokenBucket, LimitsToBurstAndRate) {
  TokenBucket bucket(10, 5);  // 10 per second, 5 at once
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(bucket.try_take(Time{}));
  EXPECT_FALSE(bucket.try_take(Time{}));
  EXPECT_FALSE(bucket.try_take(Time{} + 99_ms));
  EXPECT_TRUE(bucket.try_take(Time{} + 101_ms));
  // Full again after 0.5 s at most, never more than the burst.
  EXPECT_DOUBLE_EQ(bucket.tokens(Time{} + 1_h), 5.0);
  EXPECT_FALSE(bucket.try_take(Time{} + 1_h, 5.5));
  EXPECT_TRUE(bucket.try_take(Time{} + 1_h, 5));
}

TEST(TokenBucket, ShapesAsAFluidQueue) {
  TokenBucket bucket(100, 2);
  EXPECT_EQ(bucket.next_free(Time{}, 2), Time{});
  // Nothing left: each further one waits 10 ms more than the one before.
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(bucket.next_free(Time{}, 1), Time{} + 10_ms * i);
  // 5 are owed; after 30 ms 2 are: one more waits 30 ms from then.
  EXPECT_EQ(bucket.next_free(Time{} + 30_ms, 1), Time{} + 60_ms);
}

TEST(TokenBucket, ARateThatChangesCountsFromThen) {
  TokenBucket bucket(100, 10);
  EXPECT_TRUE(bucket.try_take(Time{}, 10));
  bucket.set_rate(Time{} + 50_ms, 10, 4);  // 5 had flowed in, 4 stay
  EXPECT_DOUBLE_EQ(bucket.tokens(Time{} + 50_ms), 4.0);
  EXPECT_EQ(bucket.next_free(Time{} + 50_ms, 5), Time{} + 150_ms);
  bucket.set_rate(Time{} + 50_ms, 0, 4);
  EXPECT_EQ(bucket.next_free(Time{} + 50_ms, 1), kNever);
}

TEST(IdPool, ReusesTheLastReleasedIdUnderANewGeneration) {
  IdPool<int> pool;
  const std::uint32_t a = pool.acquire();
  const std::uint32_t b = pool.acquire();
  pool[a] = 7;
  pool[b] = 8;
  const std::uint32_t generation = pool.generation(b);
  EXPECT_TRUE(pool.alive(b, generation));
  pool.release(b);
  EXPECT_FALSE(pool.alive(b, generation));
  EXPECT_EQ(pool.acquire(), b);
  EXPECT_FALSE(pool.alive(b, generation)) << "another record under the same id";
  EXPECT_EQ(pool.in_use(), 2U);
  EXPECT_EQ(pool[a], 7);
  pool.prefetch(a);
  pool.prefetch(1'000'000);  // any id is allowed
}

TEST(Check, SaysWhatFailedWhereAndWithWhichValues) {
  SHOPSIM_CHECK(1 + 1 == 2, "never evaluated");
  const int size = -3;
  try {
    SHOPSIM_CHECK(size > 0, "size is ", size);
    FAIL() << "the check must throw";
  } catch (const CheckFailure& failure) {
    const std::string text = failure.what();
    EXPECT_NE(text.find("sim/station_test.cpp:"), std::string::npos) << text;
    EXPECT_EQ(text.find("/tests/"), std::string::npos) << "no path of the building machine";
    EXPECT_NE(text.find("size > 0"), std::string::npos) << text;
    EXPECT_NE(text.find("size is -3"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace shopsim::sim
