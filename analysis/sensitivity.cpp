#include "analysis/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/page_graph.hpp"
#include "models/troubles.hpp"

namespace shopsim::analysis {
namespace {

using models::LoadedScenario;

/// The two ends of something that is multiplied.
struct Factors {
  double low = 0.5;
  double high = 2;
  [[nodiscard]] double at(End end) const { return end == End::low ? low : high; }
};

std::string times(double factor) {
  std::string text = std::to_string(std::lround(factor * 100));
  text.insert(0, text.size() < 3 ? 3 - text.size() : 0, '0');
  return "x " + text.substr(0, text.size() - 2) + "." + text.substr(text.size() - 2);
}

/// An assumption that is multiplied by either factor.
Doubt scaled(std::string words, std::string key, Factors factors,
             std::function<void(LoadedScenario&, double)> scale) {
  return {std::move(words), std::move(key), times(factors.low), times(factors.high),
          [factors, scale = std::move(scale)](LoadedScenario& loaded, End end) {
            scale(loaded, factors.at(end));
          }};
}

/// A law of times that takes `factor` as long.
void stretch(sim::DurationDistribution& law, double factor) { law = models::slowed(law, factor); }

void add_customers(const LoadedScenario& loaded, std::vector<Doubt>& list) {
  const bool is_traced = loaded.scenario.traffic.trace.has_value();
  list.push_back(scaled("the traffic's forecast",
                        is_traced ? "scenario.traffic.trace.scale" : "scenario.traffic.growth",
                        {0.8, 1.25}, [](LoadedScenario& at, double factor) {
                          models::TrafficConfig& traffic = at.scenario.traffic;
                          (traffic.trace ? traffic.trace->scale : traffic.growth) *= factor;
                        }));
  list.push_back(scaled("burstiness of arrivals", "scenario.traffic.index_of_dispersion", {1, 2},
                        [](LoadedScenario& at, double factor) {
                          double& index = at.scenario.traffic.index_of_dispersion;
                          index = factor == 1 ? 1 : index * factor;
                        }));
  list.back().low = "1";
  list.push_back(scaled("time between two pages", "scenario.clients.think", {0.67, 1.5},
                        [](LoadedScenario& at, double factor) {
                          stretch(at.scenario.clients.think, factor);
                        }));
  list.push_back(scaled("how long customers wait for a page", "scenario.clients.timeout",
                        {0.5, 2}, [](LoadedScenario& at, double factor) {
                          sim::Duration& timeout = at.scenario.clients.timeout;
                          timeout = sim::seconds_to_duration(timeout.seconds() * factor);
                        }));
  list.push_back({"retries of customers and their code", "scenario.clients.retries.attempts", "0",
                  "2 more", [](LoadedScenario& at, End end) {
                    std::int64_t& attempts = at.scenario.clients.retries.attempts;
                    attempts = end == End::low ? 0 : attempts + 2;
                  }});
  if (loaded.key_counts.empty()) {
    list.push_back({"how unequal products are asked for", "scenario.catalogue.product_zipf",
                    "- 0.20", "+ 0.20", [](LoadedScenario& at, End end) {
                      double& zipf = at.scenario.catalogue.product_zipf;
                      zipf = std::max(0.0, zipf + (end == End::low ? -0.2 : 0.2));
                    }});
  }
}

void add_servers(const LoadedScenario& loaded, std::vector<Doubt>& list) {
  list.push_back(scaled("CPU of a page", "scenario.clients.pages[].cpu", {0.67, 1.5},
                        [](LoadedScenario& at, double factor) {
                          at.scenario.clients.pages =
                              models::build_page_graph(at.scenario.clients).pages;
                          for (models::PageConfig& page : at.scenario.clients.pages) {
                            stretch(page.cpu, factor);
                          }
                        }));
  const models::AutoScalingConfig& scaling = loaded.platform.web.scaling;
  if (scaling.maximum > scaling.minimum || !loaded.scenario.faults.empty()) {
    list.push_back(scaled("boot of the application", "platform.web.scaling.launch.application",
                          {}, [](LoadedScenario& at, double factor) {
                            stretch(at.platform.web.scaling.launch.application, factor);
                          }));
    list.push_back(scaled("delivery of metrics", "platform.monitoring.metric_delay", {},
                          [](LoadedScenario& at, double factor) {
                            stretch(at.platform.monitoring.metric_delay, factor);
                          }));
  }
  if (loaded.platform.payment.enabled) {
    list.push_back(scaled("the payment provider's answer", "platform.payment.latency", {},
                          [](LoadedScenario& at, double factor) {
                            stretch(at.platform.payment.latency, factor);
                          }));
  }
}

bool fails_database(const models::FaultConfig& fault) {
  return std::holds_alternative<models::DatabaseFailover>(fault.kind) ||
         std::holds_alternative<models::ZoneLoss>(fault.kind);
}

void add_database(const LoadedScenario& loaded, std::vector<Doubt>& list) {
  list.push_back(scaled("reads a vCPU of the database serves", "platform.database.reads_per_vcpu",
                        {}, [](LoadedScenario& at, double factor) {
                          at.platform.database.reads_per_vcpu.per_second *= factor;
                        }));
  list.push_back(scaled("writes a vCPU of the database serves",
                        "platform.database.writes_per_vcpu", {},
                        [](LoadedScenario& at, double factor) {
                          at.platform.database.writes_per_vcpu.per_second *= factor;
                        }));
  list.push_back(scaled("reads that miss the database's memory",
                        "platform.database.buffer_hit_ratio", {},
                        [](LoadedScenario& at, double factor) {
                          double& hits = at.platform.database.buffer_hit_ratio.value;
                          hits = 1 - std::min(1.0, (1 - hits) * factor);
                        }));
  if (std::none_of(loaded.scenario.faults.begin(), loaded.scenario.faults.end(),
                   fails_database)) {
    return;
  }
  list.push_back(scaled("failover of the database", "platform.database.failover", {},
                        [](LoadedScenario& at, double factor) {
                          stretch(at.platform.database.failover.detection, factor);
                          stretch(at.platform.database.failover.promotion, factor);
                        }));
}

TriedEnd compare_end(const Doubt& doubt, End end, const std::vector<PromiseResult>& before,
                     const std::vector<PromiseResult>& after) {
  TriedEnd tried{.words = doubt.words, .key = doubt.key, .end = end,
                 .value = end == End::low ? doubt.low : doubt.high};
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].verdict != after[i].verdict) {
      tried.flips.push_back(
          {before[i].promise.name, before[i].verdict, after[i].verdict});
    }
    // A promise without a number (nothing happened) has changed by nothing.
    const double allowed = before[i].promise.metric == models::SloMetric::success_ratio
                               ? 1 - before[i].limit
                               : before[i].limit;
    const double change = std::abs(after[i].value.mean - before[i].value.mean) / allowed;
    if (std::isfinite(change)) tried.largest_change = std::max(tried.largest_change, change);
  }
  return tried;
}

