#include "analysis/report_setting.hpp"

#include <chrono>
#include <string>

#include "analysis/run_series.hpp"
#include "sim/quantity.hpp"

namespace shopsim::analysis::report {
namespace {

constexpr double kDay = 86'400;

template <class... Values>
std::string printed(const char* format, Values... values) {
  char text[96];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string length_text(double seconds) {
  return seconds < 2 * 3600 ? printed("%.4g minutes", seconds / 60)
                            : printed("%.4g hours", seconds / 3600);
}

std::string clock(double seconds) {
  const auto minutes = static_cast<int>(std::fmod(seconds, kDay)) / 60;
  return printed("%02d:%02d", minutes / 60, minutes % 60);
}

/// "Fri 2026-11-27 "; empty: the scenario names no date.
std::string day_text(const std::string& date) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(date.c_str(), "%d-%u-%u", &year, &month, &day) != 3) return {};
  const std::chrono::year_month_day found{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
  if (!found.ok()) return {};
  constexpr const char* names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  return std::string(names[std::chrono::weekday(found).c_encoding()]) + ' ' + date + ' ';
}

std::string database_text(const sim::Node& platform) {
  const auto value = [&](const char* key) {
    return scalar(platform, std::string("database.") + key);
  };
  std::string text = "database " + value("instance_class");
  if (value("cluster.enabled") == "true") {
    text += ", Multi-AZ cluster";
  } else {
    text += value("multi_az") == "true" ? ", Multi-AZ" : ", in one zone";
  }
  const std::string replicas = value("replicas.count");
  if (!replicas.empty() && replicas != "0") text += ", read replicas: " + replicas;
  return text;
}

std::string cache_text(const sim::Node& platform) {
  const auto value = [&](const char* key) { return scalar(platform, std::string("cache.") + key); };
  if (value("enabled") != "true") return "no cache";
  return "cache " + value("node_type") + ", shards: " + value("shards") +
         ", replicas of each: " + value("replicas_per_shard");
}

/// Mean over replications in the busiest period.
double most_pages_per_second(const ResultsReader& results) {
  double most = 0;
  for (const double value : band_of(pages_per_second(results)).mean) most = std::fmax(most, value);
  return most;
}

}  // namespace

Json setting(const ResultsReader& results, const sim::Node& scenario, const sim::Node& platform) {
  const auto length = sim::parse_duration(scalar(scenario, "duration"));
  const double seconds =
      length ? static_cast<double>(length->nanoseconds) / 1e9
             : results.period_seconds() * static_cast<double>(results.starts().size());
  const auto start = static_cast<double>(results.start_of_day_seconds());
  const bool is_short = seconds < kDay;
  const std::string servers = scalar(platform, "web.scaling.desired");
  return {{"length", length_text(seconds)},
          {"is_short", is_short},
          {"time", length_text(seconds) + " from " + day_text(scalar(scenario, "date")) +
                       clock(start) + (is_short ? " to " + clock(start + seconds) +
                                                      ", not a whole day" : "")},
          {"shop", servers + " web server" + (servers == "1" ? " " : "s ") +
                       scalar(platform, "web.instance_type") + " (" +
                       scalar(platform, "web.scaling.minimum") + " to " +
                       scalar(platform, "web.scaling.maximum") + "); " + database_text(platform) +
                       "; " + cache_text(platform) + "; at most " +
                       printed("%.3g", most_pages_per_second(results)) + " pages/s asked for"}};
}

std::string scalar(const sim::Node& root, const std::string& path) {
  const sim::Node* node = sim::find(root, path);
  return node == nullptr || node->is_null() ? "" : node->text;
}

std::string period_text(const ResultsReader& results) {
  return results.period_seconds() == 60 ? "minute" : printed("%.4g s", results.period_seconds());
}

}  // namespace shopsim::analysis::report
