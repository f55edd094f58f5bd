#include "analysis/verdict.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace shopsim::analysis {
namespace {

constexpr std::string_view kImages = "image";  ///< a request class

using models::SloMetric;
using sim::Duration;
using sim::Time;

/// A queue is looked for from a little before the breach on: it grows before answers get slow.
constexpr Duration kLookBack{120'000'000'000};

/// What looking again costs: `next_batch` stops by the spread, and few replications stop early
/// where their spread is small by chance. Up to 2.5 times the error was seen
/// (docs/adr/003-uncertainty.md).
constexpr double kLooksCost = 3;

Verdict verdict_of(const Interval& value, double limit, bool is_upper) {
  const double best = is_upper ? value.low() : value.high();
  const double worst = is_upper ? value.high() : value.low();
  const auto keeps = [&](double x) { return is_upper ? x <= limit : x >= limit; };
  if (keeps(worst)) return Verdict::met;
  return keeps(best) ? Verdict::undecided : Verdict::missed;
}

/// Which resource was at its limit in the minutes of the breaches, over all replications.
class SaturationTally {
 public:
  void add(const models::RunSummary& summary, Time begin, Time end) {
    minutes_ += std::max<std::int64_t>(1, (end - begin) / Duration{60'000'000'000});
    for (const auto& record : summary.saturation) {
      if (record.time < begin || record.time >= end) continue;
      auto& entry = found_[record.resource];
      ++entry.minutes;
      entry.utilisation += record.utilisation;
      entry.queue_length += record.queue_length;
    }
  }
  [[nodiscard]] std::optional<Bottleneck> most_seen() const {
    const auto most = std::max_element(
        found_.begin(), found_.end(),
        [](const auto& a, const auto& b) { return a.second.minutes < b.second.minutes; });
    if (most == found_.end()) return std::nullopt;
    const auto minutes = static_cast<double>(most->second.minutes);
    return Bottleneck{most->first, most->second.utilisation / minutes,
                      most->second.queue_length / minutes,
                      std::min(1.0, minutes / static_cast<double>(minutes_)),
                      advice_for(most->first)};
  }

 private:
  struct Entry {
    std::int64_t minutes = 0;
    double utilisation = 0;
    double queue_length = 0;
  };
  std::map<std::string, Entry> found_;
  std::int64_t minutes_ = 0;
};

/// The stretch whose bottleneck is named: the worst window, a recovery, or (judged over the run)
/// the minutes around the worst period.
std::pair<Time, Time> stretch(const models::SloConfig& promise, const PromiseValue& value) {
  if (promise.metric == SloMetric::recovery_time) {
    const Duration recovery = sim::seconds_to_duration(value.value);
    return {value.worst, value.worst + recovery + Duration{60'000'000'000}};
  }
  return {value.worst - kLookBack, value.worst + promise.window.value_or(kLookBack)};
}

/// The fault whose effect the breach may be: the last one before the worst moment, if that lies in
/// its finely recorded time.
std::optional<std::string> fault_behind(const models::Scenario& scenario,
                                        const models::RunSummary& summary, Time begin, Time end) {
  std::optional<std::string> name;
  for (const auto& fault : summary.faults) {
    if (fault.phase != "begins") continue;
    if (fault.time < end && begin < fault.time + scenario.recording.fine_after) name = fault.name;
  }
  return name;
}

/// Whether the chance of keeping the promise is large enough; the interval is exact because the
/// number of replications was fixed before.
Verdict verdict_of_chance(const ProportionInterval& sure, double chance) {
  if (sure.low >= chance) return Verdict::met;
  return sure.high < chance ? Verdict::missed : Verdict::undecided;
}

/// The verdict on numbers that are there.
void decide(PromiseResult& result, const VerdictRule& rule, bool is_upper) {
  const std::uint64_t trials = result.values.size();
  const std::uint64_t kept = trials - result.broken_in;
  Verdict alone = Verdict::undecided;  // what it would be for one promise and one look
  if (rule.is_drawn) {
    result.kept = clopper_pearson_interval(kept, trials);
    alone = verdict_of_chance(*result.kept, rule.chance);
    result.verdict =
        verdict_of_chance(clopper_pearson_interval(kept, trials, result.level), rule.chance);
  } else {
    alone = verdict_of(result.value, result.limit, is_upper);
    result.verdict =
        verdict_of(mean_interval(result.values, result.level), result.limit, is_upper);
  }
  result.by_level_only = result.verdict == Verdict::undecided && alone != Verdict::undecided;
}

PromiseResult judge_one(const models::Scenario& scenario, std::size_t index,
                        std::span<const Replication> replications,
                        std::span<const Judged> judged, const VerdictRule& rule) {
  PromiseResult result;
  result.promise = scenario.slos[index];
  result.limit = limit_of(result.promise);
  result.level = verdict_level(scenario.slos.size(), rule);
  const bool is_upper = is_upper_limit(result.promise);
  SaturationTally tally;
  double worst = is_upper ? -1 : std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; r < judged.size(); ++r) {
    const PromiseValue& value = judged[r].promises[index];
    result.values.push_back(value.value);
    result.is_lower_bound = result.is_lower_bound || value.is_lower_bound;
    if (is_upper ? value.value > worst : value.value < worst) {
      worst = value.value;
      result.worst = value.worst;
    }
    const bool breaks =
        is_upper ? value.value > result.limit : value.value < result.limit;
    if (breaks) ++result.broken_in;
    result.breaches.push_back(value.first_breach);
    if (!value.first_breach) continue;
    const auto [begin, end] = stretch(result.promise, value);
    // Images come from the edge and the bucket: no station of the shop is on their way.
    if (result.promise.request_class != kImages) tally.add(replications[r].summary, begin, end);
    const auto fault = fault_behind(scenario, replications[r].summary, begin, end);
    if (fault) result.fault = *fault;
    if (!result.first_breach || *value.first_breach < *result.first_breach) {
      result.first_breach = value.first_breach;
    }
  }
  result.value = mean_interval(result.values);
  decide(result, rule, is_upper);
  if (result.first_breach) result.bottleneck = tally.most_seen();
  return result;
}

}  // namespace

double verdict_level(std::size_t promises, const VerdictRule& rule) {
  const double parts = static_cast<double>(std::max<std::size_t>(promises, 1)) *
                       (rule.may_look_again ? kLooksCost : 1);
  return 1 - (1 - kConfidence) / parts;
}

std::vector<PromiseResult> judge(const models::Scenario& scenario,
                                 std::span<const Replication> replications,
                                 std::span<const Judged> judged, const VerdictRule& rule) {
  std::vector<PromiseResult> results;
  for (std::size_t i = 0; i < scenario.slos.size(); ++i) {
    results.push_back(judge_one(scenario, i, replications, judged, rule));
  }
  return results;
}

Verdict overall(std::span<const PromiseResult> results) {
  const auto any = [&results](Verdict verdict) {
    return std::any_of(results.begin(), results.end(),
                       [verdict](const PromiseResult& r) { return r.verdict == verdict; });
  };
  if (any(Verdict::missed)) return Verdict::missed;
  return any(Verdict::undecided) ? Verdict::undecided : Verdict::met;
}

std::string advice_for(std::string_view resource) {
  static const std::pair<std::string_view, std::string_view> advice[] = {
      {"web CPU",
       "raise web.scaling.minimum before the rush, lower the target of target tracking, or take a "
       "larger web.instance_type"},
      {"web workers",
       "look at what the workers wait for (cache, database), have more servers "
       "(web.scaling.minimum), or raise web.workers"},
      {"web servers (none in service)",
       "raise web.scaling.minimum and spread it over more zones"},
      {"connection pool",
       "raise database.pool.connections (mind max_connections), or shorten the statements"},
      {"database CPU", "take a larger database.instance_class, or cache more reads"},
      {"database IOPS", "raise database.iops, or take a class with more IOPS"},
      {"read replica CPU",
       "raise database.replicas.count, or take a larger database.replicas.instance_class"},
      {"read replica IOPS", "raise database.iops, or take more or larger read replicas"},
      {"reader pool", "raise database.replicas.connections, or add read replicas"},
      {"database storage", "raise database.storage_maximum, or begin with more database.storage"},
      {"database primary",
       "shorten the failover: a smaller database.failover.dns_time_to_live and "
       "database.pool.socket_timeout"},
      {"cache engine CPU", "add cache.shards"},
  };
  if (resource.starts_with("row lock ")) {
    return "hold the row for less time, spread it (stock in several parts), or let its buyers "
           "queue before the database";
  }
  for (const auto& [name, text] : advice) {
    if (resource == name) return std::string(text);
  }
  return "look at the series of this resource in the results file";
}

std::string no_bottleneck_text(std::string_view request_class) {
  if (request_class != kImages) {
    return "No resource was at its limit then: the service itself takes that long.";
  }
  return "Images do not pass the shop's servers: look at what the edges miss "
         "(cdn.image_time_to_live, cdn.edge_capacity, cdn.origin_shield) and how far viewers are.";
}

std::string in_words(const models::SloConfig& promise) {
  std::string of = promise.request_class.empty() ? "all pages" : promise.request_class;
  if (promise.viewers) of += " for viewers in " + std::string(to_text(*promise.viewers));
  const std::string when =
      promise.window ? " in every " + sim::to_text(*promise.window) : " over the run";
  const auto number = [](double x) {
    std::string text = std::to_string(x);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  };
  switch (promise.metric) {
    case SloMetric::latency:
      return "p" + number(promise.percentile) + " of " + of + when + " at most " +
             sim::to_text(promise.limit_time.value_or(Duration{0}));
    case SloMetric::success_ratio:
      return "success of " + of + when + " at least " +
             sim::to_text(promise.limit_share.value_or(sim::Fraction{}));
    case SloMetric::orders_lost:
      return "orders lost" + when + " at most " +
             sim::to_text(promise.limit_share.value_or(sim::Fraction{}));
    case SloMetric::recovery_time:
      return of + " recovers from " + "`" + promise.fault + "`" + " within " +
             sim::to_text(promise.limit_time.value_or(Duration{0}));
  }
  return {};
}

}  // namespace shopsim::analysis
