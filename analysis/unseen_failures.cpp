#include "analysis/unseen_failures.hpp"

#include <cmath>

#include "models/page_table.hpp"

namespace shopsim::analysis {
namespace {

using models::SloConfig;
using models::SloMetric;

constexpr double kError = 0.05;

struct Trials {
  std::uint64_t all = 0;
  std::uint64_t failed = 0;
};

/// Requests of the promise's class, or of all pages.
Trials requests_of(const SloConfig& promise, const std::vector<std::string>& class_names,
                   std::span<const Judged> judged) {
  const std::string wanted = models::promised_class(promise);
  Trials trials;
  for (std::size_t c = 0; c < class_names.size(); ++c) {
    const bool counts =
        wanted.empty() ? !models::is_image_class(class_names[c]) : class_names[c] == wanted;
    if (!counts) continue;
    for (const Judged& one : judged) {
      trials.all += one.classes[c].succeeded + one.classes[c].failed;
      trials.failed += one.classes[c].failed;
    }
  }
  return trials;
}

Trials orders_of(std::span<const Replication> replications) {
  Trials trials;
  for (const Replication& replication : replications) {
    trials.all += replication.summary.orders_placed + replication.summary.orders_lost;
    trials.failed += replication.summary.orders_lost;
  }
  return trials;
}

}  // namespace

double possible_share(std::uint64_t trials) {
  if (trials == 0) return 1;
  return -std::expm1(std::log(kError) / static_cast<double>(trials));
}

std::vector<UnseenFailures> unseen_failures(const models::Scenario& scenario,
                                            const std::vector<std::string>& class_names,
                                            std::span<const Replication> replications,
                                            std::span<const Judged> judged) {
  std::vector<UnseenFailures> unseen;
  for (const SloConfig& promise : scenario.slos) {
    const bool is_orders = promise.metric == SloMetric::orders_lost;
    if (!is_orders && promise.metric != SloMetric::success_ratio) continue;
    const double allowed = is_orders ? limit_of(promise) : 1 - limit_of(promise);
    const Trials trials =
        is_orders ? orders_of(replications) : requests_of(promise, class_names, judged);
    const double possible = possible_share(trials.all);
    // That nothing at all fails cannot be shown by any number.
    if (trials.failed > 0 || allowed <= 0 || possible <= allowed) continue;
    unseen.push_back({promise.name, is_orders ? "orders" : "requests", trials.all, possible,
                      allowed});
  }
  return unseen;
}

}  // namespace shopsim::analysis
