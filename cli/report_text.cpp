#include "cli/report_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <map>

#include "analysis/units.hpp"
#include "cli/number_text.hpp"
#include "cli/overload_text.hpp"
#include "cli/text_table.hpp"
#include "cli/wrapped_text.hpp"

namespace shopsim::cli {
namespace {

using analysis::Interval;
using analysis::PromiseResult;
using analysis::RunReport;
using models::SloMetric;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kColumns = 100;

bool is_time(const PromiseResult& result) {
  return result.promise.metric == SloMetric::latency ||
         result.promise.metric == SloMetric::recovery_time;
}

/// A limit as a person would write it: `99.9 %`.
std::string limit_text(const PromiseResult& result) {
  return is_time(result) ? time_text(result.limit) : printed("%g %%", 100 * result.limit);
}

std::string in_unit(const PromiseResult& result, double value) {
  return is_time(result) ? time_text(value) : share_text(value);
}

/// The interval, cut at what the quantity can be at all.
std::string range_text(const PromiseResult& result) {
  const double low = std::max(0.0, result.value.low());
  if (is_time(result)) return time_range_text(low, result.value.high());
  return share_text(low) + " to " + share_text(std::min(1.0, result.value.high()));
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

std::string heading(const Screen& screen, const std::string& text) {
  return '\n' + inked(screen, Ink::strong, text) + '\n';
}

std::string verdict_line(const RunReport& report, const Screen& screen) {
  std::map<analysis::Verdict, int> counts;
  for (const auto& result : report.promises) ++counts[result.verdict];
  std::string text =
      inked(screen, report.verdict, upper_case(analysis::to_text(report.verdict)));
  text += "  " + report.scenario + ": ";
  if (report.promises.empty()) return text + "the scenario makes no promises\n";
  text += std::to_string(counts[analysis::Verdict::met]) + " of " +
          std::to_string(report.promises.size()) + " promises met";
  if (const int n = counts[analysis::Verdict::missed]; n > 0) {
    text += ", " + std::to_string(n) + " missed";
  }
  if (const int n = counts[analysis::Verdict::undecided]; n > 0) {
    text += ", " + std::to_string(n) + " undecided";
  }
  text += " (" + std::to_string(report.replications) + " replications, 95 % intervals)\n";
  return text;
}

/// The promises of a run that drew values: how likely each is kept.
std::string chance_table(const RunReport& report, const Screen& screen) {
  Rows rows = {{"promise", "limit", "measured", "kept in", "probability", "95 % interval",
                "verdict"}};
  const auto percent = [](double share) { return printed("%.1f %%", 100 * share); };
  for (const auto& result : report.promises) {
    const analysis::ProportionInterval kept = result.kept.value_or(analysis::ProportionInterval{});
    rows.push_back({result.promise.name, limit_text(result), in_unit(result, result.value.mean),
                    std::to_string(report.replications - result.broken_in) + " of " +
                        std::to_string(report.replications),
                    percent(kept.estimate), percent(kept.low) + " to " + percent(kept.high),
                    inked(screen, result.verdict,
                          std::string(analysis::to_text(result.verdict)))});
  }
  return text_table(rows, {false, true, true, true, true, true, false}) +
         "  A promise is met when it is kept with a probability of " + percent(report.chance) +
         " or more.\n";
}

std::string promise_table(const RunReport& report, const Screen& screen) {
  if (!report.drawn.empty()) return chance_table(report, screen);
  Rows rows = {{"promise", "limit", "measured", "95 % interval", "verdict"}};
  for (const auto& result : report.promises) {
    const std::string bound = result.is_lower_bound ? "> " : "";
    rows.push_back({result.promise.name, limit_text(result),
                    bound + in_unit(result, result.value.mean), range_text(result),
                    inked(screen, result.verdict,
                          std::string(analysis::to_text(result.verdict)))});
  }
  return text_table(rows, {false, true, true, true, false});
}

/// Promises that hold without a single failure, of which too few requests were looked at.
std::string unseen_text(const RunReport& report) {
  std::string text;
  for (const analysis::UnseenFailures& of : report.unseen) {
    const std::string note =
        of.promise + ": no failure in " + std::to_string(of.trials) + ' ' + of.counted + " of " +
        std::to_string(report.replications) + " replications; with so few, a share of failures " +
        "up to " + printed("%.2g %%", 100 * of.possible) + " (95 %) cannot be excluded, " +
        printed("%g %%", 100 * of.allowed) + " is allowed: simulate longer or more replications.";
    text += "  " + wrapped(note, 2, kColumns) + '\n';
  }
  return text;
}

/// What decides is wider than what is shown: all verdicts must be right together.
std::string undecided_text(const RunReport& report, const PromiseResult& result) {
  std::string text = "Undecided: run more replications (--replications) to narrow the interval";
  if (result.by_level_only) {
    text = "Undecided, although the 95 % interval alone would decide: run more replications "
           "(--replications)";
  }
  if (result.level > analysis::kConfidence) {
    text += "; " + std::to_string(report.promises.size()) +
            (report.promises.size() == 1 ? " promise is" : " promises are") + " judged at " +
            printed("%.2f", 100 * result.level) + " %";
  }
  return "    " + wrapped(text + ".", 4, kColumns) + '\n';
}

/// The story of the promises that did not hold, or are in doubt.
std::string why_text(const RunReport& report, const Screen& screen) {
  std::string text;
  for (const auto& result : report.promises) {
    if (result.verdict == analysis::Verdict::met) continue;
    text += "  " + result.promise.name + ": " + analysis::in_words(result.promise) + ".\n";
    if (result.first_breach) {
      text += "    Broken in " + std::to_string(result.broken_in) + " of " +
              std::to_string(report.replications) + " replications, first from " +
              analysis::clock_text(report.start_of_day, *result.first_breach) + " on, worst from " +
              analysis::clock_text(report.start_of_day, result.worst) + " on.\n";
    }
    if (!result.fault.empty()) text += "    It follows the fault `" + result.fault + "`.\n";
    if (result.bottleneck) {
      const auto& found = *result.bottleneck;
      text += "    Saturated: " + found.resource + " (" + printed("%.0f", 100 * found.utilisation) +
              " % used, " + printed("%.0f", found.queue_length) + " waiting, in " +
              printed("%.0f", 100 * found.share) + " % of those minutes).\n";
      text += "    Try: " + wrapped(found.advice + ".", 9, kColumns) + '\n';
    } else if (result.first_breach && result.fault.empty()) {
      text += "    " +
              wrapped(analysis::no_bottleneck_text(result.promise.request_class), 4, kColumns) +
              '\n';
    }
    if (result.strongest) {
      text += "    It hangs on " + result.strongest->key + " (rank correlation " +
              printed("%.2f", result.strongest->correlation) + ").\n";
    }
    if (result.verdict == analysis::Verdict::undecided) text += undecided_text(report, result);
  }
  if (!text.empty()) text.insert(0, heading(screen, "Why"));
  return text;
}

std::string latency_table(const RunReport& report, const Screen& screen) {
  Rows rows = {{"class", "requests", "success", "mean", "p50", "p95", "p99", "p99.9"}};
  for (const auto& of : report.classes) {
    rows.push_back({of.name, short_number(of.requests.mean), share_text(of.success_ratio.mean),
                    time_text(of.mean.mean), time_text(of.p50.mean), time_text(of.p95.mean),
                    time_text(of.p99.mean), time_text(of.p999.mean)});
  }
  return heading(screen, "Latency over the run") +
         text_table(rows, {false, true, true, true, true, true, true, true});
}

/// Tiers of all pages together: mean queue and service time of a visit.
std::string tier_table(const RunReport& report, const Screen& screen) {
  struct Sum {
    double visits = 0, queue = 0, service = 0;
  };
  std::vector<std::pair<std::string, Sum>> tiers;
  for (const auto& tier : report.tiers) {
    if (tiers.empty() || tiers.back().first != tier.tier) {
      const auto known = std::find_if(tiers.begin(), tiers.end(),
                                      [&](const auto& t) { return t.first == tier.tier; });
      if (known == tiers.end()) tiers.push_back({tier.tier, {}});
    }
    for (auto& [name, sum] : tiers) {
      if (name != tier.tier) continue;
      sum.visits += tier.visits.mean;
      sum.queue += tier.queue.mean * tier.visits.mean;
      sum.service += tier.service.mean * tier.visits.mean;
    }
  }
  Rows rows = {{"tier", "visits", "mean queue", "mean service"}};
  for (const auto& [name, sum] : tiers) {
    rows.push_back({name, short_number(sum.visits), time_text(sum.queue / sum.visits),
                    time_text(sum.service / sum.visits)});
  }
  return heading(screen, "Where the time goes") + text_table(rows, {false, true, true, true});
}

std::string totals_text(const RunReport& report, const Screen& screen) {
  std::string text = heading(screen, "The day");
  text += "  " + short_number(report.dynamic_requests.mean) + " pages and " +
          short_number(report.image_requests.mean) + " images a replication; " +
          printed("%.1f", 100 * (1 - report.image_miss_ratio.mean)) +
          " % of the images from CloudFront, " +
          printed("%.1f", 100 * report.cache_hit_ratio.mean) + " % of the cache reads hit\n";
  if (report.images_failed.mean + report.images_stale.mean > 0) {
    text += "  images: " + printed("%.0f", report.images_failed.mean) + " failed, " +
            printed("%.0f", report.images_stale.mean) + " answered with an expired copy\n";
  }
  text += "  servers in service: " + printed("%.0f", report.servers_least.mean) + " to " +
          printed("%.0f", report.servers_most.mean) + ", mean " +
          printed("%.2f", report.servers_mean.mean) + "; " +
          counted(report.scaling_activities.mean, "scaling activity", "scaling activities") +
          ", " + counted(report.alarms_raised.mean, "alarm") + ", " +
          counted(report.people_told.mean, "message") + " to people\n";
  if (report.replica_reads.mean > 0) {
    text += "  read replicas served " + short_number(report.replica_reads.mean) +
            " statements, " + short_number(report.stale_reads.mean) +
            " of them before the customer's last write had come there\n";
  }
  text += "  orders: " + short_number(report.orders_placed.mean) + " placed (" +
          dollars(report.value_placed.mean) + "), " + printed("%.1f", report.orders_lost.mean) +
          " lost (" + dollars(report.value_lost.mean) + ")\n";
  return text;
}

/// `of 2024-07 to 2026-10-02`: the oldest and the newest date of a price on the bill.
std::string price_dates(const analysis::BillSummary& bill) {
  std::string oldest;
  std::string newest;
  for (const auto& line : bill.lines) {
    const std::string& date = line.item.as_of;
    if (date.empty() || date.front() == '~') continue;
    if (oldest.empty() || date < oldest) oldest = date;
    if (date > newest) newest = date;
  }
  return oldest.empty() ? "without dates" : "of " + oldest + " to " + newest;
}

std::string cost_table(const RunReport& report, const Screen& screen) {
  Rows rows = {{"service", "this run", "+-", "a month like it", "+-"}};
  std::vector<std::string> services;
  struct Known {
    bool some = false;
    bool all = true;
  };
  std::map<std::string, Known> known;
  for (const auto& line : report.bill.lines) {
    if (!known.contains(line.item.service)) services.push_back(line.item.service);
    Known& of = known[line.item.service];
    if (line.run.samples == 0) {
      of.all = false;
    } else {
      of.some = true;
    }
  }
  for (const auto& service : services) {
    if (!known[service].some) {
      rows.push_back({service, "unknown", "", "unknown", ""});
      continue;
    }
    std::vector<double> run, month;  // sums of each replication: its lines rise and fall together
    for (const auto& cost : report.service_costs) {
      if (cost.service != service) continue;
      run.push_back(cost.run.value_or(0));
      month.push_back(cost.month.value_or(0));
    }
    const auto run_sum = analysis::mean_interval(run);
    const auto month_sum = analysis::mean_interval(month);
    rows.push_back({service + (known[service].all ? "" : " *"), dollars(run_sum.mean),
                    amount_text(run_sum.half_width), dollars(month_sum.mean),
                    amount_text(month_sum.half_width)});
  }
  const auto& bill = report.bill;
  rows.push_back({"total of the known", dollars(bill.run.mean),
                  amount_text(bill.run.half_width), dollars(bill.month.mean),
                  amount_text(bill.month.half_width)});
  std::string text = heading(screen, "Cost (on-demand list prices " + price_dates(bill) + ")") +
                     text_table(rows, {false, true, true, true, true});
  if (!bill.unknown.empty()) {
    std::string note = "No price known (not in the total";
    note += std::any_of(known.begin(), known.end(),
                        [](const auto& k) { return k.second.some && !k.second.all; })
                ? "; * marks services they belong to): "
                : "): ";
    for (std::size_t i = 0; i < bill.unknown.size(); ++i) {
      note += i > 0 ? "; " : "";
      note += bill.unknown[i];
    }
    note += ". A prices file (--prices) can supply them.";
    text += "  " + wrapped(note, 2, kColumns) + '\n';
  }
  for (const auto& line : bill.lines) {
    if (!line.item.source.starts_with("assumption")) continue;
    text += "  " + wrapped("Price estimated (in the total): " + line.item.service + ": " +
                               line.item.item + ", " + line.item.source +
                               ". A prices file (--prices) can replace it.",
                           2, kColumns) + '\n';
  }
  return text;
}

std::string drawn_table(const RunReport& report, const Screen& screen) {
  if (report.drawn.empty()) return {};
  Rows rows = {{"value", "law", "least", "median", "most"}};
  for (const analysis::DrawnReport& one : report.drawn) {
    rows.push_back({one.key, one.law, one.least, one.median, one.most});
  }
  return heading(screen, "What every replication drew") +
         text_table(rows, {false, false, true, true, true});
}

/// The assumptions, as they were set, with their ends.
std::string assumptions_text(const RunReport& report, const Screen& screen) {
  std::string list;
  for (const auto& of : report.assumptions) {
    list += (list.empty() ? "" : "; ") + of.words + " " + of.value + " (" + of.low + ", " +
            of.high + ")";
  }
  if (list.empty()) return {};
  return heading(screen, "Assumptions it stands on, with their ends (--sensitivity tries them)") +
         "  " + wrapped(list, 2, kColumns) + '\n';
}

std::string precision_text(const RunReport& report) {
  if (report.stopped != analysis::StopReason::most_reached || !report.drawn.empty()) return {};
  return "\nNote: some intervals are wider than replications.precision asks for; "
         "replications.most ended the run.\n";
}

}  // namespace

std::string report_text(const RunReport& report, const ReportStyle& style) {
  const Screen& screen = style.screen;
  std::string text = verdict_line(report, screen);
  if (!report.promises.empty()) text += promise_table(report, screen);
  if (style.detail == Detail::verdict) return text;
  text += unseen_text(report) + why_text(report, screen) + metastability_text(report, screen);
  if (!style.chart.empty()) text += heading(screen, "The run over time") + style.chart;
  return text + latency_table(report, screen) + tier_table(report, screen) +
         totals_text(report, screen) + bots_text(report, screen) + stores_text(report, screen) +
         cost_table(report, screen) + drawn_table(report, screen) +
         assumptions_text(report, screen) + precision_text(report);
}

}  // namespace shopsim::cli
