#include "analysis/run_report.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "analysis/simulate.hpp"
#include "analysis/units.hpp"
#include "models/assumptions.hpp"
#include "models/drawn_inputs.hpp"

namespace shopsim::analysis {
namespace {

using models::RunSummary;

double ratio(double part, double whole, double otherwise) {
  return whole > 0 ? part / whole : otherwise;
}

/// The interval of one number per replication.
template <class Items, class Get>
Interval over(const Items& items, Get get) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(static_cast<double>(get(item)));
  return mean_interval(values);
}

ClassReport report_class(const std::string& name, std::size_t index,
                         std::span<const Judged> judged) {
  const auto of = [&](auto get) {
    return over(judged, [&](const Judged& j) { return get(j.classes[index]); });
  };
  const auto quantile = [&](double q) {
    return of([q](const ClassTotals& t) { return to_seconds(t.latency.quantile(q)); });
  };
  return {.name = name,
          .requests = of([](const ClassTotals& t) { return t.requests; }),
          .success_ratio = of([](const ClassTotals& t) {
            const auto ended = static_cast<double>(t.succeeded + t.failed);
            return ratio(static_cast<double>(t.succeeded), ended, 1);
          }),
          .mean = of([](const ClassTotals& t) {
            return ratio(t.latency_sum_seconds, static_cast<double>(t.latency.count()), 0);
          }),
          .p50 = quantile(0.5),
          .p95 = quantile(0.95),
          .p99 = quantile(0.99),
          .p999 = quantile(0.999),
          .late_replies = of([](const ClassTotals& t) { return t.late_replies; })};
}

TierReport report_tier(const std::string& name, std::size_t index, std::size_t tier,
                       std::span<const Judged> judged) {
  const auto of = [&](auto get) {
    return over(judged, [&](const Judged& j) { return get(j.classes[index].tiers[tier]); });
  };
  const auto seconds = [](std::uint64_t nanoseconds, std::uint64_t visits) {
    return ratio(static_cast<double>(nanoseconds) / 1e9, static_cast<double>(visits), 0);
  };
  return {std::string(enum_names(models::Tier{})[tier]), name,
          of([](const models::TierTimes& t) { return t.visits; }),
          of([&](const models::TierTimes& t) { return seconds(t.queue_nanoseconds, t.visits); }),
          of([&](const models::TierTimes& t) { return seconds(t.service_nanoseconds, t.visits); })};
}

void report_totals(const std::vector<Replication>& all, RunReport& report) {
  const auto of = [&all](auto get) {
    return over(all, [&](const Replication& r) { return get(r.summary); });
  };
  report.dynamic_requests = of([](const RunSummary& s) { return s.dynamic_requests; });
  report.image_requests = of([](const RunSummary& s) { return s.image_requests; });
  report.image_miss_ratio = of([](const RunSummary& s) {
    return ratio(static_cast<double>(s.image_misses), static_cast<double>(s.image_requests), 0);
  });
  report.images_failed = of([](const RunSummary& s) { return s.images_failed; });
  report.images_stale = of([](const RunSummary& s) { return s.images_stale; });
  report.cache_hit_ratio = of([](const RunSummary& s) {
    const auto reads = static_cast<double>(s.cache_hits + s.cache_misses);
    return ratio(static_cast<double>(s.cache_hits), reads, 0);
  });
  report.replica_reads = of([](const RunSummary& s) { return s.replica_reads; });
  report.stale_reads = of([](const RunSummary& s) { return s.stale_reads; });
  report.orders_placed = of([](const RunSummary& s) { return s.orders_placed; });
  report.orders_lost = of([](const RunSummary& s) { return s.orders_lost; });
  report.value_placed = of([](const RunSummary& s) { return to_dollars(s.order_value_placed); });
  report.value_lost = of([](const RunSummary& s) { return to_dollars(s.order_value_lost); });
  report.scaling_activities = of([](const RunSummary& s) {  // each is told of again at its end
    return std::count_if(
        s.scaling.begin(), s.scaling.end(),
        [](const models::ScalingActivityRecord& a) { return a.status == "InProgress"; });
  });
  report.alarms_raised = of([](const RunSummary& s) {
    return std::count_if(s.alarms.begin(), s.alarms.end(),
                         [](const models::AlarmChangeRecord& a) { return a.to == "ALARM"; });
  });
  report.people_told = of([](const RunSummary& s) { return s.notifications.size(); });
  double events = 0;
  double requests = 0;
  for (const Replication& r : all) {
    events += static_cast<double>(r.summary.events);
    requests += static_cast<double>(r.summary.dynamic_requests);
  }
  report.events_per_request = ratio(events, requests, 0);
}

Column texts(std::string name, std::vector<std::string> values) {
  return {std::move(name), std::move(values)};
}

template <class Items, class Get>
Column doubles(std::string name, const Items& items, Get get) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(get(item));
  return {std::move(name), std::move(values)};
}

