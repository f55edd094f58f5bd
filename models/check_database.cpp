/// Database: class, standby, storage rules of gp3 (S-RDS-STOR), connections (S-RDS-LIM).
#include <algorithm>
#include <string>

#include "models/check.hpp"

namespace shopsim::models {

namespace {

constexpr double kGibibyte = 1073741824.0;
constexpr double kMebibytePerSecond = 8.0 * 1048576.0;  // bits per second

std::string whole(double value) { return std::to_string(static_cast<std::int64_t>(value)); }

/// Below 400 GiB gp3 gives 3,000 IOPS and 125 MiB/s and neither can be changed; from there on it
/// stripes four volumes: 12,000 to 64,000 IOPS, 500 to 4,000 MiB/s (S-RDS-STOR).
void check_storage(const DatabaseConfig& database, const CheckSink& sink) {
  const double gibibytes = static_cast<double>(database.storage.count) / kGibibyte;
  const auto iops = static_cast<double>(database.iops);
  const double throughput = database.throughput.bits_per_second / kMebibytePerSecond;
  const bool striped = gibibytes >= 400;
  const std::string size = whole(gibibytes) + " GiB";
  if (!striped && database.iops != 3000) {
    sink.error("storage-iops", "database.iops",
               "a gp3 volume of " + size + " has 3000 IOPS, not " + whole(iops),
               "below 400 GiB IOPS cannot be changed; enlarge `storage`");
  }
  if (striped && iops < 12'000) {
    sink.error("storage-iops", "database.iops",
               "a gp3 volume of " + size + " has at least 12000 IOPS, not " + whole(iops),
               "write iops: 12000");
  }
  const bool fits = striped ? throughput >= 499.5 && throughput <= 4000.5
                            : throughput > 124.5 && throughput < 125.5;
  if (!fits) {
    sink.error("storage-throughput", "database.throughput",
               "a gp3 volume of " + size + " moves " +
                   (striped ? "500 to 4000 MiB/s" : "125 MiB/s") + ", not " +
                   whole(throughput) + " MiB/s");
  }
  if (throughput > 0.25 * iops + 0.5) {
    sink.error("storage-ratio", "database.throughput",
               whole(throughput) + " MiB/s needs at least " + whole(4 * throughput) + " IOPS",
               "a volume gives at most 0.25 MiB/s for each of its IOPS");
  }
  if (iops > 500 * gibibytes) {
    sink.error("storage-ratio", "database.iops",
               whole(iops) + " IOPS need at least " + whole(iops / 500) + " GiB of storage");
  }
  if (database.storage_maximum < database.storage) {
    sink.error("storage-maximum", "database.storage_maximum",
               "the limit of storage autoscaling lies below the storage itself",
               "write at least " + sim::to_text(database.storage));
  }
}

void check_connections(const Platform& platform, const DatabaseClass& type,
                       const CheckSink& sink) {
  const std::int64_t accepted =
      platform.database.max_connections.value_or(default_max_connections(type.memory));
  const std::int64_t needed = platform.database.pool.connections * platform.web.scaling.maximum;
  const std::string sum = std::to_string(platform.web.scaling.maximum) + " servers x " +
                          std::to_string(platform.database.pool.connections) +
                          " connections = " + std::to_string(needed);
  if (needed > accepted) {
    sink.error("pool-connections", "database.pool.connections",
               sum + " are more than the " + std::to_string(accepted) + " that " + type.name +
                   " accepts",
               "lower database.pool.connections to at most " +
                   std::to_string(accepted / std::max<std::int64_t>(
                                                 platform.web.scaling.maximum, 1)) +
                   ", or take a larger class");
  }
  const bool may_run_out = needed >= accepted || platform.database.proxy.enabled;
  if (platform.database.failover.unresponsive_after.nanoseconds > 0 && !may_run_out) {
    sink.warning("unresponsive-never", "database.failover.unresponsive_after",
                 sum + ": the pools never take all of the " + std::to_string(accepted) +
                     " connections, so that RDS always gets one",
                 "give max_connections: " + std::to_string(needed) + ", or leave this out");
  }
  if (needed <= accepted && static_cast<double>(needed) > 0.8 * static_cast<double>(accepted)) {
    sink.warning("pool-connections", "database.pool.connections",
                 sum + " leave less than 20 % of the " + std::to_string(accepted) +
                     " connections of " + type.name + " for people and failovers");
  }
}

/// Replicas need automated backups of their source (S-RDS-REPL), a known class, and room for the
/// pools of all servers.
void check_replicas(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink) {
  const DatabaseConfig& database = platform.database;
  const ReplicasConfig& replicas = database.replicas;
  const std::int64_t count = database.cluster.enabled ? 2 : replicas.count;
  if (count == 0) return;
  if (database.backup_retention_days == 0) {
    sink.error("replicas-backup", "database.backup_retention_days",
               "read replicas need automated backups of the database they copy",
               "write a retention of at least 1 day, or replicas: {count: 0}");
  }
  const bool is_own = !replicas.instance_class.empty();
  const std::string& name = is_own ? replicas.instance_class : database.instance_class;
  const auto type = catalogue.find_database_class(name);
  if (!type) {
    if (!is_own) return;  // reported for the primary
    sink.error("unknown-type", "database.replicas.instance_class",
               "the database class '" + name + "' is not in the catalogue",
               suggest(name, catalogue.database_class_names()));
    return;
  }
  const std::int64_t accepted =
      count *
      database.max_connections.value_or(default_max_connections(type->memory));
  const std::int64_t needed = replicas.connections * platform.web.scaling.maximum;
  if (needed <= accepted) return;
  sink.error("pool-connections", "database.replicas.connections",
             std::to_string(platform.web.scaling.maximum) + " servers x " +
                 std::to_string(replicas.connections) + " connections = " +
                 std::to_string(needed) + " are more than the " + std::to_string(accepted) +
                 " that " + std::to_string(count) + " x " + name + " accept",
             "lower database.replicas.connections to at most " +
                 std::to_string(accepted /
                                std::max<std::int64_t>(platform.web.scaling.maximum, 1)) +
                 ", or take more or larger replicas");
}

/// Classes a Multi-AZ DB cluster can have (S-RDS-MAZCC).
constexpr std::string_view kClusterFamilies[] = {"db.m5d.",  "db.m6gd.",  "db.m6id.", "db.m6idn.",
                                                 "db.r5d.",  "db.r6gd.",  "db.r6id.", "db.r6idn.",
                                                 "db.x2iedn.", "db.c6gd."};

/// A cluster has three zones, classes with disks of their own, and its own standbys to read.
void check_cluster(const Platform& platform, const CheckSink& sink) {
  const DatabaseConfig& database = platform.database;
  if (!database.cluster.enabled) return;
  const auto error = [&](std::string_view path, std::string message, std::string hint) {
    sink.error("cluster", path, std::move(message), std::move(hint));
  };
  if (!database.multi_az) {
    error("database.cluster.enabled", "a Multi-AZ cluster contradicts multi_az: false",
          "write multi_az: true");
  }
  if (platform.network.zones.size() < 3) {
    error("database.cluster.enabled",
          "a cluster needs three zones, but `network.zones` has " +
              std::to_string(platform.network.zones.size()),
          "add zones, or write cluster: {enabled: false}");
  }
  if (database.replicas.count > 0) {
    error("database.replicas.count", "a cluster's reads go to its two standbys",
          "write replicas: {count: 0}");
  }
  if (!database.replicas.instance_class.empty()) {
    error("database.replicas.instance_class",
          "a cluster's standbys have the class of its writer", "remove it");
  }
  const std::string_view name = database.instance_class;
  const bool fits = std::any_of(std::begin(kClusterFamilies), std::end(kClusterFamilies),
                                [name](std::string_view one) { return name.starts_with(one); });
  if (!fits) {
    error("database.instance_class",
          "there is no Multi-AZ DB cluster of class '" + database.instance_class + "'",
          "take e.g. db.m6gd.large or db.r6gd.xlarge; families m5d, m6gd, m6id, m6idn, r5d, r6gd, "
          "r6id, r6idn, x2iedn and c6gd can be one");
  }
}

bool take_clock(std::string_view& text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() < 5 || !digit(0) || !digit(1) || text[2] != ':' || !digit(3) || !digit(4)) {
    return false;
  }
  if ((text[0] - '0') * 10 + (text[1] - '0') > 23 || text[3] > '5') return false;
  text.remove_prefix(5);
  return true;
}

bool take_text(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool take_day(std::string_view& text) {
  for (const std::string_view day :
       {"mon:", "tue:", "wed:", "thu:", "fri:", "sat:", "sun:"}) {
    if (take_text(text, day)) return true;
  }
  return false;
}

void check_windows(const DatabaseConfig& database, const CheckSink& sink) {
  std::string_view backup = database.backup_window;
  if (!take_clock(backup) || !take_text(backup, "-") || !take_clock(backup) || !backup.empty()) {
    sink.error("window", "database.backup_window",
               "'" + database.backup_window + "' is not a daily window", "write e.g. 07:30-08:00");
  }
  std::string_view upkeep = database.maintenance_window;
  if (!take_day(upkeep) || !take_clock(upkeep) || !take_text(upkeep, "-") || !take_day(upkeep) ||
      !take_clock(upkeep) || !upkeep.empty()) {
    sink.error("window", "database.maintenance_window",
               "'" + database.maintenance_window + "' is not a weekly window",
               "write e.g. sun:08:30-sun:09:30");
  }
}

}  // namespace

void check_database(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink) {
  const DatabaseConfig& database = platform.database;
  const auto type = catalogue.find_database_class(database.instance_class);
  if (!type) {
    sink.error("unknown-type", "database.instance_class",
               "the database class '" + database.instance_class + "' is not in the catalogue",
               suggest(database.instance_class, catalogue.database_class_names()));
  } else {
    check_connections(platform, *type, sink);
  }
  if (database.multi_az && platform.network.zones.size() < 2) {
    sink.error("multi-az", "database.multi_az",
               "a standby needs a second zone, but `network.zones` has " +
                   std::to_string(platform.network.zones.size()),
               "add a zone, or write multi_az: false");
  }
  check_storage(database, sink);
  check_replicas(platform, catalogue, sink);
  check_cluster(platform, sink);
  check_windows(database, sink);
}

}  // namespace shopsim::models
