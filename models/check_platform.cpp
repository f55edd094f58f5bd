/// The platform by itself: edge, balancer, web tier, cache, storage, alarms.
#include <algorithm>
#include <charconv>
#include <string>

#include "models/check.hpp"
#include "models/page_table.hpp"

namespace shopsim::models {

namespace {

using namespace sim::literals;

void check_waf_and_dns(const Platform& platform, const CheckSink& sink) {
  const sim::Duration window = platform.waf.rate_window;
  if (window != 60_s && window != 120_s && window != 300_s && window != 600_s) {
    sink.error("rate-window", "waf.rate_window",
               sim::to_text(window) + " is not a window WAF offers",
               "write 60 s, 120 s, 300 s or 600 s");
  }
  const sim::Duration interval = platform.dns.health_check_interval;
  if (interval != 10_s && interval != 30_s) {
    sink.error("dns-interval", "dns.health_check_interval",
               "Route 53 checks every 10 s or 30 s, not every " + sim::to_text(interval));
  }
}

void check_balancer(const BalancerConfig& balancer, const CheckSink& sink) {
  check(balancer.health_check, sink.places.place_of("balancer.health_check"), sink.diagnostics);
  if (balancer.slow_start == 0_s) return;
  if (balancer.slow_start < 30_s) {
    sink.error("slow-start", "balancer.slow_start",
               "slow start takes 30 s to 900 s, not " + sim::to_text(balancer.slow_start),
               "write 0 s to switch it off");
  }
  if (balancer.algorithm == BalancingAlgorithm::least_outstanding_requests) {
    sink.error("slow-start", "balancer.slow_start",
               "slow start cannot be combined with least_outstanding_requests (S-ALB-TG)",
               "write slow_start: 0 s, or algorithm: round_robin");
  }
}

/// The operating system and its agents take the rest (assumption).
constexpr double kMemoryForWorkers = 0.85;

void check_memory(const WebTierConfig& web, const InstanceType& type, const CheckSink& sink) {
  const double memory = static_cast<double>(type.memory.count) * kMemoryForWorkers;
  const auto each = static_cast<double>(web.memory_per_worker.count);
  if (static_cast<double>(web.workers) * each <= memory) return;
  sink.error("web-memory", "web.workers",
             std::to_string(web.workers) + " workers of " + sim::to_text(web.memory_per_worker) +
                 " do not fit into " + web.instance_type + " with " + sim::to_text(type.memory),
             "write at most workers: " + std::to_string(static_cast<std::int64_t>(memory / each)) +
                 ", or take a larger type");
}

void check_web(const WebTierConfig& web, const Catalogue& catalogue, const CheckSink& sink) {
  const auto type = catalogue.find_instance_type(web.instance_type);
  if (!type) {
    sink.error("unknown-type", "web.instance_type",
               "the instance type '" + web.instance_type + "' is not in the catalogue",
               suggest(web.instance_type, catalogue.instance_type_names()));
  } else if (!(type->speed > 0)) {
    sink.error("unknown-speed", "web.instance_type",
               "the speed of '" + web.instance_type + "' is not known",
               "give `speed` in the prices file");
  }
  if (type) check_memory(web, *type, sink);
  if (web.scaling.minimum < 2) {
    sink.warning("scaling-range", "web.scaling.minimum",
                 "with fewer than 2 servers the shop does not survive the loss of one",
                 "the shop is meant to run on 2 to 8 servers");
  }
  if (web.scaling.maximum > 8) {
    sink.warning("scaling-range", "web.scaling.maximum",
                 "more than the 8 servers the shop is meant to run on");
  }
  int port = 0;
  const char* end = web.application_port.data() + web.application_port.size();
  const auto [read, error] = std::from_chars(web.application_port.data(), end, port);
  if (error != std::errc{} || read != end || port < 1 || port > 65'535) {
    sink.error("port", "web.application_port",
               "'" + web.application_port + "' is not a port", "write a number of 1 to 65535");
  }
  if (!web.health_check_path.starts_with('/')) {
    sink.error("path", "web.health_check_path",
               "'" + web.health_check_path + "' is not a path", "begin it with /");
  }
}

void check_protection(const ProtectionConfig& protection, const CheckSink& sink) {
  const std::vector<std::string_view> classes(kRequestClasses.begin(), kRequestClasses.end());
  for (std::size_t i = 0; i < protection.priority_classes.size(); ++i) {
    const std::string& name = protection.priority_classes[i];
    if (std::find(classes.begin(), classes.end(), name) != classes.end()) continue;
    sink.error("unknown-class", item_path("web.protection.priority_classes", i),
               "there is no request class '" + name + "'", suggest(name, classes));
  }
}

void check_payment(const PaymentConfig& payment, const CheckSink& sink) {
  if (payment.attempts == 1 || payment.timeout > payment.backoff) return;
  sink.warning("payment-backoff", "payment.backoff",
               "the wait between two calls, " + sim::to_text(payment.backoff) +
                   ", is longer than a call may take, " + sim::to_text(payment.timeout));
}

void check_stampede(const CacheConfig& cache, const CheckSink& sink) {
  const StampedeConfig& stampede = cache.stampede;
  if (!cache.enabled && stampede.is_on()) {
    sink.error("stampede-disabled", "cache.stampede",
               "fills cannot be guarded without a cache", "write cache.enabled: true");
  }
  if (stampede.locking && stampede.poll_interval >= stampede.wait_timeout) {
    sink.error("poll-interval", "cache.stampede.poll_interval",
               "a waiting page gives up after " + sim::to_text(stampede.wait_timeout) +
                   " and would look again only after " + sim::to_text(stampede.poll_interval),
               "write less than cache.stampede.wait_timeout");
  }
  if (stampede.locking && stampede.lock_lease < stampede.poll_interval) {
    sink.error("lock-lease", "cache.stampede.lock_lease",
               "a lock is gone after " + sim::to_text(stampede.lock_lease) +
                   ", before anybody looks again",
               "write more than cache.stampede.poll_interval");
  }
}

void check_cache(const CacheConfig& cache, const Catalogue& catalogue, const CheckSink& sink) {
  check_stampede(cache, sink);
  if (!cache.enabled || catalogue.find_cache_node(cache.node_type)) return;
  sink.error("unknown-type", "cache.node_type",
             "the cache node type '" + cache.node_type + "' is not in the catalogue",
             suggest(cache.node_type, catalogue.cache_node_names()));
}

/// Limits of what is not there, or that can never bind.
void check_limits(const Platform& platform, const CheckSink& sink) {
  const SharedFilesConfig& files = platform.shared_files;
  if (files.throughput_limits && !files.enabled) {
    sink.error("files-disabled", "shared_files.throughput_limits",
               "there is no file system whose throughput could bind",
               "write shared_files.enabled: true");
  } else if (files.throughput_limits &&
             files.throughput_mode == SharedFilesThroughput::elastic) {
    sink.warning("files-elastic", "shared_files.throughput_limits",
                 "elastic throughput has no limit that web servers reach",
                 "write throughput_mode: bursting or provisioned");
  }
  if (platform.secrets.throttling && !platform.secrets.read_per_connection) {
    sink.warning("secrets-quota", "secrets.throttling",
                 "servers that keep their secrets read too few to meet a quota",
                 "write secrets.read_per_connection: true");
  }
  if (platform.network.nat.limits && !platform.payment.enabled) {
    sink.warning("nat-limits", "network.nat.limits",
                 "only calls of the payment provider are counted, and there is none",
                 "write payment.enabled: true");
  }
  const SdkRetryConfig& retries = platform.object_storage.retries;
  if (retries.base > retries.cap) {
    sink.error("backoff", "object_storage.retries.base",
               "the first backoff " + sim::to_text(retries.base) +
                   " is longer than the longest, " + sim::to_text(retries.cap));
  }
}

void check_buckets(const ObjectStorageConfig& storage, const CheckSink& sink) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < storage.buckets.size(); ++i) {
    const BucketConfig& bucket = storage.buckets[i];
    names.push_back(bucket.name);
    if (bucket.archive_after_days == 0 || bucket.expire_after_days == 0 ||
        bucket.archive_after_days < bucket.expire_after_days) {
      continue;
    }
    sink.error("lifecycle", item_path("object_storage.buckets", i, "archive_after_days"),
               "objects of '" + bucket.name + "' expire before they are archived",
               "archive_after_days must lie below expire_after_days");
  }
  check_unique(names, "object_storage.buckets", "name", sink);
}

void check_alarms(const std::vector<AlarmConfig>& alarms, const CheckSink& sink) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    names.push_back(alarms[i].name);
    check(alarms[i], sink.places.place_of(item_path("alarms", i)), sink.diagnostics);
  }
  check_unique(names, "alarms", "name", sink);
}

}  // namespace

void check_platform(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink) {
  check_network(platform.network, platform.region, sink);
  check_edge(platform, sink);
  check_waf_and_dns(platform, sink);
  check_balancer(platform.balancer, sink);
  check_web(platform.web, catalogue, sink);
  check_scaling(platform, catalogue, sink);
  check_protection(platform.web.protection, sink);
  check_payment(platform.payment, sink);
  check_cache(platform.cache, catalogue, sink);
  check_database(platform, catalogue, sink);
  check_buckets(platform.object_storage, sink);
  check_limits(platform, sink);
  check_alarms(platform.alarms, sink);
}

}  // namespace shopsim::models
