#include "analysis/drawn_report.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "models/drawn_inputs.hpp"
#include "sim/decimal.hpp"

namespace shopsim::analysis {
namespace {

/// A drawn number for people: four digits say enough, whole nanoseconds and bytes do not.
std::string drawn_number_text(sim::ValueKind kind, double value) {
  if (kind == sim::ValueKind::integer) return sim::bound_text(kind, value);
  const std::string digits = sim::rounded_text(value, kind == sim::ValueKind::clock_time ? 8 : 4);
  double rounded = value;
  std::from_chars(digits.data(), digits.data() + digits.size(), rounded);
  return sim::bound_text(kind, rounded);
}

}  // namespace

std::vector<DrawnReport> drawn_report(const models::LoadedScenario& loaded,
                                      std::size_t replications) {
  std::vector<DrawnReport> list;
  const auto keys = models::drawn_keys(loaded);
  for (const models::DrawnKey& key : keys) list.push_back({.key = key.key, .law = key.law});
  for (std::size_t r = 0; r < replications; ++r) {
    const auto values = models::drawn_values(loaded, static_cast<std::uint32_t>(r));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      list[i].values.push_back(values[i]);
      list[i].texts.push_back(drawn_number_text(keys[i].kind, values[i]));
    }
  }
  for (DrawnReport& drawn : list) {
    if (drawn.values.empty()) continue;
    std::vector<std::size_t> order(drawn.values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&drawn](std::size_t a, std::size_t b) {
      return std::pair(drawn.values[a], a) < std::pair(drawn.values[b], b);
    });
    drawn.least = drawn.texts[order.front()];
    drawn.median = drawn.texts[order[order.size() / 2]];
    drawn.most = drawn.texts[order.back()];
  }
  return list;
}

std::optional<StrongestDraw> strongest_draw(const PromiseResult& promise,
                                            std::span<const DrawnReport> drawn) {
  const std::size_t count = promise.values.size();
  if (count < kLeastForCorrelation || promise.broken_in == 0) return std::nullopt;
  const double sign = is_upper_limit(promise.promise) ? 1 : -1;
  std::vector<double> correlations;
  std::vector<double> p_values;
  for (const DrawnReport& one : drawn) {
    correlations.push_back(sign * rank_correlation(one.values, promise.values));
    p_values.push_back(rank_correlation_p_value(correlations.back(), count));
  }
  const auto adjusted = holm_adjusted(p_values);
  std::optional<StrongestDraw> strongest;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (adjusted[i] > 1 - kConfidence) continue;
    if (strongest && std::abs(correlations[i]) <= std::abs(strongest->correlation)) continue;
    strongest = StrongestDraw{drawn[i].key, correlations[i]};
  }
  return strongest;
}

std::vector<NamedTable> drawn_tables(std::span<const DrawnReport> drawn,
                                     std::span<const PromiseResult> promises) {
  std::vector<std::string> keys, texts;
  std::vector<std::uint64_t> replications;
  std::vector<double> values;
  for (const DrawnReport& one : drawn) {
    for (std::size_t r = 0; r < one.values.size(); ++r) {
      keys.push_back(one.key);
      replications.push_back(r);
      values.push_back(one.values[r]);
      texts.push_back(one.texts[r]);
    }
  }
  std::vector<std::string> names, strongest;
  std::vector<double> kept, low, high, correlations;
  for (const PromiseResult& promise : promises) {
    if (!promise.kept) continue;
    names.push_back(promise.promise.name);
    kept.push_back(promise.kept->estimate);
    low.push_back(promise.kept->low);
    high.push_back(promise.kept->high);
    strongest.push_back(promise.strongest ? promise.strongest->key : std::string());
    correlations.push_back(promise.strongest ? promise.strongest->correlation : 0);
  }
  std::vector<NamedTable> tables(2);
  tables[0].name = "draws";
  auto& draws = tables[0].table.columns;
  draws.push_back({"key", std::move(keys)});
  draws.push_back({"replication", std::move(replications)});
  draws.push_back({"value", std::move(values)});
  draws.push_back({"text", std::move(texts)});
  tables[1].name = "slo_probability";
  auto& probability = tables[1].table.columns;
  probability.push_back({"name", std::move(names)});
  probability.push_back({"kept", std::move(kept)});
  probability.push_back({"low", std::move(low)});
  probability.push_back({"high", std::move(high)});
  probability.push_back({"strongest_key", std::move(strongest)});
  probability.push_back({"rank_correlation", std::move(correlations)});
  return tables;
}

}  // namespace shopsim::analysis
