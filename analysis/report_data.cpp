#include "analysis/report_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "analysis/report_bill.hpp"
#include "analysis/report_json.hpp"
#include "analysis/report_setting.hpp"
#include "analysis/run_series.hpp"
#include "analysis/units.hpp"
#include "analysis/verdict.hpp"
#include "models/page_table.hpp"
#include "models/platform.hpp"
#include "sim/document.hpp"
#include "sim/field_tree.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {
namespace {

using report::column;
using report::exact;
using report::Json;
using report::number;
using report::period_text;
using report::scalar;
using report::total;

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

Json band(const PerReplication& values) {
  const Band found = band_of(values);
  return {{"low", numbers(found.low)}, {"mean", numbers(found.mean)},
          {"high", numbers(found.high)}};
}

Json charts(const ResultsReader& results) {
  Json json;
  json["pages"] = band(pages_per_second(results));
  const auto add_metric = [&](const char* key, const char* space, const char* name) {
    const auto values = results.metric(space, name);
    if (!values.empty()) json[key] = band(values);
  };
  add_metric("servers", "AWS/AutoScaling", "GroupInServiceInstances");
  add_metric("desired", "AWS/AutoScaling", "GroupDesiredCapacity");
  add_metric("web_cpu", "AWS/EC2", "CPUUtilization");
  add_metric("database_cpu", "AWS/RDS", "CPUUtilization");
  add_metric("cache_cpu", "AWS/ElastiCache", "CPUUtilization");
  json["failed"] = band(scaled(failed_share(results, ""), 100));
  json["orders_placed"] = band(results.series("/orders/placed"));
  json["orders_lost"] = band(results.series("/orders/lost"));
  const auto cost = cost_per_hour(results);
  if (!cost.empty()) json["cost"] = band(cost);
  return json;
}

/// Points (seconds, share of requests that were slower) of a class's latency.
Json distribution(const std::vector<std::uint64_t>& counts) {
  std::uint64_t total = 0;
  for (const auto count : counts) total += count;
  Json points = Json::array();
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < counts.size() && seen < total; ++bin) {
    seen += counts[bin];
    if (counts[bin] == 0) continue;
    points.push_back({number(to_seconds(sim::Histogram::bin_upper(bin))),
                      number(static_cast<double>(total - seen) / static_cast<double>(total))});
  }
  return points;
}

void add_latency(const ResultsReader& results, Json& json) {
  Json latency = Json::object(), slower = Json::object();
  for (const auto& name : results.classes()) {
    const ClassLatency found = results.latency(name, {0.5, 0.95, 0.99}, 1);
    latency[name] = {{"p50", band(found.quantiles[0])}, {"p95", band(found.quantiles[1])},
                     {"p99", band(found.quantiles[2])}};
    slower[name] = distribution(found.counts);
  }
  json["latency"] = std::move(latency);
  json["distribution"] = std::move(slower);
}

std::optional<sim::Document> document(const ResultsReader& results, const char* attribute) {
  sim::Diagnostics ignored;  // the program wrote it; a damaged one shows as missing values
  return sim::parse_document(results.text(attribute), attribute, ignored);
}

/// How far beyond its limit the measured value is; 1 is the limit.
double excess(double value, double limit, bool is_success) {
  if (is_success) return limit < 1 ? (1 - value) / (1 - limit) : 0;
  return limit > 0 ? value / limit : value > 0 ? 1e9 : 0;
}

struct Promises {
  Json list = Json::array();
  std::size_t worst = 0;  ///< index of the one nearest to or farthest beyond its limit
  std::string verdict = "met";
};

/// Of a run that drew values: how likely each promise is kept, by its name.
std::map<std::string, std::string> probabilities(const ResultsReader& results) {
  std::map<std::string, std::string> words;
  if (!results.has("/slo_probability")) return words;  // a file of an older program
  const Table table = results.table("slo_probability");
  const auto names = column<std::string>(table, "name");
  const auto kept = column<double>(table, "kept"), low = column<double>(table, "low"),
             high = column<double>(table, "high");
  for (std::size_t i = 0; i < table.rows(); ++i) {
    char text[96];
    std::snprintf(text, sizeof text, "; kept with a probability of %.1f %% (%.1f %% to %.1f %%)",
                  100 * kept[i], 100 * low[i], 100 * high[i]);
    words[names[i]] = text;
  }
  return words;
}

