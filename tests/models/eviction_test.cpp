// Which key of a full cache node makes room under each policy, against plain implementations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "models/popularity.hpp"
#include "tests/models/cache_client.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::Client;
using test::unit_options;

struct EvictionCase {
  EvictionPolicy policy;
  std::uint32_t goes;  ///< of the keys 1, 2, 3 after the requests 1 2 2 3 1, in this order
};

class LookAsideEviction : public testing::TestWithParam<EvictionCase> {};

TEST_P(LookAsideEviction, MakesRoomAsThePolicySays) {
  LookAsideStoreOptions options = unit_options(10, 3);
  options.eviction = GetParam().policy;
  Client client(options);
  for (const std::uint32_t id : {1U, 2U, 2U, 3U, 1U}) client.request(id);
  client.request(4);
  EXPECT_EQ(client.store.items(), 3U);
  EXPECT_EQ(client.store.counters().evictions, 1U);
  EXPECT_EQ(client.store.get(client.now, GetParam().goes), Lookup::miss_absent);
}

// Used longest ago: 2. Filled first, so its time is over first: 1. Least often: 3, not used since
// its fill; the counter's first rise is certain, so those of 1 and 2 are higher.
INSTANTIATE_TEST_SUITE_P(Policies, LookAsideEviction,
                         testing::Values(EvictionCase{EvictionPolicy::allkeys_lru, 2},
                                         EvictionCase{EvictionPolicy::volatile_lru, 2},
                                         EvictionCase{EvictionPolicy::volatile_ttl, 1},
                                         EvictionCase{EvictionPolicy::allkeys_lfu, 3},
                                         EvictionCase{EvictionPolicy::volatile_lfu, 3}),
                         [](const auto& row) { return "number" + std::to_string(row.index); });

TEST(LookAsideStore, ReadsSaveAKeyByUseAndNotByExpiry) {
  for (const auto& [policy, goes] : {std::pair{EvictionPolicy::allkeys_lru, 2U},
                                     std::pair{EvictionPolicy::volatile_ttl, 1U}}) {
    LookAsideStoreOptions options = unit_options(10, 3);
    options.eviction = policy;
    Client client(options);
    for (const std::uint32_t id : {1U, 2U, 3U, 1U, 4U}) client.request(id);
    EXPECT_EQ(client.store.get(client.now, goes), Lookup::miss_absent) << to_text(policy);
  }
}

TEST(LookAsideStore, WithoutEvictionWritesFailUntilKeysExpire) {
  LookAsideStoreOptions options = unit_options(10, 3, 10_s);
  options.eviction = EvictionPolicy::noeviction;
  LookAsideStore store(options);
  for (const std::uint32_t id : {1U, 2U, 3U, 4U, 5U}) store.put({0}, id);
  EXPECT_EQ(store.items(), 3U);
  EXPECT_EQ(store.counters().out_of_memory, 2U);
  EXPECT_EQ(store.counters().evictions, 0U);
  store.put({0}, 1);  // a key that is there is written over
  EXPECT_EQ(store.counters().out_of_memory, 2U);
  EXPECT_EQ(store.get(sim::Time{} + 11_s, 9), Lookup::miss_absent);  // the server's own round
  store.put(sim::Time{} + 11_s, 4);
  EXPECT_EQ(store.get(sim::Time{} + 11_s, 4), Lookup::hit);
}

TEST(LookAsideStore, KeepsWhatIsStaleForAsLongAsItSays) {
  LookAsideStoreOptions options = unit_options(10, 10, 10_s);
  options.stale_for = 5_s;
  LookAsideStore store(options);
  store.put({0}, 1);
  EXPECT_EQ(store.get(sim::Time{} + 9_s, 1), Lookup::hit);
  EXPECT_EQ(store.get(sim::Time{} + 10_s, 1), Lookup::stale);
  EXPECT_EQ(store.get(sim::Time{} + 15_s - 1_ns, 1), Lookup::stale);
  store.put(sim::Time{} + 15_s - 1_ns, 1);  // refreshed: a whole time to live again
  EXPECT_EQ(store.get(sim::Time{} + 24_s, 1), Lookup::hit);
  EXPECT_EQ(store.get(sim::Time{} + 30_s, 1), Lookup::miss_absent);  // removed by the server
  EXPECT_EQ(store.counters().stale, 2U);
}

