#include "analysis/failure_modes.hpp"

#include <algorithm>

#include "models/check.hpp"
#include "models/fault_levers.hpp"
#include "sim/document.hpp"

namespace shopsim::analysis {
namespace {

using sim::field;

/// More would be no failure but a way of life, and the states of the overlap chain are the product
/// of the modes.
constexpr double kMostPerYear = 10'000;
constexpr double kMostModes = 12;

bool is_zone_loss(const FailureMode& mode) {
  return std::holds_alternative<models::ZoneLoss>(mode.fault);
}

bool needs_cache(const FailureMode& mode) {
  return std::holds_alternative<models::CacheNodeLoss>(mode.fault) ||
         std::holds_alternative<models::CacheFlush>(mode.fault);
}

void check_mode(const FailureMode& mode, const std::string& path, const models::CheckSink& sink) {
  if (mode.low > mode.yearly || mode.yearly > mode.high) {
    sink.error("rate-range", path + ".yearly",
               "the rate of '" + mode.name + "' does not lie between its low and high ends",
               "order them: low <= yearly <= high");
  }
  if (mode.lasts && !is_zone_loss(mode)) {
    sink.error("lasts-of-what", path + ".lasts",
               "'" + mode.name + "' is no loss of a zone: only that has a length of its own",
               "remove `lasts`; the platform's own times say how long the rest takes");
  }
  if (mode.lasts && mode.lasts->law == sim::Law::gamma) {
    sink.error("lasts-law", path + ".lasts", "a gamma law cannot be stratified here",
               "use lognormal, exponential, uniform or a constant");
  }
  const bool per_zone = mode.per == FailureUnit::zone;
  if (per_zone && !is_zone_loss(mode)) {
    sink.error("rate-unit", path + ".per",
               "a rate per zone is that of a zone_loss; '" + mode.name + "' is another fault",
               "state its rate per server, database, cache_shard or platform");
  }
}

models::FaultKind zone_loss() {
  models::ZoneLoss loss;
  loss.zone = "each";
  return loss;
}

}  // namespace

void FailureMode::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls it", .required = true}, name);
  field(v, {.key = "per", .meaning = "what the rate is stated for", .required = true}, per);
  field(v, {.key = "yearly", .meaning = "how often a year, of one unit", .least = 0,
            .most = kMostPerYear, .required = true}, yearly);
  field(v, {.key = "low", .meaning = "the least it may truly be", .least = 0,
            .most = kMostPerYear, .required = true}, low);
  field(v, {.key = "high", .meaning = "the most it may truly be", .least = 0,
            .most = kMostPerYear, .required = true}, high);
  field(v, {.key = "lasts", .meaning = "how long a lost zone stays lost"}, lasts);
  field(v, {.key = "repaired_in", .meaning = "time until what failed is whole again", .least = 1,
            .most = 2'592'000}, repaired_in);
  field(v, {.key = "source", .meaning = "where the rate comes from"}, source);
  field(v, {.key = "fault", .meaning = "what happens", .required = true}, fault);
}

void FailureRates::describe(sim::FieldVisitor& v) {
  field(v, {.key = "database_restart",
            .meaning = "a database without a standby is down so long when its host fails"},
        database_restart);
  field(v, {.key = "modes", .meaning = "what fails, and how often", .least = 1,
            .most = kMostModes, .required = true}, modes);
}

FailureRates default_failure_rates() {
  using models::CacheFlush;
  using models::CacheNodeLoss;
  using models::DatabaseFailover;
  using models::InstanceCrash;
  using namespace sim::literals;
  FailureRates rates;
  CacheNodeLoss with_replicas;
  with_replicas.with_replicas = true;
  rates.modes = {
      // 2 to 4 % of machines break down in their first year, and each crashes at least twice.
      {"a web server dies", FailureUnit::server, 0.5, 0.04, 2, InstanceCrash{}, {}, 5_min,
       "S-DEAN09; default between its ends: assumption"},
      // Three zones lost in 15 years of us-east-1's six, less than half of such events published.
      {"an availability zone is lost", FailureUnit::zone, 0.05, 0.03, 0.08, zone_loss(),
       sim::DurationDistribution{{sim::Law::lognormal, 10'800, 0.94}}, 300_min,
       "computed from S-PES-1104, S-REG-2112, S-LAVX; length: assumption"},
      // Host failures, operating system patches and changes of the instance all fail over.
      {"the database fails over", FailureUnit::database, 1, 0.2, 4, DatabaseFailover{}, {}, 30_min,
       "causes S-RDS-MAZ; rate: assumption"},
      {"a cache node is lost", FailureUnit::cache_shard, 0.5, 0.04, 2, CacheNodeLoss{}, {}, 10_min,
       "as a server; assumption"},
      {"a cache shard is lost with its replica", FailureUnit::cache_shard, 0.01, 0.001, 0.05,
       with_replicas, {}, 15_min, "assumption"},
      {"the cache is emptied by mistake", FailureUnit::platform, 0.1, 0.01, 1, CacheFlush{}, {},
       15_min, "assumption"},
  };
  return rates;
}

std::optional<FailureRates> load_failure_rates(const std::filesystem::path& file,
                                               sim::Diagnostics& diagnostics) {
  const auto document = sim::read_document(file, diagnostics);
  if (!document) return std::nullopt;
  FailureRates rates;
  sim::Diagnostics own;
  const sim::Places places = sim::read_fields(*document, document->root, rates, own);
  std::vector<std::string> names;
  const models::CheckSink sink{places, own};
  for (std::size_t i = 0; i < rates.modes.size(); ++i) {
    names.push_back(rates.modes[i].name);
    check_mode(rates.modes[i], models::item_path("modes", i), sink);
  }
  models::check_unique(names, "modes", "name", sink);
  for (const sim::Diagnostic& finding : own.all()) diagnostics.add(finding);
  if (own.has_errors()) return std::nullopt;
  return rates;
}

double units_of(const FailureMode& mode, const models::Platform& platform, double servers) {
  switch (mode.per) {
    case FailureUnit::platform: return 1;
    case FailureUnit::zone: return static_cast<double>(platform.network.zones.size());
    case FailureUnit::server: return servers;
    case FailureUnit::database: return 1;
    case FailureUnit::cache_shard: return static_cast<double>(platform.cache.shards);
  }
  return 0;
}

bool fails_database(const FailureMode& mode) {
  return std::holds_alternative<models::DatabaseFailover>(mode.fault);
}

std::vector<FailureMode> modes_on(const FailureRates& rates, const models::Platform& platform,
                                  sim::Diagnostics& diagnostics) {
  std::vector<FailureMode> modes;
  const sim::Places nowhere;
  for (const FailureMode& mode : rates.modes) {
    if (needs_cache(mode) && !platform.cache.enabled) continue;
    const bool drawn = mode.per == FailureUnit::zone || mode.per == FailureUnit::cache_shard;
    if (!drawn && !fails_database(mode)) {
      const models::CheckSink sink{nowhere, diagnostics};
      std::visit(
          [&](const auto& kind) {
            kind.check({platform, "mode '" + mode.name + "'", sink});
          },
          mode.fault);
    }
    modes.push_back(mode);
  }
  return modes;
}

}  // namespace shopsim::analysis
