/// The fields of the platform file: balancer, web tier and the root.
#include "models/platform.hpp"

namespace shopsim::models {

using sim::field;

void BalancerConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "algorithm", .meaning = "how a balancer node picks a server",
            .source = "S-ALB-TG", .confidence = Confidence::documented,
            .influences = "latency when servers differ"}, algorithm);
  field(v, {.key = "health_check", .meaning = "how balancer nodes check servers"}, health_check);
  field(v, {.key = "slow_start",
            .meaning = "time a new server's share rises linearly: 0 (off) or 30 to 900 s",
            .least = 0, .most = 900, .source = "S-ALB-TG", .confidence = Confidence::documented},
        slow_start);
  field(v, {.key = "deregistration_delay", .meaning = "time a leaving server may finish requests",
            .least = 0, .most = 3600, .source = "S-ALB-EDIT", .confidence = Confidence::documented,
            .tunable = true}, deregistration_delay);
  field(v, {.key = "idle_timeout", .meaning = "wait for a server's answer before 504",
            .least = 1, .most = 4000, .source = "S-ALB-LB", .confidence = Confidence::documented,
            .tunable = true, .influences = "504 errors when servers hang"}, idle_timeout);
  field(v, {.key = "connect_timeout", .meaning = "wait for a connection to a server before 504",
            .least = 1, .most = 60, .source = "S-ALB-TROUBLE",
            .confidence = Confidence::documented}, connect_timeout);
  field(v, {.key = "cross_zone", .meaning = "whether a node uses servers of other zones too",
            .source = "S-ALB-LB", .confidence = Confidence::documented}, cross_zone);
  field(v, {.key = "latency", .meaning = "time the balancer adds to a request",
            .influences = "latency of dynamic pages"}, latency);
  field(v, {.key = "access_logs", .meaning = "whether access logs go to S3"}, access_logs);
  field(v, {.key = "deletion_protection", .meaning = "whether deletion is refused"},
        deletion_protection);
}

void WebTierConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "instance_type", .meaning = "type of every web server", .tunable = true,
            .influences = "utilisation, latency, monthly cost"}, instance_type);
  field(v, {.key = "workers", .meaning = "requests in work at once on one server",
            .least = 1, .most = 10'000, .tunable = true,
            .influences = "memory, load on pool and database"}, workers);
  field(v, {.key = "accept_queue", .meaning = "requests waiting for a worker; more are refused",
            .least = 0, .most = 65'535, .tunable = true,
            .influences = "waits and 502 errors under overload"}, accept_queue);
  field(v, {.key = "memory_per_worker", .meaning = "memory one worker needs",
            .least = 1e5, .most = 64e9, .confidence = Confidence::assumption,
            .influences = "how many workers an instance type can hold"}, memory_per_worker);
  field(v, {.key = "unlimited_credits",
            .meaning = "T types out of CPU credits: yes buys more, no slows down to the baseline",
            .source = "S-EC2-T", .confidence = Confidence::documented,
            .influences = "cost or latency of T types"}, unlimited_credits);
  field(v, {.key = "root_volume", .meaning = "size of the system disk of one server",
            .least = 8e9, .most = 16e12, .influences = "monthly cost"}, root_volume);
  field(v, {.key = "scaling", .meaning = "the auto scaling group"}, scaling);
  field(v, {.key = "protection", .meaning = "what a server does when too much is asked of it"},
        protection);
  field(v, {.key = "instances", .meaning = "what single servers suffer from"}, instances);
  field(v, {.key = "deployment", .meaning = "how a new version is rolled out"}, deployment);
  field(v, {.key = "application_port", .meaning = "port the application listens on"},
        application_port);
  field(v, {.key = "health_check_path", .meaning = "path the balancer asks for"},
        health_check_path);
}

void Platform::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "name of the shop; part of the names of resources"}, name);
  field(v, {.key = "region", .meaning = "AWS region; prices are known for us-east-1"}, region);
  field(v, {.key = "network", .meaning = "VPC, zones, subnets, NAT gateways"}, network);
  field(v, {.key = "dns", .meaning = "Route 53: names and health checks"}, dns);
  field(v, {.key = "certificates", .meaning = "ACM certificates"}, certificates);
  field(v, {.key = "cdn", .meaning = "CloudFront"}, cdn);
  field(v, {.key = "waf", .meaning = "WAF web ACL"}, waf);
  field(v, {.key = "balancer", .meaning = "Application Load Balancer"}, balancer);
  field(v, {.key = "web", .meaning = "web servers and their auto scaling group"}, web);
  field(v, {.key = "cache", .meaning = "ElastiCache"}, cache);
  field(v, {.key = "database", .meaning = "RDS for PostgreSQL"}, database);
  field(v, {.key = "object_storage", .meaning = "S3"}, object_storage);
  field(v, {.key = "shared_files", .meaning = "EFS"}, shared_files);
  field(v, {.key = "payment", .meaning = "the payment provider that some pages call"}, payment);
  field(v, {.key = "keys", .meaning = "KMS keys"}, keys);
  field(v, {.key = "secrets", .meaning = "Secrets Manager"}, secrets);
  field(v, {.key = "monitoring", .meaning = "CloudWatch metrics, logs and dashboard"}, monitoring);
  field(v, {.key = "alarms", .meaning = "CloudWatch alarms", .least = 0, .most = 200}, alarms);
  field(v, {.key = "notifications", .meaning = "who is told of alarms (SNS)"}, notifications);
  field(v, {.key = "security", .meaning = "GuardDuty, Macie, Security Hub, Config"}, security);
  field(v, {.key = "tracing", .meaning = "X-Ray"}, tracing);
  field(v, {.key = "audit", .meaning = "CloudTrail"}, audit);
  field(v, {.key = "backup", .meaning = "AWS Backup plan"}, backup);
  field(v, {.key = "budget", .meaning = "spending alarm"}, budget);
}

}  // namespace shopsim::models
