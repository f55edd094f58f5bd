/// The fields of the operations part of the platform file.
#include "models/platform_operations.hpp"

namespace shopsim::models {

using sim::field;

void KeysConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "rotation", .meaning = "whether customer keys rotate every year"}, rotation);
  field(v, {.key = "customer_keys", .meaning = "customer keys: data, logs, backups",
            .least = 0, .most = 50, .influences = "monthly cost"}, customer_keys);
  field(v, {.key = "throttling",
            .meaning = "whether requests beyond the quota get ThrottlingException",
            .source = "S-KMS", .confidence = Confidence::documented,
            .influences = "errors of pages with objects"}, throttling);
  field(v, {.key = "quota", .meaning = "KMS requests the account leaves to this shop",
            .least = 1, .most = 1e6, .source = "S-KMS", .confidence = Confidence::assumption},
        quota);
}

void SecretsConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "secrets", .meaning = "secrets kept: database master, cache token, application",
            .least = 0, .most = 500, .influences = "monthly cost"}, secrets);
  field(v, {.key = "rotation_days", .meaning = "days between two rotations; 0: never",
            .least = 0, .most = 1000}, rotation_days);
  field(v, {.key = "read_per_connection",
            .meaning = "whether every new database connection reads the secret again",
            .influences = "reconnects after a failover, monthly cost"}, read_per_connection);
  field(v, {.key = "latency", .meaning = "time of one GetSecretValue"}, latency);
  field(v, {.key = "throttling",
            .meaning = "whether requests beyond the quota get ThrottlingException",
            .source = "S-SM-LIM", .confidence = Confidence::documented,
            .influences = "reconnects after a failover"}, throttling);
  field(v, {.key = "quota", .meaning = "GetSecretValue requests the account leaves to this shop",
            .least = 1, .most = 1e6, .source = "S-SM-LIM", .confidence = Confidence::documented},
        quota);
}

void MonitoringConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "detailed", .meaning = "EC2 metrics every minute instead of every five",
            .source = "S-ASG-TT", .confidence = Confidence::documented,
            .influences = "how fast scaling reacts"}, detailed);
  field(v, {.key = "dashboard", .meaning = "whether a dashboard is created"}, dashboard);
  field(v, {.key = "metric_delay",
            .meaning = "time after a period's end until an alarm can see its data",
            .source = "S-CW-EVAL", .confidence = Confidence::assumption,
            .influences = "how fast alarms and scaling react"}, metric_delay);
  field(v, {.key = "log_bytes_per_request", .meaning = "log bytes one dynamic request writes",
            .least = 0, .most = 1e7, .influences = "monthly cost"}, log_bytes_per_request);
  field(v, {.key = "log_retention_days", .meaning = "how long logs are kept; days",
            .least = 1, .most = 3653, .influences = "monthly cost"}, log_retention_days);
}

void NotificationConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "emails", .meaning = "addresses that get every alarm", .least = 0, .most = 50},
        emails);
  field(v, {.key = "phones", .meaning = "numbers that get a text message for critical alarms",
            .least = 0, .most = 50}, phones);
  field(v, {.key = "email_delay", .meaning = "time from the alarm to the mail"}, email_delay);
  field(v, {.key = "phone_delay", .meaning = "time from the alarm to the text message"},
        phone_delay);
}

void SecurityConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "guard_duty", .meaning = "whether GuardDuty watches the account"}, guard_duty);
  field(v, {.key = "guard_duty_s3", .meaning = "whether it watches S3 data events"}, guard_duty_s3);
  field(v, {.key = "guard_duty_rds", .meaning = "whether it watches database logins"},
        guard_duty_rds);
  field(v, {.key = "macie", .meaning = "whether Macie looks for personal data in S3"}, macie);
  field(v, {.key = "security_hub", .meaning = "whether Security Hub collects findings"},
        security_hub);
  field(v, {.key = "config_recorder", .meaning = "whether AWS Config records changes"},
        config_recorder);
}

void TracingConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "whether requests are traced with X-Ray"}, enabled);
  field(v, {.key = "rules",
            .meaning = "local: each server has a reservoir; central: X-Ray shares one out",
            .source = "S-XRAY", .confidence = Confidence::documented,
            .influences = "monthly cost"}, rules);
  field(v, {.key = "reservoir_per_second", .meaning = "requests traced each second before sampling",
            .least = 0, .most = 1000, .source = "S-XRAY", .confidence = Confidence::documented},
        reservoir_per_second);
  field(v, {.key = "sampled_share", .meaning = "share of the other requests that is traced",
            .least = 0, .most = 1, .source = "S-XRAY", .confidence = Confidence::documented,
            .influences = "monthly cost"}, sampled_share);
}

void AuditConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "trail", .meaning = "whether CloudTrail records management events"}, trail);
  field(v, {.key = "data_events", .meaning = "whether it records S3 object events too",
            .influences = "monthly cost"}, data_events);
  field(v, {.key = "retention_days", .meaning = "how long the trail is kept; days",
            .least = 1, .most = 3653}, retention_days);
}

void BackupConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "whether a backup plan exists"}, enabled);
  field(v, {.key = "daily_at", .meaning = "start of the daily backup, HH:MM in UTC"}, daily_at);
  field(v, {.key = "daily_retention_days", .meaning = "how long daily backups are kept; days",
            .least = 1, .most = 36'500, .influences = "monthly cost"}, daily_retention_days);
  field(v, {.key = "weekly_retention_days", .meaning = "how long weekly backups are kept; days",
            .least = 1, .most = 36'500, .influences = "monthly cost"}, weekly_retention_days);
  field(v, {.key = "cold_storage_after_days",
            .meaning = "days until weekly backups move to cold storage; 0: never",
            .least = 0, .most = 36'500}, cold_storage_after_days);
}

void BudgetConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "monthly_limit", .meaning = "spending a month at which the owner is warned",
            .least = 0, .most = 9e9}, monthly_limit);
}

}  // namespace shopsim::models
