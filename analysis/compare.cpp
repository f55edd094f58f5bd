#include "analysis/compare.hpp"

#include <functional>

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
  numbers.push_back(compare_one(contenders, "orders lost", "orders",
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
  numbers.push_back(compare_one(
      contenders, "cost of a month like it", "USD", [&](const Contender& c, std::size_t r) {
        const Bill bill = make_bill(
            models::drawn_inputs(c.loaded, static_cast<std::uint32_t>(r)).platform,
            c.loaded.catalogue, summary(c, r).usage);
        return to_dollars(bill.month);
      }));
  return comparison;
}

}  // namespace shopsim::analysis
