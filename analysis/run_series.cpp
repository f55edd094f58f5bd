#include "analysis/run_series.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "models/page_table.hpp"

namespace shopsim::analysis {
namespace {

PerReplication combine(const PerReplication& a, const PerReplication& b, auto operation) {
  PerReplication result = a;
  for (std::size_t r = 0; r < a.size(); ++r) {
    for (std::size_t p = 0; p < a[r].size(); ++p) result[r][p] = operation(a[r][p], b[r][p]);
  }
  return result;
}

double share(double part, double rest) {
  return part + rest > 0 ? part / (part + rest) : std::nan("");
}

/// A series summed over all pages (every class but images).
PerReplication over_pages(const ResultsReader& results, const std::string& name) {
  PerReplication sum;
  for (const auto& one : results.classes()) {
    if (models::is_image_class(one)) continue;
    const auto series = results.series("/requests/" + one + "/" + name);
    sum = sum.empty() ? series : combine(sum, series, std::plus<>{});
  }
  return sum;
}

/// Of all numbers in it.
double mean_of(const PerReplication& values) {
  double sum = 0;
  double count = 0;
  for (const auto& replication : values) {
    for (const double value : replication) {
      if (std::isnan(value)) continue;
      sum += value;
      ++count;
    }
  }
  return count > 0 ? sum / count : 0;
}

/// Known amounts of the bill by what they follow.
double dollars_that_follow(const Table& cost, std::string_view what) {
  const auto* follows = cost.find<std::string>("follows");
  const auto* dollars = cost.find<double>("run_usd");
  if (follows == nullptr || dollars == nullptr) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < cost.rows(); ++i) {
    if ((*follows)[i] == what && std::isfinite((*dollars)[i])) sum += (*dollars)[i];
  }
  return sum;
}

/// A series relative to its mean; 1 everywhere if it is always 0.
PerReplication relative(PerReplication values) {
  const double mean = mean_of(values);
  if (mean > 0) return scaled(std::move(values), 1 / mean);
  for (auto& replication : values) std::fill(replication.begin(), replication.end(), 1.0);
  return values;
}

}  // namespace

PerReplication scaled(PerReplication values, double factor) {
  for (auto& replication : values) {
    for (double& value : replication) value *= factor;
  }
  return values;
}

PerReplication pages_per_second(const ResultsReader& results) {
  return scaled(over_pages(results, "requests"), 1 / results.period_seconds());
}

PerReplication failed_share(const ResultsReader& results, const std::string& request_class) {
  const auto of = [&](const std::string& name) {
    return request_class.empty() ? over_pages(results, name)
                                 : results.series("/requests/" + request_class + "/" + name);
  };
  return combine(of("failed"), of("succeeded"), share);
}

PerReplication orders_lost_share(const ResultsReader& results) {
  return combine(results.series("/orders/lost"), results.series("/orders/placed"), share);
}

PerReplication cost_per_hour(const ResultsReader& results) {
  const auto servers = results.metric("AWS/AutoScaling", "GroupInServiceInstances");
  const auto pages = relative(pages_per_second(results));
  const Table cost = results.table("cost");
  if (servers.empty() || pages.empty() || cost.find<std::string>("follows") == nullptr) return {};
  const double hours =
      results.period_seconds() * static_cast<double>(pages.front().size()) / 3600;
  const double steady = dollars_that_follow(cost, "time") / hours;
  const double by_servers = dollars_that_follow(cost, "servers") / hours;
  const double by_pages = dollars_that_follow(cost, "traffic") / hours;
  return combine(relative(servers), pages, [&](double of_servers, double of_pages) {
    return steady + by_servers * of_servers + by_pages * of_pages;
  });
}

}  // namespace shopsim::analysis
