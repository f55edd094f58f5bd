#include "generator/alarm_catalogue.hpp"

#include <array>

#include "generator/data_stack.hpp"

namespace shopsim::generator {

namespace {

// clang-format off
constexpr std::array kAdvice = {
AlarmAdvice{"AWS/AutoScaling", "GroupInServiceInstances",
 "Fewer web servers are in service than the platform needs.",
 "Open the group's activity history: launches that fail (capacity, image, quota) or servers that are replaced again and again. If launches succeed, look at the bootstrap log in the application log group. Raise DesiredServers by hand if only the count is low."},
AlarmAdvice{"AWS/EC2", "CPUUtilization",
 "The web servers' processors are busy and scaling has not helped.",
 "Compare with the number of servers in service: at the maximum there is no headroom left, so raise MaximumServers (mind the database's connections). Below it, look at the scaling policy's alarms and the activity history."},
AlarmAdvice{"AWS/EC2", "StatusCheckFailed",
 "A web server or its host fails AWS's own check.",
 "The group replaces the server by itself. If it does not within 10 minutes, terminate it by hand and open a case."},
AlarmAdvice{"AWS/EC2", "StatusCheckFailed_AttachedEBS",
 "A web server cannot reach its disk.",
 "The group replaces a server that no longer answers. If several have it, look at AWS's health page for the zone."},
AlarmAdvice{"CWAgent", "mem_used_percent",
 "The web servers run out of memory.",
 "Look for a leak since the last deployment; restart servers one after the other (instance refresh) to gain time."},
AlarmAdvice{"CWAgent", "disk_used_percent",
 "The web servers' disks fill up.",
 "Connect by Session Manager, find what grows (usually logs), then start an instance refresh."},
AlarmAdvice{"AWS/ApplicationELB", "UnHealthyHostCount",
 "A web server does not answer its health check.",
 "The group replaces it after the grace period. If several are unhealthy at once, the cause lies behind them: look at database and cache first."},
AlarmAdvice{"AWS/ApplicationELB", "HealthyHostCount",
 "Too few healthy servers stand behind the balancer.",
 "If servers are in service but unhealthy, the application is sick: read its log, then database and cache alarms. If servers are missing, see servers-in-service."},
AlarmAdvice{"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
 "The application answers with errors.",
 "Open the query `errors by path`. Did a deployment just happen? Roll it back. Else look at database-connections and cache alarms: the application fails when they do."},
AlarmAdvice{"AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count",
 "The balancer answers with errors of its own: no server took the request, or it took too long.",
 "503: no registered servers. 502: servers reset connections. 504: servers do not answer in time. Look at HealthyHostCount and at the servers' processors."},
AlarmAdvice{"AWS/ApplicationELB", "TargetResponseTime",
 "Pages take longer than promised.",
 "Follow the time: processors of the web servers, connections and load of the database, hit rate of the cache. The X-Ray group `slow-or-failed` shows which call takes it."},
AlarmAdvice{"AWS/ApplicationELB", "RejectedConnectionCount",
 "The balancer has reached its number of connections.",
 "Ask AWS for capacity units in advance (LCU reservation) if a campaign runs; check for an attack in the firewall's log."},
AlarmAdvice{"AWS/ApplicationELB", "TargetConnectionErrorCount",
 "The balancer cannot open connections to servers.",
 "The application does not accept: its accept queue is full or it is down. Look at the servers' processors and the application log."},
AlarmAdvice{"AWS/RDS", "CPUUtilization",
 "The database's processors are busy; queries will queue up.",
 "Open Performance Insights, sort by load: one new query or many? Kill a runaway query. If it is ordinary load, move to the next instance class in the maintenance window or, in need, at once (a failover of about a minute)."},
AlarmAdvice{"AWS/RDS", "DatabaseConnections",
 "The database runs out of connections; new servers will get none.",
 "Count servers times pool size. Look for idle-in-transaction sessions and end them. Do not raise the maximum of web servers now."},
AlarmAdvice{"AWS/RDS", "FreeStorageSpace",
 "The database's disk fills up; when it is full the database stops.",
 "Storage grows by itself once in 6 hours: check that it did, else raise AllocatedStorage now. Look for a replication slot that holds write-ahead log back."},
AlarmAdvice{"AWS/RDS", "DBLoad",
 "More sessions want to work than the database has processors.",
 "Performance Insights shows what they wait for: CPU, lock, I/O or commit. Act on the largest."},
AlarmAdvice{"AWS/RDS", "FreeableMemory",
 "The database has little memory left for its file cache.",
 "Look at the number of connections and at work_mem of large queries; plan a larger class."},
AlarmAdvice{"AWS/RDS", "ReadLatency",
 "The database's disk answers reads slowly.",
 "Compare I/O operations with the provisioned number and look at the burst balance of the instance's class."},
AlarmAdvice{"AWS/RDS", "WriteLatency",
 "The database's disk answers writes slowly; with a standby both zones count.",
 "Compare I/O operations with the provisioned number; look for a large batch or vacuum."},
AlarmAdvice{"AWS/RDS", "DiskQueueDepth",
 "Requests queue up before the database's disk.",
 "Look for large scans or batches in Performance Insights; raise the provisioned operations if the load is ordinary."},
AlarmAdvice{"AWS/RDS", "SwapUsage",
 "The database's machine swaps.",
 "Too many connections or too much work_mem for the class: reduce them or take a larger class."},
AlarmAdvice{"AWS/RDS", "EBSByteBalance%",
 "The class's burst of disk bandwidth is nearly used up; soon it falls to its baseline.",
 "Reduce batch work now; take a class with a higher baseline."},
AlarmAdvice{"AWS/RDS", "EBSIOBalance%",
 "The class's burst of disk operations is nearly used up; soon it falls to its baseline.",
 "Reduce batch work now; take a class with a higher baseline."},
AlarmAdvice{"AWS/RDS", "MaximumUsedTransactionIDs",
 "Transaction ids run out; at 2.1 billion PostgreSQL stops writing.",
 "Find what blocks vacuum: long transactions, prepared transactions, replication slots. Then run VACUUM FREEZE on the oldest tables."},
AlarmAdvice{"AWS/ElastiCache", "EngineCPUUtilization",
 "The cache's single thread is busy; answers get slow and time out.",
 "Read the slow log: KEYS, large values, big deletions? If the load is ordinary, take a larger node type or more shards."},
AlarmAdvice{"AWS/ElastiCache", "CPUUtilization",
 "A cache node is busy beyond its engine's thread: network or snapshots.",
 "Look at connections and bandwidth; move the snapshot window."},
AlarmAdvice{"AWS/ElastiCache", "DatabaseMemoryUsagePercentage",
 "The cache is full and throws keys away that are still wanted.",
 "Look at evictions and hit rate: if the hit rate holds, nothing is urgent. Else take a larger node type."},
AlarmAdvice{"AWS/ElastiCache", "CurrConnections",
 "More connections to the cache than the web servers should hold.",
 "A leak in the application's pool or a server that reconnects in a loop: look at new connections."},
AlarmAdvice{"AWS/ElastiCache", "ReplicationLag",
 "The replica is behind; a failover now would lose writes.",
 "Look at the primary's network and the engine's processor; large writes in a short time?"},
AlarmAdvice{"AWS/ElastiCache", "Evictions",
 "The cache throws keys away to make room.",
 "Look at the hit rate; if it falls, the database gets the load. Take a larger node type."},
AlarmAdvice{"AWS/EFS", "PercentIOLimit",
 "The file system reaches its limit of operations.",
 "Find who reads in a loop; switch to elastic throughput."},
AlarmAdvice{"AWS/EFS", "BurstCreditBalance",
 "The file system's burst credits are used up; it falls to its baseline.",
 "Switch the throughput mode to elastic."},
AlarmAdvice{"AWS/NATGateway", "ErrorPortAllocation",
 "The NAT gateway has no free ports; calls to outside fail.",
 "One destination gets too many connections: reuse connections in the application, or add an endpoint or a second address."},
AlarmAdvice{"AWS/NATGateway", "PacketsDropCount",
 "The NAT gateway drops packets.",
 "Look at its bandwidth; open a case if it is far below 100 Gbit/s."},
AlarmAdvice{"AWS/S3", "4xxErrors",
 "Many requests to a bucket are refused.",
 "Look at the bucket's access log: missing objects or a permission that was taken away?"},
AlarmAdvice{"AWS/S3", "5xxErrors",
 "A bucket answers with errors: usually too many requests to one prefix.",
 "Spread keys over prefixes; check that clients back off."},
AlarmAdvice{"AWS/SNS", "NumberOfNotificationsFailed",
 "Messages of alarms do not reach people.",
 "Check the subscriptions and the spending limit of text messages. Until then watch the dashboard."},
AlarmAdvice{"AWS/SNS", "SMSMonthToDateSpentUSD",
 "The month's limit of text messages is nearly used up; beyond it nobody is woken.",
 "Find what rings so often, then ask AWS for a higher monthly limit (SNS, text messaging, account spend limit) and set TextMessageSpendThreshold to 80 % of it."},
AlarmAdvice{"AWS/Backup", "NumberOfBackupJobsFailed",
 "A backup failed: today's recovery point may be missing.",
 "Open the failed job, read its message, start the job again by hand."},
AlarmAdvice{"AWS/WAFV2", "BlockedRequests",
 "The firewall blocks far more requests than usual: an attack, or a rule that hits customers.",
 "Open the firewall's log: one country or network means attack; many browsers on one path mean a false positive, so set that rule to count."},
AlarmAdvice{"AWS/CloudFront", "5xxErrorRate",
 "Customers get errors from CloudFront.",
 "Compare with the balancer's errors: if it has them too, start there. If not, the connection between them broke: certificate of the origin, secret header, security group."},
AlarmAdvice{"AWS/CloudFront", "OriginLatency",
 "The origin answers slowly; CloudFront will give up soon.",
 "See slow-pages."},
AlarmAdvice{"AWS/Route53", "HealthCheckStatus",
 "The shop cannot be reached from outside.",
 "Open the shop from a phone. If it works, look at DNS and certificate; if not, see shop-is-down."},
};
// clang-format on

constexpr AlarmAdvice kGeneral = {"", "", "A metric left its range.",
                                  "Open the dashboard, find the first graph that changed, and "
                                  "begin "
                                  "there."};

Map one(const char* name, Value value) { return {{name, std::move(value)}}; }

std::vector<Map> cache_dimensions(const models::CacheConfig& cache, bool host_metric) {
  std::vector<Map> result;
  if (!cache.enabled) return result;
  for (const std::string& node : cache_node_ids(cache)) {
    Map dimensions = one("CacheClusterId", text("${CacheId}-" + node));
    if (host_metric) dimensions.push_back({"CacheNodeId", "0001"});
    result.push_back(std::move(dimensions));
  }
  return result;
}

std::vector<Map> nat_dimensions(const models::NetworkConfig& network) {
  std::vector<Map> result;
  for (std::size_t zone = 0; zone < network.zones.size(); ++zone) {
    if (zone > 0 && !network.nat_gateway_per_zone) break;
    result.push_back(one("NatGatewayId", ref(zone_id("NatGateway", zone) + "Id")));
  }
  return result;
}

std::vector<Map> bucket_dimensions(const models::ObjectStorageConfig& storage) {
  std::vector<Map> result;
  for (const models::BucketConfig& bucket : storage.buckets) {
    result.push_back({{"BucketName", ref(bucket_id(bucket.name) + "Name")},
                      {"FilterId", "EntireBucket"}});
  }
  return result;
}

}  // namespace

AlarmAdvice advice_for(std::string_view name_space, std::string_view metric) {
  for (const AlarmAdvice& advice : kAdvice) {
    if (advice.name_space == name_space && advice.metric == metric) return advice;
  }
  return kGeneral;
}

AlarmAdvice advice_at_maximum() {
  return {"AWS/AutoScaling", "GroupInServiceInstances",
          "All web servers that scaling may start are running: no headroom is left.",
          "Look at the servers' processors: below the target of scaling nothing is urgent. Else "
          "raise MaximumServers, minding the database's connections, and look for traffic that "
          "should not be there."};
}

bool is_edge_metric(std::string_view name_space) {
  return name_space == "AWS/CloudFront" || name_space == "AWS/Route53";
}

std::vector<Map> dimensions_of(const models::Platform& platform, std::string_view name_space,
                               std::string_view metric) {
  if (name_space == "AWS/AutoScaling" || name_space == "AWS/EC2" || name_space == "CWAgent") {
    return {one("AutoScalingGroupName", ref("ScalingGroupName"))};
  }
  if (name_space == "AWS/ApplicationELB") {
    Map balancer = one("LoadBalancer", ref("BalancerFullName"));
    const bool of_targets = metric == "UnHealthyHostCount" || metric == "HealthyHostCount" ||
                            metric == "RequestCountPerTarget";
    if (of_targets) balancer.insert(balancer.begin(), {"TargetGroup", ref("TargetGroupFullName")});
    return {balancer};
  }
  if (name_space == "AWS/RDS") return {one("DBInstanceIdentifier", ref("DatabaseIdentifier"))};
  if (name_space == "AWS/ElastiCache") {
    return cache_dimensions(platform.cache, metric == "CPUUtilization" ||
                                                metric == "CurrConnections");
  }
  if (name_space == "AWS/CloudFront") {
    if (!platform.cdn.enabled) return {};
    return {{{"DistributionId", ref("Distribution")}, {"Region", "Global"}}};
  }
  if (name_space == "AWS/Route53") return {one("HealthCheckId", ref("HealthCheck"))};
  if (name_space == "AWS/WAFV2") {
    if (!platform.waf.enabled) return {};
    return {{{"WebACL", ref("WebAclName")}, {"Region", ref("AWS::Region")}, {"Rule", "ALL"}}};
  }
  if (name_space == "AWS/S3") return bucket_dimensions(platform.object_storage);
  if (name_space == "AWS/NATGateway") return nat_dimensions(platform.network);
  if (name_space == "AWS/EFS") {
    if (!platform.shared_files.enabled) return {};
    return {one("FileSystemId", ref("FilesId"))};
  }
  if (name_space == "AWS/Backup") {
    if (!platform.backup.enabled) return {};
    return {one("BackupVaultName", ref("BackupVaultName"))};
  }
  return {};
}

}  // namespace shopsim::generator