template <class Items, class Get>
Column strings(std::string name, const Items& items, Get get) {
  std::vector<std::string> values;
  for (const auto& item : items) values.emplace_back(get(item));
  return texts(std::move(name), std::move(values));
}

NamedTable slo_table(const std::vector<PromiseResult>& promises) {
  using P = PromiseResult;
  Table table;
  auto& c = table.columns;
  c.push_back(strings("name", promises, [](const P& p) { return p.promise.name; }));
  c.push_back(strings("promise", promises, [](const P& p) { return in_words(p.promise); }));
  c.push_back(strings("verdict", promises, [](const P& p) { return to_text(p.verdict); }));
  c.push_back(doubles("limit", promises, [](const P& p) { return p.limit; }));
  c.push_back(doubles("mean", promises, [](const P& p) { return p.value.mean; }));
  c.push_back(doubles("low", promises, [](const P& p) { return p.value.low(); }));
  c.push_back(doubles("high", promises, [](const P& p) { return p.value.high(); }));
  c.push_back(doubles("broken_in", promises,
                      [](const P& p) { return static_cast<double>(p.broken_in); }));
  c.push_back(doubles("first_breach_s", promises, [](const P& p) {
    return p.first_breach ? to_seconds(*p.first_breach) : std::numeric_limits<double>::quiet_NaN();
  }));
  c.push_back(strings("bottleneck", promises, [](const P& p) {
    return p.bottleneck ? p.bottleneck->resource : std::string();
  }));
  const auto of_bottleneck = [&](const char* name, double Bottleneck::* number) {
    c.push_back(doubles(name, promises, [number](const P& p) {
      return p.bottleneck ? (*p.bottleneck).*number : std::numeric_limits<double>::quiet_NaN();
    }));
  };
  of_bottleneck("bottleneck_utilisation", &Bottleneck::utilisation);
  of_bottleneck("bottleneck_queue_length", &Bottleneck::queue_length);
  of_bottleneck("bottleneck_share", &Bottleneck::share);
  return {"slo", std::move(table)};
}

/// Every promise in every replication.
NamedTable slo_replications_table(std::span<const PromiseResult> promises) {
  std::vector<std::string> names;
  std::vector<std::uint64_t> replications;
  std::vector<double> values;
  std::vector<double> breaches;
  for (const PromiseResult& promise : promises) {
    for (std::size_t r = 0; r < promise.values.size(); ++r) {
      names.push_back(promise.promise.name);
      replications.push_back(r);
      values.push_back(promise.values[r]);
      breaches.push_back(promise.breaches[r] ? to_seconds(*promise.breaches[r])
                                             : std::numeric_limits<double>::quiet_NaN());
    }
  }
  Table table;
  table.columns.push_back({"name", std::move(names)});
  table.columns.push_back({"replication", std::move(replications)});
  table.columns.push_back({"value", std::move(values)});
  table.columns.push_back({"first_breach_s", std::move(breaches)});
  return {"slo_replications", std::move(table)};
}