Promises promises(const ResultsReader& results, const sim::Node& scenario) {
  const Table table = results.table("slo");
  const auto texts = [&](const char* name) { return column<std::string>(table, name); };
  const auto values = [&](const char* name) { return column<double>(table, name); };
  const auto names = texts("name"), words = texts("promise"), verdicts = texts("verdict"),
             bottlenecks = texts("bottleneck");
  const auto limits = values("limit"), means = values("mean"), lows = values("low"),
             highs = values("high"), broken = values("broken_in"), first = values("first_breach_s");
  const auto used = values("bottleneck_utilisation"), waiting = values("bottleneck_queue_length"),
             share = values("bottleneck_share");
  auto likely = probabilities(results);
  Promises result;
  double most = -1;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string metric = scalar(scenario, "slos[" + std::to_string(i) + "].metric");
    const std::string of_class =
        scalar(scenario, "slos[" + std::to_string(i) + "].request_class");
    const bool is_time = metric == "latency" || metric == "recovery_time";
    const double rank = excess(means[i], limits[i], metric == "success_ratio") +
                        (verdicts[i] == "missed" ? 1e6 : verdicts[i] == "undecided" ? 1e3 : 0);
    if (rank > most) {
      most = rank;
      result.worst = i;
    }
    if (verdicts[i] == "missed" || (verdicts[i] == "undecided" && result.verdict == "met")) {
      result.verdict = verdicts[i];
    }
    result.list.push_back({{"name", names[i]}, {"promise", words[i] + likely[names[i]]},
                           {"verdict", verdicts[i]},
                           {"is_time", is_time}, {"limit", limits[i]}, {"mean", exact(means[i])},
                           {"low", exact(lows[i])}, {"high", exact(highs[i])},
                           {"broken_in", broken[i]}, {"first_breach_s", number(first[i])},
                           {"bottleneck", bottlenecks[i]},
                           {"used", number(used[i])}, {"waiting", number(waiting[i])},
                           {"share", number(share[i])},
                           {"advice", bottlenecks[i].empty() ? no_bottleneck_text(of_class)
                                                          : advice_for(bottlenecks[i])}});
  }
  return result;
}

/// The series that the verdict of one promise is about, with the limit in its unit.
Json explaining_chart(const ResultsReader& results, const sim::Node& scenario, const Json& promise,
                      std::size_t index) {
  const std::string path = "slos[" + std::to_string(index) + "].";
  const std::string metric = scalar(scenario, path + "metric");
  const std::string request_class = scalar(scenario, path + "request_class");
  const auto& classes = results.classes();
  const bool known = std::find(classes.begin(), classes.end(), request_class) != classes.end();
  Json chart = {{"name", promise["name"]}, {"promise", promise["promise"]},
                {"of_run", scalar(scenario, path + "window").empty()}};
  if (metric == "latency" && known) {
    const std::string percent = scalar(scenario, path + "percentile");
    const double percentile = std::strtod(percent.c_str(), nullptr);
    const auto window = sim::parse_duration(scalar(scenario, path + "window"));
    const double seconds = window ? static_cast<double>(window->nanoseconds) / 1e9 : 0;
    const auto periods = static_cast<std::size_t>(
        std::max(1.0, std::round(seconds / results.period_seconds())));
    const auto found = results.latency(request_class, {percentile / 100}, periods);
    chart["shows"] = "p" + percent + " of " + request_class +
                     (window ? " in the " + scalar(scenario, path + "window") +
                                   " from each moment on"
                             : " in each " + period_text(results));
    chart["unit"] = "seconds";
    chart["limit"] = promise["limit"];
    chart["series"] = band(found.quantiles[0]);
    return chart;
  }
  chart["unit"] = "percent";
  if (metric == "orders_lost") {
    chart["shows"] = "Share of orders lost in each " + period_text(results);
    chart["limit"] = number(100 * promise["limit"].get<double>());
    chart["series"] = band(scaled(orders_lost_share(results), 100));
    return chart;
  }
  const bool is_success = metric == "success_ratio";
  chart["shows"] = "Share of requests for " + (known ? request_class : "pages") +
                   " that failed in each " + period_text(results);
  chart["limit"] = is_success ? number(100 * (1 - promise["limit"].get<double>())) : Json(nullptr);
  chart["series"] = band(scaled(failed_share(results, known ? request_class : ""), 100));
  return chart;
}

