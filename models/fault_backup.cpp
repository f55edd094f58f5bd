// RDS takes its backup: I/O stops for a moment, or the standby is slower for a while (S-RDS-BK).
#include <string>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::Confidence;
using sim::field;

void Backup::describe(sim::FieldVisitor& v) {
  field(v, {.key = "suspension",
            .meaning = "time without I/O at the begin, of a database without a standby",
            .least = 0, .most = 600, .source = "S-RDS-BK", .confidence = Confidence::documented,
            .influences = "latency of statements"}, suspension);
  field(v, {.key = "standby_slowdown",
            .meaning = "the standby's part of a commit, times as much meanwhile; a number",
            .least = 1, .most = 1000, .source = "S-RDS-BK",
            .confidence = Confidence::assumption, .influences = "checkout latency"},
        standby_slowdown);
  field(v, {.key = "duration", .meaning = "time until the backup is taken", .least = 1,
            .most = 86'400, .source = "S-RDS-BK", .confidence = Confidence::documented}, duration);
}

void Backup::check(const FaultSite& site) const {
  if (site.platform.database.backup_retention_days > 0) return;
  site.sink.error("fault-disabled", site.path,
                  "the database takes no backups (database.backup_retention_days is 0)",
                  "remove this fault");
}

void Backup::apply(FaultLevers& shop) const {
  shop.note("a backup of the database is taken", "begins");
  shop.suspend_storage(suspension);
}

void Backup::worsen(Troubles& troubles) const { troubles.standby_slowdown *= standby_slowdown; }

}  // namespace shopsim::models
