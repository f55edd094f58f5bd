#pragma once
/// How many instances does a predictive scaling policy ask for? An hourly forecast of the load, in
/// instances at the target, sets the size at the start of each hour, a little ahead of it, and is a
/// floor under scale-in for the hour. It never scales in.
///
/// Leaves out: how the forecast is learnt (14 days of history, not published). It is the regular
/// traffic of the days before as the scenario states it (`traffic.history_growth`, the hourly
/// shape), without planned rises, flash crowds and traces, times 1 + `bias`; its hourly refresh and
/// custom metrics are left out too. Rules: facts 2.2 (S-ASG-PRED); the advance and the modes:
/// S-ASG-PRED-API.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/scaling_policy.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

enum class PredictiveMode : std::uint8_t { forecast_only, forecast_and_scale };
SHOPSIM_ENUM_NAMES(PredictiveMode, "forecast_only", "forecast_and_scale")

/// What happens to a forecast above the group's maximum.
enum class MaximumBreach : std::uint8_t { honor_maximum, increase_maximum };
SHOPSIM_ENUM_NAMES(MaximumBreach, "honor_maximum", "increase_maximum")

struct PredictiveScalingConfig {
  static constexpr std::string_view kTag = "predictive_scaling";
  static constexpr std::string_view kMeaning = "size the group by an hourly forecast";

  std::string name = "web-predictive-scaling";
  TargetMetric metric = TargetMetric::asg_average_cpu;
  double target_value = 50;  ///< percent, or requests per target per minute
  PredictiveMode mode = PredictiveMode::forecast_and_scale;
  sim::Duration scheduling_buffer{300'000'000'000};
  MaximumBreach maximum_breach = MaximumBreach::honor_maximum;
  sim::Fraction maximum_buffer{0};
  sim::Fraction bias{0};

  void describe(sim::FieldVisitor& visitor);
};

/// What the regular traffic of one hour asks of the web tier.
struct ForecastHour {
  sim::Time start;
  double busy_instances = 0;        ///< instances' worth of CPU
  double requests_per_minute = 0;   ///< at the balancer
};

/// Instances the forecast hour asks for at the policy's target, rounded up.
std::int64_t forecast_size(const PredictiveScalingConfig& config, const ForecastHour& hour);

/// One predictive policy. A copyable value; `forecast`, by time and without gaps, must outlive it.
class PredictiveScaling {
 public:
  PredictiveScaling(PredictiveScalingConfig config, std::span<const ForecastHour> forecast);

  /// The decision at `now`: `out` when an hour's size is due and larger than what is desired.
  ScalingDecision evaluate(sim::Time now, const GroupSizes& sizes);

  [[nodiscard]] const std::string& name() const { return config_.name; }
  [[nodiscard]] const PredictiveScalingConfig& config() const { return config_; }

 private:
  PredictiveScalingConfig config_;
  std::span<const ForecastHour> forecast_;
  std::size_t next_hour_ = 0;  ///< the first one that has not been acted on
};

}  // namespace shopsim::models