/// The frequency counters in the plainest way: a set ordered by counter, then by latest use.
class PlainLfu {
 public:
  explicit PlainLfu(std::size_t capacity) : capacity_(capacity) {}
  bool request(std::int64_t now, std::uint32_t id) {
    const std::int64_t minute = now / 60'000'000'000;
    const auto found = where_.find(id);
    if (found != where_.end()) {
      const std::int64_t count = std::max<std::int64_t>(0, std::get<0>(found->second) - minute);
      const std::uint64_t bits =
          sim::mix64(static_cast<std::uint64_t>(now) ^ (std::uint64_t{id} << 40U));
      const double chance = 1 / (10.0 * static_cast<double>(std::max<std::int64_t>(
                                            0, count - 5)) + 1);
      const bool rises = count < 255 && static_cast<double>(bits >> 11) * 0x1p-53 < chance;
      order_.erase(found->second);
      place(id, minute + count + (rises ? 1 : 0));
      return true;
    }
    if (order_.size() == capacity_) {
      where_.erase(std::get<2>(*order_.begin()));
      order_.erase(order_.begin());
    }
    place(id, minute + 5);
    return false;
  }

 private:
  using Key = std::tuple<std::int64_t, std::uint64_t, std::uint32_t>;
  void place(std::uint32_t id, std::int64_t rank) {
    where_[id] = {rank, ++uses_, id};
    order_.insert(where_[id]);
  }
  std::size_t capacity_;
  std::uint64_t uses_ = 0;
  std::set<Key> order_;
  std::unordered_map<std::uint32_t, Key> where_;
};

TEST(LookAsideStore, AgreesWithPlainFrequencyCountersRequestByRequest) {
  const auto law = Popularity::zipf(0.8, 3000);
  LookAsideStoreOptions options = unit_options(3000, 200);
  options.eviction = EvictionPolicy::allkeys_lfu;
  Client client(options);
  PlainLfu plain(200);
  sim::Stream stream(sim::stream_key(6, 0, "ids"));
  // One request a millisecond: more than an hour, in which counters fall to 0 and rise again.
  for (int i = 0; i < 200'000; ++i) {
    if (i % 10'000 == 0) client.now += 2_min;
    const std::uint32_t id = law.object_for(stream.next());
    const bool hit = client.request(id) == Lookup::hit;  // it moves the clock as well
    ASSERT_EQ(hit, plain.request(client.now.nanoseconds, id)) << i;
  }
}

TEST(LookAsideStore, FrequencyKeepsThePopularKeysThroughAScan) {
  const auto law = Popularity::zipf(1.0, 3000);
  const auto hits = [&law](EvictionPolicy policy) {
    LookAsideStoreOptions options = unit_options(6000, 300);
    options.eviction = policy;
    Client client(options);
    sim::Stream stream(sim::stream_key(7, 0, "ids"));
    std::uint64_t found = 0;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
      if (client.request(law.object_for(stream.next())) == Lookup::hit) ++found;
      client.request(3000 + i % 3000);  // a crawler, one key after the other
    }
    return static_cast<double>(found) / 100'000;
  };
  const double frequency = hits(EvictionPolicy::allkeys_lfu);
  const double use = hits(EvictionPolicy::allkeys_lru);
  const double expiry = hits(EvictionPolicy::volatile_ttl);
  EXPECT_GT(frequency, use + 0.05);
  EXPECT_GT(use, expiry + 0.02);
}

}  // namespace
}  // namespace shopsim::models