/// Keys of the assumptions that flip something.
std::vector<std::string> in_order_of_weight(const std::vector<TriedEnd>& tried) {
  struct Weight {
    std::string key;
    std::size_t flips = 0;
    double change = 0;
  };
  std::vector<Weight> weights;
  for (const TriedEnd& end : tried) {
    if (weights.empty() || weights.back().key != end.key) weights.push_back({.key = end.key});
    weights.back().flips += end.flips.size();
    weights.back().change = std::max(weights.back().change, end.largest_change);
  }
  std::erase_if(weights, [](const Weight& weight) { return weight.flips == 0; });
  std::stable_sort(weights.begin(), weights.end(), [](const Weight& a, const Weight& b) {
    return a.flips != b.flips ? a.flips > b.flips : a.change > b.change;
  });
  std::vector<std::string> keys;
  for (Weight& weight : weights) keys.push_back(std::move(weight.key));
  return keys;
}

}  // namespace

std::vector<Doubt> doubts_about(const LoadedScenario& loaded) {
  std::vector<Doubt> list;
  add_customers(loaded, list);
  add_servers(loaded, list);
  add_database(loaded, list);
  return list;
}

Sensitivity try_doubts(const std::vector<Doubt>& doubts, const DoubtTrial& trial) {
  Sensitivity found;
  const auto before = trial(nullptr, End::low);
  found.interrupted = !before;
  for (const Doubt& doubt : doubts) {
    for (const End end : {End::low, End::high}) {
      if (found.interrupted) return found;
      const auto after = trial(&doubt, end);
      found.interrupted = !after;
      if (after) found.tried.push_back(compare_end(doubt, end, *before, *after));
    }
  }
  found.first = in_order_of_weight(found.tried);
  return found;
}

}  // namespace shopsim::analysis
