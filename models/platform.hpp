#pragma once
/// The platform file: what is deployed. `tune` writes a better one, `generate` turns one into
/// templates. A plain value; `describe` is its one list of fields.
#include <optional>
#include <string>
#include <vector>

#include "models/alarm.hpp"
#include "models/auto_scaling_config.hpp"
#include "models/health_check.hpp"
#include "models/platform_data.hpp"
#include "models/platform_instances.hpp"
#include "models/platform_network.hpp"
#include "models/platform_operations.hpp"
#include "models/platform_payment.hpp"
#include "models/platform_protection.hpp"

namespace shopsim::models {

enum class BalancingAlgorithm : std::uint8_t { round_robin, least_outstanding_requests,
                                               weighted_random };
SHOPSIM_ENUM_NAMES(BalancingAlgorithm, "round_robin", "least_outstanding_requests",
                   "weighted_random")

struct BalancerConfig {
  Because because;
  BalancingAlgorithm algorithm = BalancingAlgorithm::least_outstanding_requests;
  HealthCheckConfig health_check;
  sim::Duration slow_start = 0_s;
  sim::Duration deregistration_delay = 60_s;
  sim::Duration idle_timeout = 60_s;
  sim::Duration connect_timeout = 10_s;
  bool cross_zone = true;
  sim::DurationDistribution latency{{sim::Law::uniform, 0.001, 0.003}};
  bool access_logs = true;
  bool deletion_protection = true;
  void describe(FieldVisitor& v);
};

struct WebTierConfig {
  Because because;
  std::string instance_type = "m7g.large";
  std::int64_t workers = 64;       ///< requests in work at once on one server
  std::int64_t accept_queue = 256; ///< requests waiting for a worker; more are refused
  sim::Bytes memory_per_worker{48'000'000};
  /// T types: without credits the surplus is bought (yes), or the CPU falls to its baseline (no).
  bool unlimited_credits = true;
  sim::Bytes root_volume{30'000'000'000};
  AutoScalingConfig scaling;
  ProtectionConfig protection;
  InstancesConfig instances;
  DeploymentConfig deployment;
  std::string application_port = "8080";
  std::string health_check_path = "/health";
  void describe(FieldVisitor& v);
};

struct Platform {
  std::string name = "shop";
  std::string region = "us-east-1";
  NetworkConfig network;
  DnsConfig dns;
  CertificatesConfig certificates;
  CdnConfig cdn;
  WafConfig waf;
  BalancerConfig balancer;
  WebTierConfig web;
  CacheConfig cache;
  DatabaseConfig database;
  ObjectStorageConfig object_storage;
  SharedFilesConfig shared_files;
  PaymentConfig payment;
  KeysConfig keys;
  SecretsConfig secrets;
  MonitoringConfig monitoring;
  std::vector<AlarmConfig> alarms;
  NotificationConfig notifications;
  SecurityConfig security;
  TracingConfig tracing;
  AuditConfig audit;
  BackupConfig backup;
  BudgetConfig budget;
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