NamedTable cost_table(const BillSummary& bill) {
  using L = BillSummary::Line;
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const auto known = [unknown](const Interval& amount, double value) {
    return amount.samples == 0 ? unknown : value;
  };
  Table table;
  auto& c = table.columns;
  c.push_back(strings("service", bill.lines, [](const L& l) { return l.item.service; }));
  c.push_back(strings("item", bill.lines, [](const L& l) { return l.item.item; }));
  c.push_back(strings("component", bill.lines, [](const L& l) { return l.item.component; }));
  c.push_back(strings("unit", bill.lines, [](const L& l) { return l.item.unit; }));
  c.push_back(doubles("month_quantity", bill.lines,
                      [](const L& l) { return l.item.month_quantity; }));
  c.push_back(doubles("run_usd", bill.lines,
                      [&](const L& l) { return known(l.run, l.run.mean); }));
  c.push_back(doubles("run_half_width_usd", bill.lines,
                      [&](const L& l) { return known(l.run, l.run.half_width); }));
  c.push_back(doubles("month_usd", bill.lines,
                      [&](const L& l) { return known(l.month, l.month.mean); }));
  c.push_back(doubles("month_half_width_usd", bill.lines,
                      [&](const L& l) { return known(l.month, l.month.half_width); }));
  c.push_back(strings("price_date", bill.lines, [](const L& l) { return l.item.as_of; }));
  c.push_back(strings("source", bill.lines, [](const L& l) { return l.item.source; }));
  c.push_back(strings("follows", bill.lines, [](const L& l) {
    return std::string(l.item.is_fixed ? "time" : l.item.service == "EC2" ? "servers" : "traffic");
  }));
  return {"cost", std::move(table)};
}

/// First price of a key, in dollars a unit; 0 where none is known.
double unit_dollars(const models::Catalogue& catalogue, std::string_view key) {
  const auto price = catalogue.find_price(key);
  if (!price) return 0;
  if (price->price) return to_dollars(*price->price);
  return price->tiers.empty() ? 0 : to_dollars(price->tiers.front().price);
}

std::vector<BotReport> report_bots(const models::LoadedScenario& loaded,
                                   const std::vector<Replication>& replications) {
  std::vector<BotReport> bots;
  const double request = unit_dollars(loaded.catalogue, "waf.requests_1m") / 1e6 +
                         unit_dollars(loaded.catalogue, "cloudfront.https_10k_us") / 1e4;
  const double byte = unit_dollars(loaded.catalogue, "cloudfront.us_gb") / 1e9;
  for (std::size_t i = 0; i < loaded.scenario.bots.size(); ++i) {
    const auto of = [&](auto get) {
      return over(replications, [&](const Replication& r) { return get(r.summary.bots[i]); });
    };
    using models::BotSummary;
    bots.push_back(
        {.name = loaded.scenario.bots[i].name,
         .sent = of([](const BotSummary& b) { return b.sent; }),
         .blocked_by_rate = of([](const BotSummary& b) { return b.blocked_by_rate; }),
         .recognised = of([](const BotSummary& b) { return b.recognised; }),
         .answered = of([](const BotSummary& b) { return b.answered; }),
         .failed = of([](const BotSummary& b) { return b.failed; }),
         .edge_dollars = of([&](const BotSummary& b) {
           return static_cast<double>(b.sent) * request + b.bytes * byte;
         }),
         .warnings = bot_warnings(loaded, i, replications)});
  }
  return bots;
}

/// One row if an overload outlived its trigger, else none.
NamedTable metastability_table(const RunReport& report) {
  std::vector<Metastability> rows;
  if (report.metastability) rows.push_back(*report.metastability);
  using M = Metastability;
  Table table;
  auto& c = table.columns;
  c.push_back(strings("trigger", rows, [](const M& m) { return m.trigger; }));
  c.push_back(strings("loop", rows, [](const M& m) { return to_text(m.loop); }));
  c.push_back(strings("in_words", rows, [](const M& m) { return loop_in_words(m.worst); }));
  c.push_back(doubles("found_in", rows, [](const M& m) {
    return static_cast<double>(m.found_in);
  }));
  c.push_back(doubles("recovered_in", rows, [](const M& m) {
    return static_cast<double>(m.recovered_in);
  }));
  c.push_back(doubles("lasted_s", rows, [](const M& m) { return m.lasted.mean; }));
  c.push_back(doubles("longest_s", rows, [](const M& m) { return to_seconds(m.worst.lasted); }));
  c.push_back(doubles("longest_from_s", rows, [](const M& m) { return to_seconds(m.worst.from); }));
  return {"metastability", std::move(table)};
}

std::vector<AssumedValue> assumed_values(const models::LoadedScenario& loaded) {
  std::vector<AssumedValue> list;
  for (const models::Assumption& of : models::assumptions()) {
    if (!models::matters(of, loaded)) continue;
    list.push_back({std::string(of.key), std::string(of.words),
                    models::present_value(loaded, of), models::in_words(of.low),
                    models::in_words(of.high), std::string(of.basis)});
  }
  return list;
}

}  // namespace