/// What happened in the first replication, for the marks in the charts.
Json events(const ResultsReader& results) {
  Json list = Json::array();
  const auto add = [&](const char* table_name, const char* kind, auto text) {
    const Table table = results.table(table_name);
    const auto replication = column<std::uint64_t>(table, "replication");
    const auto time = column<double>(table, "time_s");
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const std::string what = replication[i] == 0 ? text(table, i) : std::string();
      if (what.empty()) continue;
      list.push_back({{"time_s", number(time[i])}, {"kind", kind}, {"text", what}});
    }
  };
  const auto get = [](const Table& table, const char* name, std::size_t i) {
    return column<std::string>(table, name)[i];
  };
  add("faults", "fault", [&](const Table& t, std::size_t i) {
    return get(t, "name", i) + " " + get(t, "phase", i) + ": " + get(t, "detail", i);
  });
  add("alarms", "alarm", [&](const Table& t, std::size_t i) {
    return get(t, "to", i) == "ALARM" ? get(t, "alarm", i) + ": " + get(t, "reason", i) : "";
  });
  add("scaling_activities", "scaling", [&](const Table& t, std::size_t i) {
    return get(t, "status", i) == "InProgress"
               ? get(t, "description", i) + " (" + get(t, "cause", i) + ")" : "";
  });
  return list;
}

/// Servers that the balancer's health checks failed: how many of the first replication and when the
/// first of them, and in how many replications there were any. Null: in none.
Json unhealthy(const ResultsReader& results) {
  const Table table = results.table("scaling_activities");
  const auto replication = column<std::uint64_t>(table, "replication");
  const auto time = column<double>(table, "time_s");
  const auto status = column<std::string>(table, "status"), what = column<std::string>(table,
             "description"), cause = column<std::string>(table, "cause");
  std::set<std::uint64_t> seen;
  std::size_t count = 0;
  double first = std::nan("");
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (status[i] != "InProgress" || !what[i].starts_with("terminating") ||
        cause[i].find("failed its balancer health checks") == std::string::npos) {
      continue;
    }
    seen.insert(replication[i]);
    if (replication[i] != 0) continue;
    ++count;
    first = std::fmin(first, time[i]);
  }
  if (seen.empty()) return nullptr;
  return {{"replications", seen.size()}, {"servers", count}, {"first_s", number(first)}};
}

/// One sentence about an overload that outlived its trigger, or null.
Json metastability(const ResultsReader& results) {
  if (!results.has("/metastability")) return nullptr;
  const Table table = results.table("metastability");
  if (table.rows() == 0) return nullptr;
  std::string text = "The overload outlives `";
  text += column<std::string>(table, "trigger")[0] + "`, " +
          column<std::string>(table, "in_words")[0] + "; it was found in ";
  const auto count = [&](const char* name) {
    return std::to_string(static_cast<int>(column<double>(table, name)[0]));
  };
  text += count("found_in") + " replications, of which " + count("recovered_in") +
          " recovered by themselves.";
  return text;
}

/// The CPU metric that says how full a tier is.
std::string_view cpu_space(std::string_view tier) {
  if (tier == "web") return "AWS/EC2";
  if (tier == "cache") return "AWS/ElastiCache";
  return tier == "database" ? "AWS/RDS" : "";
}

/// CPU in the busiest period, mean over replications, as a share; null: there is no such metric.
Json busiest(const ResultsReader& results, std::string_view tier) {
  const std::string space(cpu_space(tier));
  if (space.empty()) return nullptr;
  const Band cpu = band_of(results.metric(space, "CPUUtilization"));
  double most = std::nan("");
  for (const double value : cpu.mean) most = std::fmax(most, value / 100);
  return number(most);
}

