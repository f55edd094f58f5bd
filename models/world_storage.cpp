// Question: what happens to the database when its volume runs full, and when nobody gets a
// connection to it? Orders and uploads fill the volume; RDS enlarges it by itself, but not below
// 10 % of room for five minutes, not twice in six hours and not beyond the limit (S-RDS-AUTO). A
// full volume refuses writes. A primary without a free connection is taken for unresponsive and
// fails over, or restarts when it has no standby (S-RDS-MAZ names the trigger; how RDS judges it is
// not published: assumption).
#include <algorithm>
#include <cmath>
#include <string>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;
using namespace sim::literals;

namespace {

// Storage autoscaling, S-RDS-AUTO.
constexpr double kLowShare = 0.1;
constexpr Duration kLowFor = 5_min;
constexpr Duration kBetweenChanges = 6_h;
constexpr double kLeastStep = 10.0 * 1024 * 1024 * 1024;
constexpr double kStepShare = 0.1;
constexpr double kForecastHours = 7;
constexpr std::size_t kMinutesOfForecast = 60;

/// How often RDS tries for a connection. Assumption.
constexpr Duration kWatchEvery = 5_s;

std::string gigabytes(double bytes) {
  return std::to_string(static_cast<std::int64_t>(bytes / 1e9)) + " GB";
}

}  // namespace

/// A minute's data come; the volume may be low, full or grow.
template <class Calendar>
void BasicWorld<Calendar>::grow_data() {
  const DatabaseConfig& config = plan_->platform.database;
  const DataGrowthConfig& growth = config.growth;
  const double data =
      static_cast<double>(minute_.orders) * static_cast<double>(growth.per_order.count) +
      static_cast<double>(minute_.bucket_writes) * static_cast<double>(growth.per_upload.count);
  auto& past = database_.free_by_minute;
  if (past.size() == kMinutesOfForecast) past.erase(past.begin());
  past.push_back(database_.free_storage_bytes);
  database_.free_storage_bytes = std::max(0.0, database_.free_storage_bytes - data);
  const bool has_room = database_.free_storage_bytes > kLowShare * database_.allocated_bytes;
  if (has_room) {
    database_.low_since = sim::kNever;
  } else if (database_.low_since == sim::kNever) {
    database_.low_since = now_;
  }
  if (!database_.is_full && database_.free_storage_bytes <= 0) {
    database_.is_full = true;
    note_fault("database", "storage", "the volume is full, writes fail", "full");
  }
  const bool grows_by_itself = !is_cluster_ && config.storage_maximum > config.storage;
  const bool is_low = !has_room && now_ - database_.low_since >= kLowFor;
  if (grows_by_itself && is_low && now_ >= database_.no_change_before) enlarge_storage();
}

/// By 10 GiB, a tenth, or what the past hour foretells for seven more, whichever is most.
template <class Calendar>
void BasicWorld<Calendar>::enlarge_storage() {
  const auto maximum = static_cast<double>(plan_->platform.database.storage_maximum.count);
  const auto& past = database_.free_by_minute;
  const double hours = static_cast<double>(past.size()) / 60;
  const double an_hour = (past.front() - database_.free_storage_bytes) / hours;
  const double foretold = kForecastHours * an_hour - database_.free_storage_bytes;
  const double step = std::max({kLeastStep, kStepShare * database_.allocated_bytes, foretold});
  if (database_.allocated_bytes + step > maximum) {
    if (!database_.at_limit) {
      note_fault("database", "storage",
                 "no autoscaling: " + gigabytes(database_.allocated_bytes + step) +
                     " would exceed storage_maximum", "limit");
    }
    database_.at_limit = true;
    return;
  }
  database_.allocated_bytes += step;
  database_.free_storage_bytes += step;
  database_.no_change_before = now_ + kBetweenChanges;
  database_.low_since = sim::kNever;
  database_.is_full = false;
  database_.at_limit = false;
  for (double& minute : database_.free_by_minute) minute += step;  // data, not room, foretell
  note_fault("database", "storage",
             "the volume has grown to " + gigabytes(database_.allocated_bytes), "grown");
}

/// Looks for a free connection, now and again.
template <class Calendar>
void BasicWorld<Calendar>::watch_connections() {
  schedule(now_ + kWatchEvery, EventKind::database_phase, kWatchConnections);
  const DatabaseConfig& database = plan_->platform.database;
  double granted = 0;
  double used = 0;
  double waiting = 0;
  for (const WebServer& server : servers_) {
    if (server.state != ServerState::running && server.state != ServerState::draining) continue;
    granted += server.pool_size;
    used += server.connections_used;
    waiting += server.pool_queue.size;
  }
  // A proxy gives all to the servers it has; without one the pools may leave some.
  const double all = has_proxy_ ? granted : std::floor(plan_->database.max_connections);
  const bool works =
      database_.phase == DatabasePhase::up || database_.phase == DatabasePhase::promoted;
  if (!works || waiting == 0 || used < all) {
    database_.exhausted_since = sim::kNever;
    return;
  }
  database_.exhausted_since = std::min(database_.exhausted_since, now_);
  if (now_ - database_.exhausted_since < database.failover.unresponsive_after) return;
  database_.is_noticed = true;
  database_.restarts = !has_standby();
  fail_database("database", "unresponsive");
}

/// The first seconds of a backup without a standby to take it from.
template <class Calendar>
void BasicWorld<Calendar>::suspend_storage(Duration duration) {
  if (plan_->platform.database.multi_az) return;
  database_.io_suspended_until = std::max(database_.io_suspended_until, now_ + duration);
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
