#include "models/scaling_forecast.hpp"

#include "models/page_graph.hpp"
#include "models/traffic_shape.hpp"

namespace shopsim::models {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kSecondsPerDay = 86'400;
/// The shape is linear between the middles of the hours: both halves of an hour by their middles.
constexpr double kMiddles[] = {0.25, 0.75};

/// Seconds of one instance's time that a page takes, in the mean over the pages of a session.
double mean_page_seconds(const Plan& plan) {
  const ClientsConfig& clients = plan.scenario.clients;
  const std::vector<double> mix =
      session_mix(build_page_graph(clients), clients.pages_per_session);
  double seconds = 0;
  for (std::size_t i = 0; i < mix.size(); ++i) {
    seconds += mix[i] * sim::mean_of(plan.pages[i].cpu_seconds);
  }
  return seconds / (plan.server.vcpus * plan.server.relative_speed);
}

}  // namespace

std::vector<ForecastHour> forecast_of(const Plan& plan) {
  const TrafficConfig& traffic = plan.scenario.traffic;
  const double base = traffic.sessions_per_day *
                      traffic.history_growth.value_or(traffic.growth) / kSecondsPerDay;
  const double page_seconds = mean_page_seconds(plan);
  const sim::Duration begin =  // clock time at simulated time 0
      plan.scenario.start.since_midnight - (plan.recording_from - sim::Time{});
  const double first_second = begin.seconds();
  auto hour = static_cast<std::int64_t>(first_second / kSecondsPerHour);
  if (first_second < 0) --hour;
  std::vector<ForecastHour> hours;
  for (;; ++hour) {
    const double start = static_cast<double>(hour) * kSecondsPerHour;
    const sim::Time time = sim::Time{} + sim::seconds_to_duration(start - first_second);
    if (time >= sim::Time{} + plan.duration) return hours;
    double factor = 0;
    for (const double middle : kMiddles) {
      factor += hourly_factor(traffic.hourly_shape, start + middle * kSecondsPerHour) / 2;
    }
    const double pages = base * factor * plan.scenario.clients.pages_per_session;
    hours.push_back({.start = time, .busy_instances = pages * page_seconds,
                     .requests_per_minute = 60 * pages});
  }
}

}  // namespace shopsim::models