/// Pages only: images pass by most tiers.
Json tiers(const ResultsReader& results) {
  Json list = Json::array();
  for (const std::string_view tier : enum_names(models::Tier{})) {
    double visits = 0, queue = 0, service = 0;
    for (const auto& name : results.classes()) {
      const std::string group = "/tiers/" + std::string(tier) + "/" + name;
      if (models::is_image_class(name) || !results.has(group)) continue;
      visits += total(results.series(group + "/visits"));
      queue += total(results.series(group + "/queue_s"));
      service += total(results.series(group + "/service_s"));
    }
    if (visits <= 0) continue;
    list.push_back({{"tier", tier}, {"visits", visits}, {"queue_s", exact(queue / visits)},
                    {"service_s", exact(service / visits)},
                    {"busiest", busiest(results, tier)}});
  }
  return list;
}

/// Values that no document of AWS and no measurement stands behind, as the run used them.
void add_assumptions(const sim::FieldNode& field, const std::string& path, const sim::Node& values,
                     const std::string& root, Json& list) {
  for (const auto& child : field.children) {
    if (child.key.empty()) continue;  // lists and variants: their items have no one value
    const std::string below = path.empty() ? child.key : path + "." + child.key;
    if (!child.children.empty()) {
      add_assumptions(child, below, values, root, list);
    } else if (child.confidence == sim::Confidence::assumption) {
      const sim::Node* value = sim::find(values, below);
      if (value == nullptr || value->kind != sim::NodeKind::scalar) continue;
      list.push_back({{"key", root + "." + below}, {"value", value->text},
                      {"meaning", child.meaning}, {"source", child.source}});
    }
  }
}

}  // namespace

std::string promise_to_explain(const ResultsReader& results) {
  const auto scenario = document(results, "scenario_yaml");
  if (!scenario) return {};
  const Promises judged = promises(results, scenario->root);
  return judged.list.empty() ? "" : judged.list[judged.worst]["name"].get<std::string>();
}

std::string report_data(const ResultsReader& results, const std::string& label,
                        const std::string& explained) {
  const auto scenario = document(results, "scenario_yaml");
  const auto platform = document(results, "platform_yaml");
  if (!scenario || !platform) throw Hdf5Error("the scenario in the file cannot be read");
  Json json = {{"label", label},
               {"scenario", results.text("scenario_name")},
               {"question", scalar(scenario->root, "question")},
               {"date", scalar(scenario->root, "date")},
               {"version", results.text("program_version")},
               {"seed", results.text("seed")},
               {"replications", results.replications()},
               {"start_of_day_s", results.start_of_day_seconds()},
               {"period_s", results.period_seconds()},
               {"starts", results.starts()}};
  json["setting"] = report::setting(results, scenario->root, platform->root);
  json["period"] = period_text(results);
  const Promises judged = promises(results, scenario->root);
  json["verdict"] = judged.verdict;
  json["promises"] = judged.list;
  for (std::size_t i = 0; i < judged.list.size(); ++i) {
    if (judged.list[i]["name"] != explained) continue;
    json["explains"] = explaining_chart(results, scenario->root, judged.list[i], i);
  }
  json["charts"] = charts(results);
  add_latency(results, json);
  json["metastability"] = metastability(results);
  json["events"] = events(results);
  json["unhealthy"] = unhealthy(results);
  json["tiers"] = tiers(results);
  report::add_bill(results, json);
  json["assumptions"] = Json::array();
  add_assumptions(sim::field_tree(models::Scenario{}).root, "", scenario->root, "scenario",
                  json["assumptions"]);
  add_assumptions(sim::field_tree(models::Platform{}).root, "", platform->root, "platform",
                  json["assumptions"]);
  json["scenario_yaml"] = results.text("scenario_yaml");
  json["platform_yaml"] = results.text("platform_yaml");
  // Text that is not UTF-8 can only come from a foreign file; it must not stop the report.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace shopsim::analysis
