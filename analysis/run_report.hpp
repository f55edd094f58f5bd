#pragma once
/// Everything a finished run says, as one value: what the terminal, --json, the HDF5 tables and the
/// HTML report print. Made from the replications; nothing in it depends on threads or the clock.
#include <span>
#include <string>
#include <vector>

#include "analysis/bill.hpp"
#include "analysis/bot_warnings.hpp"
#include "analysis/drawn_report.hpp"
#include "analysis/service_costs.hpp"
#include "analysis/store_counts.hpp"
#include "analysis/table.hpp"
#include "analysis/unseen_failures.hpp"
#include "analysis/verdict.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::analysis {

/// One request class over the run: intervals over replications.
struct ClassReport {
  std::string name;
  Interval requests;       ///< begun, per replication
  Interval success_ratio;  ///< of those that ended
  Interval mean;           ///< latency of successes, seconds
  Interval p50, p95, p99, p999;
  Interval late_replies;   ///< answers nobody waited for, per replication
};

/// Mean queue and service time of one class at one tier, over the run.
struct TierReport {
  std::string tier;
  std::string name;        ///< of the class
  Interval visits;         ///< per replication
  Interval queue;          ///< seconds per visit
  Interval service;
};

/// What became of one bot's requests, per replication.
struct BotReport {
  std::string name;
  Interval sent;
  Interval blocked_by_rate;
  Interval recognised;   ///< blocked by the managed rules
  Interval answered;
  Interval failed;
  Interval edge_dollars; ///< WAF and CloudFront for all of them, and the bytes they got
  BotWarnings warnings;  ///< when somebody notices
};

/// An assumption that this result stands on, as it was set.
struct AssumedValue {
  std::string key;
  std::string words;
  std::string value;  ///< with its unit
  std::string low;    ///< its ends, "x 0.50"
  std::string high;
  std::string basis;  ///< of the ends; empty: half and twice
};

struct RunReport {
  std::string scenario;
  std::string question;
  std::string date;
  sim::Duration start_of_day;
  sim::Duration duration;
  std::size_t replications = 0;
  StopReason stopped = StopReason::precise;
  Verdict verdict = Verdict::met;
  std::vector<PromiseResult> promises;
  std::vector<UnseenFailures> unseen;  ///< promises that too few requests speak for
  std::optional<Metastability> metastability;
  std::vector<ClassReport> classes;
  std::vector<TierReport> tiers;
  BillSummary bill;
  std::vector<ServiceCost> service_costs;  ///< replication by replication
  Interval dynamic_requests, image_requests, image_miss_ratio, cache_hit_ratio;
  Interval replica_reads, stale_reads;  ///< statements, as in models::RunSummary
  Interval images_failed, images_stale;
  Interval orders_placed, orders_lost, value_placed, value_lost;  ///< values in US dollars
  Interval servers_mean, servers_least, servers_most;
  Interval scaling_activities, alarms_raised, people_told;
  std::vector<BotReport> bots;
  std::vector<StoreCount> stores;
  std::string guard_duty;      ///< why GuardDuty says what it says of the bots; empty without any
  Interval customers_blocked;  ///< attempts of customers that the rate rule turned away
  double events_per_request = 0;  ///< dynamic requests
  std::vector<AssumedValue> assumptions;  ///< that can change a promise here
  std::vector<DrawnReport> drawn;         ///< numbers that every replication drew
  double chance = 0;                      ///< with which a promise must be kept, if any was drawn
};

/// `judged` belongs to `set` by index. `chance`: with which promises must be kept if values are
/// drawn.
RunReport make_report(const models::LoadedScenario& loaded, const models::Plan& plan,
                      const ReplicationSet& set, std::span<const Judged> judged,
                      double chance = VerdictRule{}.chance);

/// The tables `slo`, `slo_replications`, `cost`, `cost_replications`, `metastability`, `draws` and
/// `slo_probability` of the results file.
std::vector<NamedTable> report_tables(const RunReport& report);

/// The numbers whose precision decides when replications end: every promise's.
std::vector<WatchedValue> watched_values(const models::Scenario& scenario, const Judged& judged);

/// `20:05:30`, with `+1d ` in front on later days.
std::string clock_text(sim::Duration start_of_day, sim::Time time);

}  // namespace shopsim::analysis
