// What contradicts itself in guards and limits of caches and stores: findings with place and hint.
#include <gtest/gtest.h>

#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using test::ShopFiles;
using test::with_code;

struct Contradiction {
  const char* name;
  const char* from;  ///< in the platform file
  const char* to;
  const char* code;
  const char* marker;  ///< stands in the line of the finding
  const char* hint;
  bool is_error;
};

class CheckStores : public ::testing::TestWithParam<Contradiction> {};

TEST_P(CheckStores, NamesTheLineAndWhatToWrite) {
  const Contradiction& c = GetParam();
  ShopFiles files;
  files.change_platform(c.from, c.to);
  sim::Diagnostics diagnostics;
  EXPECT_EQ(files.load(diagnostics).has_value(), !c.is_error);
  const auto found = with_code(diagnostics, c.code);
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].place.line, files.platform_line(c.marker));
  EXPECT_NE(found[0].hint.find(c.hint), std::string::npos) << found[0].hint;
}

constexpr const char* kCache = "  node_type: cache.m7g.large\n";
constexpr const char* kSecrets =
    "secrets:  # Secrets Manager: database master, cache token, application\n";

INSTANTIATE_TEST_SUITE_P(
    Platform, CheckStores,
    ::testing::Values(
        Contradiction{"looks_too_late", kCache,
                      "  node_type: cache.m7g.large\n"
                      "  stampede: {locking: true, wait_timeout: 1 s,\n"
                      "             poll_interval: 2 s}\n",
                      "poll-interval", "poll_interval", "wait_timeout", true},
        Contradiction{"lease_too_short", kCache,
                      "  node_type: cache.m7g.large\n"
                      "  stampede: {locking: true, poll_interval: 500 ms,\n"
                      "             lock_lease: 200 ms}\n",
                      "lock-lease", "lock_lease", "poll_interval", true},
        Contradiction{"no_cache", "  enabled: true\n  engine: valkey\n",
                      "  enabled: false\n  stampede: {locking: true}\n", "stampede-disabled",
                      "stampede:", "cache.enabled", true},
        Contradiction{"no_files", "  enabled: true\n  throughput_mode: elastic\n",
                      "  enabled: false\n  throughput_limits: true\n", "files-disabled",
                      "throughput_limits", "shared_files.enabled", true},
        Contradiction{"elastic_files", "  throughput_mode: elastic\n",
                      "  throughput_mode: elastic\n  throughput_limits: true\n", "files-elastic",
                      "throughput_limits", "bursting", false},
        Contradiction{"few_secrets", kSecrets,
                      "secrets:\n  throttling: true\n", "secrets-quota", "throttling: true",
                      "read_per_connection", false},
        Contradiction{"no_calls", "network:", "network:\n  nat: {limits: true}", "nat-limits",
                      "limits: true", "payment.enabled", false},
        Contradiction{"backoff", "object_storage:  # S3\n",
                      "object_storage:\n  retries: {base: 30 s, cap: 20 s}\n", "backoff",
                      "base: 30 s", "", true}),
    [](const auto& row) { return row.param.name; });

TEST(CheckStoresTest, AnUnknownPolicyIsRefusedWithTheKnownOnes) {
  ShopFiles files;
  files.change_platform(kCache, std::string(kCache) + "  eviction_policy: allkeys-lfo\n");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  EXPECT_NE(test::all_text(diagnostics).find("allkeys-lfu"), std::string::npos);
}

}  // namespace
}  // namespace shopsim::models
