#pragma once
/// What the fluid says of the configurations of a space, each different question asked once: most
/// of a space's combinations differ in something that the fluid does not look at.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/tuning_fluid.hpp"
#include "analysis/tuning_problem.hpp"

namespace shopsim::analysis {

/// One day of one configuration.
struct FluidForecast {
  double seconds = 0;               ///< as in FluidDay
  double server_seconds = 0;
  double surplus_vcpu_seconds = 0;
  double risk = 0;
  std::optional<std::string> refusal;  ///< of capacity_bound; judged days only
};

class FluidMemory {
 public:
  /// `problem` must outlive this.
  explicit FluidMemory(const TuningProblem& problem) : problem_(problem) {}

  /// Forecasts by day; an empty one where the catalogue does not know the machines. Safe to call
  /// from several threads, and the answer does not depend on what was asked before.
  /// `miss_ratios`: of the cache, [day].
  [[nodiscard]] std::vector<FluidForecast> forecast(const models::Platform& platform,
                                                    const std::vector<double>& miss_ratios);

 private:
  const TuningProblem& problem_;
  std::mutex mutex_;
  std::unordered_map<std::string, FluidForecast> known_;
};

}  // namespace shopsim::analysis
