#include "analysis/compare.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "analysis/units.hpp"
#include "models/drawn_inputs.hpp"

namespace shopsim::analysis {
namespace {

using models::SloMetric;

/// One number of one replication.
using Read = std::function<double(const Contender&, std::size_t replication)>;

ComparisonRow compare_one(std::span<const Contender> contenders, std::string name,
                           std::string unit, const Read& read) {
  ComparisonRow number{std::move(name), std::move(unit), {}, {}};
  std::vector<std::vector<double>> samples;
  for (const Contender& contender : contenders) {
    auto& own = samples.emplace_back();
    for (std::size_t r = 0; r < contender.simulation.judged.size(); ++r) {
      own.push_back(read(contender, r));
    }
    number.values.push_back(mean_interval(own));
    number.differences.push_back(paired_difference(own, samples.front()));
  }
  return number;
}

std::string unit_of(SloMetric metric) {
  return metric == SloMetric::latency || metric == SloMetric::recovery_time ? "s" : "share";
}

/// What the run and a month like it cost, and of the month what each service does.
void add_costs(std::span<const Contender> contenders, std::vector<ComparisonRow>& numbers) {
  std::map<const Contender*, std::vector<Bill>> bills;
  std::vector<std::string> services;  // in the bills' order
  for (const Contender& c : contenders) {
    for (std::size_t r = 0; r < c.simulation.set.replications.size(); ++r) {
      bills[&c].push_back(
          make_bill(models::drawn_inputs(c.loaded, static_cast<std::uint32_t>(r)).platform,
                    c.loaded.catalogue, c.simulation.set.replications[r].summary.usage));
    }
    for (const BillItem& item : bills[&c].front().items) {
      if (std::ranges::find(services, item.service) == services.end()) {
        services.push_back(item.service);
      }
    }
  }
  numbers.push_back(compare_one(contenders, "cost of the run", "USD",
                                [&](const Contender& c, std::size_t r) {
                                  return to_dollars(bills[&c][r].run);
                                }));
  numbers.push_back(compare_one(contenders, "cost of a month like it", "USD",
                                [&](const Contender& c, std::size_t r) {
                                  return to_dollars(bills[&c][r].month);
                                }));
  for (const std::string& service : services) {
    numbers.push_back(compare_one(contenders, "of it " + service, "USD",
                                  [&](const Contender& c, std::size_t r) {
                                    double sum = 0;
                                    for (const BillItem& item : bills[&c][r].items) {
                                      if (item.service == service && item.month) {
                                        sum += to_dollars(*item.month);
                                      }
                                    }
                                    return sum;
                                  }));
    numbers.back().is_service = true;
  }
}

}  // namespace

Comparison compare(std::span<const Contender> contenders) {
  Comparison comparison;
  for (const Contender& contender : contenders) {
    comparison.names.push_back(contender.name);
    const auto results = judge(contender.loaded.scenario, contender.simulation.set.replications,
                               contender.simulation.judged,
                               verdict_rule(contender.loaded, contender.simulation.set));
    comparison.verdicts.push_back(overall(results));
    auto& verdicts = comparison.promise_verdicts.emplace_back();
    auto& kept = comparison.promise_kept.emplace_back();
    for (const PromiseResult& result : results) {
      verdicts.push_back(result.verdict);
      kept.push_back(result.kept);
    }
  }
  const auto& promises = contenders.front().loaded.scenario.slos;
  auto& numbers = comparison.numbers;
  for (std::size_t i = 0; i < promises.size(); ++i) {
    numbers.push_back(compare_one(
        contenders, promises[i].name, unit_of(promises[i].metric),
        [i](const Contender& c, std::size_t r) {
          return c.simulation.judged[r].promises[i].value;
        }));
    numbers.back().is_promise = true;
    numbers.back().smaller_is_better = is_upper_limit(promises[i]);
  }
  const auto summary = [](const Contender& c, std::size_t r) -> const models::RunSummary& {
    return c.simulation.set.replications[r].summary;
  };
  numbers.push_back(compare_one(contenders, "number of orders lost", "orders",
                                [&](const Contender& c, std::size_t r) {
                                  return static_cast<double>(summary(c, r).orders_lost);
                                }));
  numbers.push_back(compare_one(contenders, "value of orders lost", "USD",
                                [&](const Contender& c, std::size_t r) {
                                  return to_dollars(summary(c, r).order_value_lost);
                                }));
  numbers.push_back(compare_one(contenders, "servers in service, mean", "servers",
                                [](const Contender& c, std::size_t r) {
                                  return c.simulation.judged[r].servers_mean;
                                }));
  add_costs(contenders, numbers);
  return comparison;
}

}  // namespace shopsim::analysis