RunReport make_report(const models::LoadedScenario& loaded, const models::Plan& plan,
                      const ReplicationSet& set, std::span<const Judged> judged, double chance) {
  const models::Scenario& scenario = loaded.scenario;
  RunReport report;
  report.scenario = scenario.name;
  report.question = scenario.question;
  report.date = scenario.date;
  report.start_of_day = scenario.start.since_midnight;
  report.duration = scenario.duration;
  report.replications = set.replications.size();
  report.stopped = set.reason;
  VerdictRule rule = verdict_rule(loaded, set);
  rule.chance = chance;
  report.promises = judge(scenario, set.replications, judged, rule);
  report.verdict = overall(report.promises);
  report.unseen = unseen_failures(scenario, plan.class_names, set.replications, judged);
  report.drawn = drawn_report(loaded, set.replications.size());
  report.chance = chance;
  for (PromiseResult& promise : report.promises) {
    promise.strongest = strongest_draw(promise, report.drawn);
  }
  std::vector<std::optional<Outlived>> outlived;
  for (const Judged& one : judged) outlived.push_back(one.outlived);
  report.metastability = metastability_of(outlived);
  for (std::size_t c = 0; c < plan.class_names.size(); ++c) {
    report.classes.push_back(report_class(plan.class_names[c], c, judged));
    for (std::size_t t = 0; t < models::kTiers; ++t) {
      TierReport tier = report_tier(plan.class_names[c], c, t, judged);
      if (tier.visits.mean > 0) report.tiers.push_back(std::move(tier));
    }
  }
  std::vector<Bill> bills;
  for (const Replication& r : set.replications) {
    const models::RunSummary& summary = r.summary;
    bills.push_back(
        report.drawn.empty()
            ? make_bill(loaded.platform, loaded.catalogue, summary.usage)
            : make_bill(models::drawn_inputs(loaded, summary.replication).platform,
                        loaded.catalogue, summary.usage));
  }
  report.bill = summarize_bills(bills);
  report.service_costs = service_costs(bills);
  report_totals(set.replications, report);
  report.bots = report_bots(loaded, set.replications);
  report.stores = store_counts(set.replications);
  if (!report.bots.empty()) report.guard_duty = guard_duty_reason(loaded.platform);
  report.customers_blocked = over(judged, [](const Judged& j) {
    std::uint64_t blocked = 0;
    for (const ClassTotals& of : j.classes) {
      blocked += of.outcomes[static_cast<std::size_t>(models::Outcome::blocked)];
    }
    return blocked;
  });
  report.assumptions = assumed_values(loaded);
  report.servers_mean = over(judged, [](const Judged& j) { return j.servers_mean; });
  report.servers_least = over(judged, [](const Judged& j) { return j.servers_minimum; });
  report.servers_most = over(judged, [](const Judged& j) { return j.servers_maximum; });
  return report;
}

std::vector<NamedTable> report_tables(const RunReport& report) {
  std::vector<NamedTable> tables;
  tables.push_back(slo_table(report.promises));
  tables.push_back(slo_replications_table(report.promises));
  tables.push_back(cost_table(report.bill));
  tables.push_back(service_costs_table(report.service_costs));
  tables.push_back(metastability_table(report));
  for (NamedTable& table : drawn_tables(report.drawn, report.promises)) {
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<WatchedValue> watched_values(const models::Scenario& scenario, const Judged& judged) {
  std::vector<WatchedValue> watched;
  for (std::size_t i = 0; i < judged.promises.size(); ++i) {
    watched.push_back({judged.promises[i].value, limit_of(scenario.slos[i])});
  }
  return watched;
}

std::string clock_text(sim::Duration start_of_day, sim::Time time) {
  const std::int64_t seconds =
      (start_of_day + (time - sim::Time{})).nanoseconds / 1'000'000'000;
  const std::int64_t day = seconds / 86'400;
  char text[48];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(seconds / 3600 % 24),
                static_cast<int>(seconds / 60 % 60));
  std::string result = text;
  if (seconds % 60 != 0) {
    std::snprintf(text, sizeof text, ":%02d", static_cast<int>(seconds % 60));
    result += text;
  }
  return day > 0 ? "+" + std::to_string(day) + "d " + result : result;
}

}  // namespace shopsim::analysis
