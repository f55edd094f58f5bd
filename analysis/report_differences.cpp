#include "analysis/report_differences.hpp"

#include <algorithm>
#include <functional>

#include "analysis/document_differences.hpp"
#include "analysis/report_bill.hpp"
#include "analysis/report_setting.hpp"
#include "analysis/service_costs.hpp"
#include "models/page_table.hpp"
#include "sim/document.hpp"

namespace shopsim::analysis::report {
namespace {

using Samples = std::vector<double>;  ///< [replication]

/// What is paid for by the hour, whatever the traffic, but for servers that scaling adds.
const std::vector<std::string> kMachines = {"EC2", "RDS", "ElastiCache"};

/// One number of each replication; NaN where a replication has none.
struct Quantity {
  std::string id;    ///< "promise", "month", "machines", "lost", "lost_value", "pages"
  std::string name;  ///< as people read it; of a promise its name
  std::string unit;  ///< "s", "share", "USD", "pages"
  std::function<Samples(const ResultsReader&)> read;
};

Samples sum_of(const PerReplication& series) {
  Samples sums;
  for (const auto& one : series) sums.push_back(total({one}));
  return sums;
}

Samples of_promise(const ResultsReader& results, const std::string& name) {
  if (!results.has("/slo_replications")) return {};
  const Table table = results.table("slo_replications");
  const auto names = column<std::string>(table, "name");
  const auto values = column<double>(table, "value");
  Samples samples;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (names[i] == name) samples.push_back(values[i]);
  }
  return samples;
}

Samples lost_share(const ResultsReader& results) {
  const Samples lost = sum_of(results.series("/orders/lost"));
  const Samples placed = sum_of(results.series("/orders/placed"));
  Samples shares;
  for (std::size_t r = 0; r < lost.size(); ++r) {
    const double all = lost[r] + placed[r];
    shares.push_back(all > 0 ? lost[r] / all : 0);
  }
  return shares;
}

Samples pages_answered(const ResultsReader& results) {
  Samples pages(results.replications());
  for (const auto& name : results.classes()) {
    if (models::is_image_class(name)) continue;
    const Samples own = sum_of(results.series("/requests/" + name + "/succeeded"));
    for (std::size_t r = 0; r < pages.size(); ++r) pages[r] += own[r];
  }
  return pages;
}

/// "s" or "share", of the first run's promise at this place.
std::string unit_of_promise(const std::optional<sim::Document>& scenario, std::size_t index) {
  if (!scenario) return "share";
  const std::string metric =
      scalar(scenario->root, "slos[" + std::to_string(index) + "].metric");
  return metric == "latency" || metric == "recovery_time" ? "s" : "share";
}

/// What later runs are compared with the first one in.
std::vector<Quantity> quantities(const ResultsReader& first) {
  std::vector<Quantity> all;
  sim::Diagnostics ignored;
  const auto scenario = sim::parse_document(first.text("scenario_yaml"), "scenario", ignored);
  const auto names = column<std::string>(first.table("slo"), "name");
  for (std::size_t i = 0; i < names.size(); ++i) {
    all.push_back({"promise", names[i], unit_of_promise(scenario, i),
                   [name = names[i]](const ResultsReader& results) {
                     return of_promise(results, name);
                   }});
  }
  all.push_back({"lost", "orders lost", "share", lost_share});
  all.push_back({"lost_value", "value of orders lost in this run", "USD",
                 [](const ResultsReader& results) {
                   return sum_of(results.series("/orders/value_lost_usd"));
                 }});
  all.push_back({"pages", "pages answered", "pages", pages_answered});
  all.push_back({"month", "known cost of 730 hours like it", "USD",
                 [](const ResultsReader& results) {
                   return cost_samples(cost_of_replications(results), "month_usd");
                 }});
  all.push_back({"machines", "of it EC2, RDS and ElastiCache", "USD",
                 [](const ResultsReader& results) {
                   return cost_samples(cost_of_replications(results), "month_usd", kMachines);
                 }});
  return all;
}

Json row(const Quantity& quantity, const Samples& first, const Samples& own) {
  Json json = interval(paired_difference(own, first));
  json["id"] = quantity.id;
  json["name"] = quantity.name;
  json["unit"] = quantity.unit;
  json["of_first"] = exact(mean_interval(first).mean);
  json["own"] = exact(mean_interval(own).mean);
  return json;
}

}  // namespace

std::string why_unpaired(const ResultsReader& first, const ResultsReader& other,
                         const std::string& first_label, const std::string& other_label) {
  const std::string both = first_label + " and " + other_label;
  if (first.text("seed") != other.text("seed")) {
    return both + " have different seeds (" + first.text("seed") + " and " + other.text("seed") +
           "), so that their customers are not the same ones.";
  }
  const auto keys = scenario_differences(first, other);
  const auto back = scenario_differences(other, first);  // keys that only the other has
  if (!keys.empty() || !back.empty()) {
    return both + " are runs of different scenarios (" + (keys.empty() ? back : keys).front() +
           "), so that their customers are not the same ones.";
  }
  if (first.replications() != other.replications()) {
    return both + " have " + std::to_string(first.replications()) + " and " +
           std::to_string(other.replications()) +
           " replications; run both with the same --replications.";
  }
  if (first.starts().size() != other.starts().size()) return both + " do not cover the same time.";
  return {};
}

void read_quantities(const ResultsReader& results) {
  for (const Quantity& quantity : quantities(results)) quantity.read(results);
}

Json differences(std::span<const ResultsReader> results, std::span<const std::string> labels) {
  const ResultsReader& first = results.front();
  Json json = {{"keys", Json::array()}, {"runs", Json::array()}};
  for (const DifferingValue& one : differing_values(results)) {
    json["keys"].push_back({{"key", one.key}, {"values", one.values}});
  }
  for (std::size_t i = 1; i < results.size(); ++i) {
    json["runs"].push_back({{"why_unpaired", why_unpaired(first, results[i], labels[0], labels[i])},
                            {"rows", Json::array()}});
  }
  if (results.size() < 2) return json;
  for (const Quantity& quantity : quantities(first)) {
    const Samples samples = quantity.read(first);
    for (std::size_t i = 1; i < results.size(); ++i) {
      Json& run = json["runs"][i - 1];
      if (!run["why_unpaired"].get<std::string>().empty()) continue;
      const Samples own = quantity.read(results[i]);
      if (samples.empty() || own.size() != samples.size()) continue;  // an older program's file
      run["rows"].push_back(row(quantity, samples, own));
    }
  }
  return json;
}

}  // namespace shopsim::analysis::report
