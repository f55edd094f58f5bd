#include "analysis/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/assumptions.hpp"

namespace shopsim::analysis {
namespace {

using models::LoadedScenario;

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
  for (const models::Assumption& assumption : models::assumptions()) {
    if (!models::matters(assumption, loaded)) continue;
    const auto end_of = [&](const models::Move& move) {
      LoadedScenario moved = loaded;
      const bool differs = models::move_to(moved, assumption, move) > 0;
      return differs ? models::in_words(move) : std::string();
    };
    Doubt doubt{std::string(assumption.words), std::string(assumption.key),
                end_of(assumption.low), end_of(assumption.high),
                [&assumption](LoadedScenario& moved, End end) {
                  models::move_to(moved, assumption,
                                  end == End::low ? assumption.low : assumption.high);
                }};
    if (!doubt.low.empty() || !doubt.high.empty()) list.push_back(std::move(doubt));
  }
  return list;
}

Sensitivity try_doubts(const std::vector<Doubt>& doubts, const DoubtTrial& trial) {
  Sensitivity found;
  const auto before = trial(nullptr, End::low);
  found.interrupted = !before;
  for (const Doubt& doubt : doubts) {
    for (const End end : {End::low, End::high}) {
      if (found.interrupted) return found;
      if ((end == End::low ? doubt.low : doubt.high).empty()) continue;
      const auto after = trial(&doubt, end);
      found.interrupted = !after;
      if (after) found.tried.push_back(compare_end(doubt, end, *before, *after));
    }
  }
  found.first = in_order_of_weight(found.tried);
  return found;
}

}  // namespace shopsim::analysis
