#pragma once
/// How many requests do S3, KMS and Secrets Manager admit, and how many bytes does EFS move? Rates
/// as token buckets that hold one second's worth (S-S3-PERF, S-KMS, S-SM-LIM: quotas are stated per
/// second; how much of a burst is tolerated is an assumption).
///
/// Left out: S3 splitting prefixes under lasting load, other users of the account's quotas.
#include <cstdint>

#include "models/platform.hpp"
#include "sim/time.hpp"
#include "sim/token_bucket.hpp"

namespace shopsim::models {

/// KMS requests for one request of an object in a bucket with a key of its own; without, one each
/// (S-S3-KEYS: "up to 99 %" fewer).
inline constexpr double kKeyRequestsWithBucketKey = 0.01;

/// Requests for objects, all of one kind of prefix.
struct ObjectRequests {
  std::uint32_t reads = 0;
  std::uint32_t writes = 0;
};

enum class Admission : std::uint8_t { admitted, slow_down, key_throttled };

/// Quotas on requests. A copyable value; times must not run backwards.
class StoreLimits {
 public:
  explicit StoreLimits(const Platform& platform);

  /// Whether all of these are admitted now; what is refused uses nothing up.
  Admission ask(sim::Time now, const ObjectRequests& requests);

  /// When GetSecretValue is admitted: its client waits in line, as one with retries does.
  sim::Time admit_secret(sim::Time now);

  [[nodiscard]] double keys_per_object() const { return keys_per_object_; }
  /// Whether anything may be refused.
  [[nodiscard]] bool limits_objects() const { return limits_buckets_ || limits_keys_; }

 private:
  bool limits_buckets_;
  bool limits_keys_;
  bool limits_secrets_;
  double keys_per_object_;
  sim::TokenBucket reads_;
  sim::TokenBucket writes_;
  sim::TokenBucket keys_;
  sim::TokenBucket secrets_;
};

/// The throughput of one EFS file system. Bursting: credits flow in at the baseline of 50 MiB/s for
/// each TiB stored, at least 1 MiB/s, and allow 100 MiB/s for each TiB, at least 100 MiB/s.
/// Provisioned: the rate asked for, or the baseline if that is more. Elastic: no limit here, the
/// servers' network cards bind first. Reads are metered at a third of their bytes (S-EFS).
class FileThroughput {
 public:
  explicit FileThroughput(const SharedFilesConfig& config);

  /// How long a transfer of so many bytes waits, beyond the latency of its operations.
  sim::Duration transfer(sim::Time now, double read, double written);

  /// Metered bytes that may still be moved above the baseline; 0 but for bursting.
  [[nodiscard]] double credits(sim::Time now) const;
  /// Metered bytes a second at `now`.
  [[nodiscard]] double permitted(sim::Time now) const;
  [[nodiscard]] bool is_limited() const { return limited_; }

 private:
  bool limited_;
  bool bursts_;
  sim::TokenBucket credits_;
  sim::TokenBucket rate_;
};

/// Bytes a second that stored bytes give a file system: 50 MiB/s for each TiB, at least 1 MiB/s.
double baseline_throughput(sim::Bytes stored);

}  // namespace shopsim::models
