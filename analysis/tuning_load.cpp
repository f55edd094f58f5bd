#include "analysis/tuning_load.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/page_graph.hpp"

namespace shopsim::analysis {
namespace {

/// Arrivals a second at each step of the whole run, warm-up included.
std::vector<double> arrivals(const models::Plan& plan, double step) {
  const double total = plan.duration.seconds();
  const auto steps = static_cast<std::size_t>(std::ceil(total / step));
  std::vector<double> rate(steps, 0);
  const models::ArrivalPlan& from = plan.arrivals;
  if (!from.trace_counts.empty()) {
    const double bin = from.trace_bin.seconds();
    for (std::size_t i = 0; i < steps; ++i) {
      const auto at = static_cast<std::size_t>((static_cast<double>(i) + 0.5) * step / bin);
      if (at < from.trace_counts.size()) rate[i] = from.trace_scale * from.trace_counts[at] / bin;
    }
    return rate;
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const double now = (static_cast<double>(i) + 0.5) * step;
    while (at + 1 < from.rate.size() && from.rate[at + 1].start.seconds() <= now) ++at;
    if (!from.rate.empty()) rate[i] = from.rate[at].sessions_per_second;
  }
  return rate;
}

/// Pages a second from sessions a second.
std::vector<double> pages_of_sessions(const std::vector<double>& sessions, double step,
                                      double go_on, double think) {
  std::vector<double> pages;
  double thinking = 0;
  const double substep = std::min(step, think / 4);
  for (const double rate : sessions) {
    double sum = 0;
    double time = 0;
    while (time < step) {
      const double length = std::min(substep, step - time);
      const double now = rate + thinking / think;
      thinking += length * (go_on * now - thinking / think);
      sum += length * now;
      time += length;
    }
    pages.push_back(sum / step);
  }
  return pages;
}

}  // namespace

double TrafficLoad::pages() const {
  return step_seconds * std::accumulate(pages_per_second.begin(), pages_per_second.end(), 0.0);
}

double TrafficLoad::highest_rate() const {
  return pages_per_second.empty()
             ? 0
             : *std::max_element(pages_per_second.begin(), pages_per_second.end());
}

double TrafficLoad::spread(double pages) const {
  if (!(pages > 0)) return 1;
  const double sessions = pages / pages_per_session;
  return std::sqrt((index_of_dispersion + 1) / sessions);
}

TrafficLoad traffic_load(const models::Plan& plan) {
  TrafficLoad load;
  load.index_of_dispersion = plan.arrivals.index_of_dispersion;
  const std::vector<double> in = arrivals(plan, load.step_seconds);
  const auto graph = models::build_page_graph(plan.scenario.clients);
  std::vector<double> mix;
  if (plan.arrivals.arrivals_are_pages) {
    load.pages_per_second = in;
    mix = models::stationary_mix(graph);
  } else {
    load.pages_per_session = 1 / (1 - plan.continue_probability);
    load.pages_per_second = pages_of_sessions(in, load.step_seconds, plan.continue_probability,
                                              sim::mean_of(plan.scenario.clients.think));
    mix = models::session_mix(graph, load.pages_per_session);
  }
  const auto skipped = static_cast<std::size_t>(plan.recording_from.seconds() / load.step_seconds);
  load.pages_per_second.erase(
      load.pages_per_second.begin(),
      load.pages_per_second.begin() +
          static_cast<std::ptrdiff_t>(std::min(skipped, load.pages_per_second.size())));
  for (std::size_t p = 0; p < plan.pages.size(); ++p) {
    const models::PagePlan& page = plan.pages[p];
    load.cpu_per_page += mix[p] * sim::mean_of(page.cpu_seconds);
    load.reads_per_page += mix[p] * page.database_reads;
    load.writes_per_page += mix[p] * page.database_writes;
    load.cache_reads_per_page += mix[p] * page.cache_reads;
  }
  return load;
}

}  // namespace shopsim::analysis
