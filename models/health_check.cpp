#include "models/health_check.hpp"

#include <algorithm>
#include <charconv>

#include "models/number_text.hpp"

namespace shopsim::models {
namespace {

constexpr int kLowestStatus = 200;   // S-ALB-HC
constexpr int kHighestStatus = 499;  // S-ALB-HC

std::optional<int> parse_status(std::string_view text) {
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (status < kLowestStatus || status > kHighestStatus) return std::nullopt;
  return status;
}

}  // namespace

void HealthCheckConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  constexpr std::string_view kSource = "S-ALB-HC";
  field(visitor, {.key = "interval", .meaning = "time between two checks of one target",
                  .least = 5, .most = 300, .source = kSource,
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "time until a dead server gets no more requests"}, interval);
  field(visitor, {.key = "timeout", .meaning = "how long a check waits for its answer",
                  .least = 2, .most = 120, .source = kSource,
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "detection of silent servers; false alarms under load"}, timeout);
  field(visitor, {.key = "healthy_threshold", .meaning = "passed checks in a row to recover",
                  .least = 2, .most = 10, .source = kSource,
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "time until a recovered server helps again"}, healthy_threshold);
  field(visitor, {.key = "unhealthy_threshold", .meaning = "failed checks in a row to be unhealthy",
                  .least = 2, .most = 10, .source = kSource,
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "time until a dead server gets no more requests"},
        unhealthy_threshold);
  field(visitor, {.key = "matcher", .meaning = "accepted status codes, e.g. 200 or 200-299",
                  .source = kSource, .confidence = Confidence::documented}, matcher);
  field(visitor, {.key = "routing_minimum_healthy",
                  .meaning = "with fewer healthy targets, unhealthy ones get requests too",
                  .least = 1, .most = 1000, .source = "S-ALB-TGH",
                  .confidence = Confidence::documented}, routing_minimum_healthy);
  field(visitor, {.key = "dns_minimum_healthy",
                  .meaning = "with fewer healthy targets, a zone leaves DNS",
                  .least = 1, .most = 1000, .source = "S-ALB-TGH",
                  .confidence = Confidence::documented}, dns_minimum_healthy);
}

void check(const HealthCheckConfig& config, const sim::Place& place,
           sim::Diagnostics& diagnostics) {
  if (config.timeout >= config.interval) {
    diagnostics.error("health-check-timeout", place,
                      "the health check timeout of " + number_text(config.timeout.seconds()) +
                          " s must be shorter than the interval of " +
                          number_text(config.interval.seconds()) + " s",
                      "shorten the timeout or lengthen the interval");
  }
  if (!StatusMatcher::parse(config.matcher)) {
    diagnostics.error("health-check-matcher", place,
                      "'" + config.matcher + "' is no list of status codes from 200 to 499",
                      "write 200, 200,302 or 200-299");
  }
  if (config.dns_minimum_healthy < config.routing_minimum_healthy) {
    diagnostics.error("health-check-minimum", place,
                      "dns_minimum_healthy " + std::to_string(config.dns_minimum_healthy) +
                          " is below routing_minimum_healthy " +
                          std::to_string(config.routing_minimum_healthy),
                      "DNS failover must come no later than routing failover (S-ALB-TGH)");
  }
}

std::optional<StatusMatcher> StatusMatcher::parse(std::string_view text) {
  StatusMatcher matcher;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const std::size_t dash = part.find('-');
    const auto low = parse_status(part.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : parse_status(part.substr(dash + 1));
    if (!low || !high || *low > *high) return std::nullopt;
    matcher.ranges_.emplace_back(*low, *high);
    if (comma == std::string_view::npos) return matcher;
    text.remove_prefix(comma + 1);
  }
}

bool StatusMatcher::matches(int status) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [status](const auto& range) {
    return range.first <= status && status <= range.second;
  });
}

CheckResult judge(const HealthCheckConfig& config, const StatusMatcher& matcher,
                  std::optional<sim::Duration> response, int status) {
  const bool in_time = response.has_value() && *response < config.timeout;
  return in_time && matcher.matches(status) ? CheckResult::passed : CheckResult::failed;
}

sim::Time next_check(const HealthCheckConfig& config, sim::Time now, sim::Duration phase) {
  const std::int64_t interval = config.interval.nanoseconds;
  std::int64_t since = (now.nanoseconds - phase.nanoseconds) % interval;
  if (since < 0) since += interval;
  return {now.nanoseconds - since + interval};
}

bool TargetHealth::observe(const HealthCheckConfig& config, CheckResult result) {
  const bool passed = result == CheckResult::passed;
  switch (state_) {
    case TargetState::draining: return false;
    case TargetState::initial:
      if (passed) {
        state_ = TargetState::healthy;
        streak_ = 0;
        return true;
      }
      break;
    case TargetState::healthy:
      if (passed) {
        streak_ = 0;
        return false;
      }
      break;
    case TargetState::unhealthy:
      if (!passed) {
        streak_ = 0;
        return false;
      }
      break;
  }
  ++streak_;
  const std::int64_t needed = state_ == TargetState::unhealthy ? config.healthy_threshold
                                                               : config.unhealthy_threshold;
  if (streak_ < needed) return false;
  state_ = state_ == TargetState::unhealthy ? TargetState::healthy : TargetState::unhealthy;
  streak_ = 0;
  return true;
}

EligibleTargets eligible_targets(const HealthCheckConfig& config,
                                 std::span<const TargetView> targets) {
  const auto healthy = std::count_if(targets.begin(), targets.end(), [](const TargetView& target) {
    return target.state == TargetState::healthy;
  });
  EligibleTargets eligible;
  const bool open = healthy < config.routing_minimum_healthy;
  for (const auto& target : targets) {
    if (target.state == TargetState::draining) continue;
    if (target.state != TargetState::healthy) {
      if (!open) continue;
      eligible.failed_open = true;
    }
    eligible.targets.push_back(target.target);
  }
  return eligible;
}

std::vector<bool> zones_in_dns(const HealthCheckConfig& config,
                               std::span<const TargetView> targets, std::size_t zones) {
  std::vector<std::int64_t> healthy(zones, 0);
  for (const auto& target : targets) {
    if (target.state == TargetState::healthy && target.zone < zones) ++healthy[target.zone];
  }
  std::vector<bool> named(zones);
  bool any = false;
  for (std::size_t zone = 0; zone < zones; ++zone) {
    named[zone] = healthy[zone] >= config.dns_minimum_healthy;
    any = any || named[zone];
  }
  if (!any) named.assign(zones, true);
  return named;
}

}  // namespace shopsim::models
