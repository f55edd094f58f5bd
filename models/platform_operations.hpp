#pragma once
/// Platform file, operations part: keys, secrets, monitoring, notification, security, audit,
/// backups. These cost money and page people; none of them is on the request path.
#include "models/platform_network.hpp"

namespace shopsim::models {

struct KeysConfig {
  Because because;
  bool rotation = true;
  std::int64_t customer_keys = 3;  ///< data, logs, backups
  bool throttling = false;         ///< requests beyond the quota get ThrottlingException
  sim::Rate quota{10'000};         ///< what the account leaves to this shop
  void describe(FieldVisitor& v);
};

struct SecretsConfig {
  Because because;
  std::int64_t secrets = 3;  ///< database master, cache token, application
  std::int64_t rotation_days = 30;
  bool read_per_connection = false;  ///< no copy is kept: every new database connection reads one
  sim::DurationDistribution latency{{sim::Law::lognormal, 0.02, 0.5}};
  bool throttling = false;
  sim::Rate quota{10'000};           ///< what the account leaves to this shop
  void describe(FieldVisitor& v);
};

struct MonitoringConfig {
  Because because;
  bool detailed = true;
  bool dashboard = true;
  sim::DurationDistribution metric_delay{{sim::Law::uniform, 20, 90}};
  sim::Bytes log_bytes_per_request{450};
  std::int64_t log_retention_days = 90;
  void describe(FieldVisitor& v);
};

struct NotificationConfig {
  Because because;
  std::vector<std::string> emails = {"oncall@example.com"};
  std::vector<std::string> phones = {"+15550100100"};
  sim::DurationDistribution email_delay{{sim::Law::lognormal, 8, 0.6}};
  sim::DurationDistribution phone_delay{{sim::Law::lognormal, 12, 0.6}};
  void describe(FieldVisitor& v);
};

struct SecurityConfig {
  Because because;
  bool guard_duty = true;
  bool guard_duty_s3 = true;
  bool guard_duty_rds = true;
  bool macie = false;
  bool security_hub = false;
  bool config_recorder = true;
  void describe(FieldVisitor& v);
};

/// Where the sampling rules live: in every server, or in X-Ray, which shares the reservoir out.
enum class SamplingRules : std::uint8_t { local, central };
SHOPSIM_ENUM_NAMES(SamplingRules, "local", "central")

struct TracingConfig {
  Because because;
  bool enabled = true;
  SamplingRules rules = SamplingRules::local;
  std::int64_t reservoir_per_second = 1;
  sim::Fraction sampled_share{0.05};
  void describe(FieldVisitor& v);
};

struct AuditConfig {
  Because because;
  bool trail = true;
  bool data_events = false;
  std::int64_t retention_days = 365;
  void describe(FieldVisitor& v);
};

struct BackupConfig {
  Because because;
  bool enabled = true;
  std::string daily_at = "05:00";
  std::int64_t daily_retention_days = 14;
  std::int64_t weekly_retention_days = 180;
  std::int64_t cold_storage_after_days = 30;
  void describe(FieldVisitor& v);
};

struct BudgetConfig {
  Because because;
  sim::Money monthly_limit{6'000'000'000'000};
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
