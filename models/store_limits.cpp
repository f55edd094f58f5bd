#include "models/store_limits.hpp"

#include <algorithm>

namespace shopsim::models {

namespace {

constexpr double kMebibyte = 1024.0 * 1024;
constexpr double kTebibyte = kMebibyte * kMebibyte;
// S-EFS: bursting throughput.
constexpr double kBaselinePerTebibyte = 50 * kMebibyte;
constexpr double kLeastBaseline = kMebibyte;
constexpr double kBurstPerTebibyte = 100 * kMebibyte;
constexpr double kLeastBurst = 100 * kMebibyte;
constexpr double kCreditsPerTebibyte = 2.1 * kTebibyte;
constexpr double kReadsMetered = 1.0 / 3;

sim::TokenBucket bucket(double per_second) { return {per_second, per_second}; }

double tebibytes(sim::Bytes stored) { return static_cast<double>(stored.count) / kTebibyte; }

/// Credits, of which a file system below 1 TiB may save 2.1 TiB, others 2.1 TiB for each TiB.
sim::TokenBucket credit_bucket(const SharedFilesConfig& config) {
  const double most = kCreditsPerTebibyte * std::max(1.0, tebibytes(config.stored));
  sim::TokenBucket credits(baseline_throughput(config.stored), most);
  const double spent = most - static_cast<double>(config.burst_credits.count);
  if (spent > 0) static_cast<void>(credits.next_free(sim::Time{}, spent));
  return credits;
}

double highest_throughput(const SharedFilesConfig& config) {
  if (config.throughput_mode == SharedFilesThroughput::provisioned) {
    return std::max(config.provisioned_throughput.bits_per_second / 8,
                    baseline_throughput(config.stored));
  }
  return std::max(kLeastBurst, kBurstPerTebibyte * tebibytes(config.stored));
}

}  // namespace

double baseline_throughput(sim::Bytes stored) {
  return std::max(kLeastBaseline, kBaselinePerTebibyte * tebibytes(stored));
}

StoreLimits::StoreLimits(const Platform& platform)
    : limits_buckets_(platform.object_storage.throttling),
      limits_keys_(platform.keys.throttling),
      limits_secrets_(platform.secrets.throttling),
      keys_per_object_(platform.object_storage.bucket_keys ? kKeyRequestsWithBucketKey : 1),
      reads_(bucket(platform.object_storage.reads_per_prefix.per_second *
                    static_cast<double>(platform.object_storage.prefixes))),
      writes_(bucket(platform.object_storage.writes_per_prefix.per_second *
                     static_cast<double>(platform.object_storage.prefixes))),
      keys_(bucket(platform.keys.quota.per_second)),
      secrets_(bucket(platform.secrets.quota.per_second)) {}

Admission StoreLimits::ask(sim::Time now, const ObjectRequests& requests) {
  const bool is_slow = limits_buckets_ && (reads_.tokens(now) < requests.reads ||
                                           writes_.tokens(now) < requests.writes);
  if (is_slow) return Admission::slow_down;
  const double keys = keys_per_object_ * (requests.reads + requests.writes);
  if (limits_keys_ && !keys_.try_take(now, keys)) return Admission::key_throttled;
  if (limits_buckets_) {
    static_cast<void>(reads_.try_take(now, requests.reads));
    static_cast<void>(writes_.try_take(now, requests.writes));
  }
  return Admission::admitted;
}

sim::Time StoreLimits::admit_secret(sim::Time now) {
  if (!limits_secrets_) return now;
  return secrets_.next_free(now);
}

FileThroughput::FileThroughput(const SharedFilesConfig& config)
    : limited_(config.enabled && config.throughput_limits &&
               config.throughput_mode != SharedFilesThroughput::elastic),
      bursts_(config.throughput_mode == SharedFilesThroughput::bursting),
      credits_(credit_bucket(config)),
      rate_(bucket(highest_throughput(config))) {}

sim::Duration FileThroughput::transfer(sim::Time now, double read, double written) {
  const double metered = kReadsMetered * read + written;
  sim::Time done = rate_.next_free(now, metered);
  if (bursts_) done = std::max(done, credits_.next_free(now, metered));
  return done - now;
}

double FileThroughput::credits(sim::Time now) const {
  return bursts_ ? std::max(0.0, credits_.tokens(now)) : 0;
}

double FileThroughput::permitted(sim::Time now) const {
  return bursts_ && credits_.tokens(now) <= 0 ? credits_.rate() : rate_.rate();
}

}  // namespace shopsim::models
