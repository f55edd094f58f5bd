#include "cli/report_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/units.hpp"

namespace shopsim::cli {
namespace {

using Json = nlohmann::ordered_json;
using analysis::Interval;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json estimate(const Interval& interval) {
  if (interval.samples == 0) return nullptr;
  return {{"mean", number(interval.mean)},
          {"low", number(interval.low())},
          {"high", number(interval.high())}};
}

Json promise(const analysis::RunReport& report, const analysis::PromiseResult& result) {
  Json json = {{"name", result.promise.name},
               {"promise", analysis::in_words(result.promise)},
               {"because", result.promise.because},
               {"verdict", analysis::to_text(result.verdict)},
               {"limit", result.limit},
               {"value", estimate(result.value)},
               {"is_lower_bound", result.is_lower_bound},
               {"broken_in_replications", result.broken_in},
               {"verdict_level", result.level},
               {"undecided_by_level_only", result.by_level_only},
               {"kept", nullptr},
               {"strongest_draw", nullptr},
               {"fault", result.fault.empty() ? Json(nullptr) : Json(result.fault)},
               {"first_breach", nullptr},
               {"bottleneck", nullptr}};
  if (result.kept) {
    json["kept"] = {{"probability", result.kept->estimate}, {"low", result.kept->low},
                    {"high", result.kept->high}, {"asked", report.chance}};
  }
  if (result.strongest) {
    json["strongest_draw"] = {{"key", result.strongest->key},
                              {"rank_correlation", result.strongest->correlation}};
  }
  if (result.first_breach) {
    json["first_breach"] = {{"seconds", analysis::to_seconds(*result.first_breach)},
                            {"clock", analysis::clock_text(report.start_of_day,
                                                           *result.first_breach)}};
  }
  if (result.bottleneck) {
    json["bottleneck"] = {{"resource", result.bottleneck->resource},
                          {"utilisation", result.bottleneck->utilisation},
                          {"queue_length", result.bottleneck->queue_length},
                          {"share_of_minutes", result.bottleneck->share},
                          {"advice", result.bottleneck->advice}};
  }
  return json;
}

Json unseen_failures(const analysis::RunReport& report) {
  Json list = Json::array();
  for (const analysis::UnseenFailures& of : report.unseen) {
    list.push_back({{"promise", of.promise}, {"counted", of.counted}, {"trials", of.trials},
                    {"possible_share", of.possible}, {"allowed_share", of.allowed}});
  }
  return list;
}

Json cost(const analysis::BillSummary& bill) {
  Json items = Json::array();
  for (const auto& line : bill.lines) {
    items.push_back({{"service", line.item.service}, {"item", line.item.item},
                     {"component", line.item.component}, {"unit", line.item.unit},
                     {"fixed", line.item.is_fixed},
                     {"month_quantity", line.item.month_quantity},
                     {"run_usd", estimate(line.run)}, {"month_usd", estimate(line.month)},
                     {"price_date", line.item.as_of}, {"source", line.item.source}});
  }
  return {{"run_usd", estimate(bill.run)}, {"month_usd", estimate(bill.month)},
          {"without_price", bill.unknown}, {"items", items}};
}

Json classes(const analysis::RunReport& report) {
  Json list = Json::array();
  for (const auto& of : report.classes) {
    list.push_back({{"class", of.name}, {"requests", estimate(of.requests)},
                    {"success_ratio", estimate(of.success_ratio)},
                    {"mean_s", estimate(of.mean)}, {"p50_s", estimate(of.p50)},
                    {"p95_s", estimate(of.p95)}, {"p99_s", estimate(of.p99)},
                    {"p999_s", estimate(of.p999)}, {"late_replies", estimate(of.late_replies)}});
  }
  return list;
}

Json tiers(const analysis::RunReport& report) {
  Json list = Json::array();
  for (const auto& of : report.tiers) {
    list.push_back({{"tier", of.tier}, {"class", of.name}, {"visits", estimate(of.visits)},
                    {"queue_s", estimate(of.queue)}, {"service_s", estimate(of.service)}});
  }
  return list;
}

/// Null where nobody notices in any replication.
Json first_sign(const analysis::FirstSign& sign) {
  if (sign.seen_in == 0) return nullptr;
  Json json = {{"after_s", estimate(sign.after)}, {"seen_in_replications", sign.seen_in}};
  if (!sign.what.empty()) json["by"] = sign.what;
  return json;
}

Json bots(const analysis::RunReport& report) {
  Json list = Json::array();
  for (const auto& bot : report.bots) {
    list.push_back({{"bot", bot.name}, {"sent", estimate(bot.sent)},
                    {"blocked_by_rate", estimate(bot.blocked_by_rate)},
                    {"recognised", estimate(bot.recognised)},
                    {"answered", estimate(bot.answered)}, {"failed", estimate(bot.failed)},
                    {"edge_usd", estimate(bot.edge_dollars)},
                    {"first_block", first_sign(bot.warnings.block)},
                    {"first_alarm", first_sign(bot.warnings.alarm)},
                    {"first_email", first_sign(bot.warnings.email)},
                    {"first_phone", first_sign(bot.warnings.phone)},
                    {"guard_duty", bot.warnings.guard_duty}});
  }
  return list;
}

Json stores(const analysis::RunReport& report) {
  Json counts = Json::object();
  for (const auto& of : report.stores) counts[std::string(of.name)] = estimate(of.count);
  return counts;
}

Json metastability(const analysis::RunReport& report) {
  if (!report.metastability) return nullptr;
  const analysis::Metastability& found = *report.metastability;
  const analysis::Outlived& worst = found.worst;
  return {{"trigger", found.trigger},
          {"loop", analysis::to_text(found.loop)},
          {"in_words", analysis::loop_in_words(worst)},
          {"found_in_replications", found.found_in},
          {"recovered_in_replications", found.recovered_in},
          {"lasted_s", estimate(found.lasted)},
          {"longest",
           {{"from_clock", analysis::clock_text(report.start_of_day, worst.from)},
            {"lasted_s", worst.lasted.seconds()},
            {"recovered", worst.recovered},
            {"attempts_per_page_before", worst.attempts_before},
            {"attempts_per_page", worst.attempts},
            {"cache_miss_share_before", worst.misses_before},
            {"cache_miss_share", worst.misses},
            {"late_share", worst.late_share},
            {"success_share", worst.success}}}};
}

Json drawn(const analysis::RunReport& report) {
  Json list = Json::array();
  for (const analysis::DrawnReport& one : report.drawn) {
    list.push_back({{"key", one.key}, {"law", one.law}, {"values", one.values}});
  }
  return list;
}

Json assumptions(const analysis::RunReport& report) {
  Json list = Json::array();
  for (const auto& of : report.assumptions) {
    list.push_back({{"key", of.key}, {"assumption", of.words}, {"value", of.value},
                    {"low", of.low}, {"high", of.high}, {"basis", of.basis}});
  }
  return list;
}

Json sensitivity_of(const analysis::Sensitivity* found) {
  if (found == nullptr) return nullptr;
  Json tried = Json::array();
  for (const analysis::TriedEnd& end : found->tried) {
    Json flips = Json::array();
    for (const analysis::Flip& flip : end.flips) {
      flips.push_back({{"promise", flip.promise}, {"before", analysis::to_text(flip.before)},
                       {"after", analysis::to_text(flip.after)}});
    }
    tried.push_back({{"key", end.key}, {"assumption", end.words},
                     {"end", analysis::to_text(end.end)}, {"value", end.value},
                     {"flips", flips}, {"largest_change", number(end.largest_change)}});
  }
  return {{"tried", tried}, {"measure_first", found->first}};
}

}  // namespace

std::string report_json(const analysis::RunReport& report, const std::string& results_file,
                        const analysis::Sensitivity* sensitivity) {
  Json promises = Json::array();
  for (const auto& result : report.promises) promises.push_back(promise(report, result));
  const Json json = {
      {"format", 1},
      {"scenario", report.scenario},
      {"verdict", analysis::to_text(report.verdict)},
      {"replications", report.replications},
      {"precise_enough", report.stopped == analysis::StopReason::precise},
      {"promises", promises},
      {"unseen_failures", unseen_failures(report)},
      {"metastability", metastability(report)},
      {"classes", classes(report)},
      {"tiers", tiers(report)},
      {"cost", cost(report.bill)},
      {"dynamic_requests", estimate(report.dynamic_requests)},
      {"image_requests", estimate(report.image_requests)},
      {"image_miss_ratio", estimate(report.image_miss_ratio)},
      {"cache_hit_ratio", estimate(report.cache_hit_ratio)},
      {"replica_reads", estimate(report.replica_reads)},
      {"stale_reads", estimate(report.stale_reads)},
      {"orders_placed", estimate(report.orders_placed)},
      {"orders_lost", estimate(report.orders_lost)},
      {"value_placed_usd", estimate(report.value_placed)},
      {"value_lost_usd", estimate(report.value_lost)},
      {"servers", {{"least", estimate(report.servers_least)},
                   {"mean", estimate(report.servers_mean)},
                   {"most", estimate(report.servers_most)}}},
      {"bots", bots(report)},
      {"stores", stores(report)},
      {"customers_blocked", estimate(report.customers_blocked)},
      {"scaling_activities", estimate(report.scaling_activities)},
      {"alarms_raised", estimate(report.alarms_raised)},
      {"people_told", estimate(report.people_told)},
      {"drawn", drawn(report)},
      {"assumptions", assumptions(report)},
      {"sensitivity", sensitivity_of(sensitivity)},
      {"results_file", results_file}};
  return json.dump(2);
}

}  // namespace shopsim::cli
