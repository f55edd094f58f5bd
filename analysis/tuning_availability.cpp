#include "analysis/tuning_availability.hpp"

#include <vector>

namespace shopsim::analysis {

bool add_availability(const TuningProblem& problem, const FailureRates& rates,
                      const AvailabilityOptions& options, TuningResult& result,
                      sim::Diagnostics& diagnostics) {
  for (Finalist& finalist : result.finalists) {
    std::vector<models::LoadedScenario> loaded;
    std::vector<double> days;
    for (const auto& day : problem.days) {
      if (day->share <= 0) continue;
      loaded.push_back(day->loaded);
      loaded.back().platform =
          finalist.candidate
              ? problem.maker->platform(result.candidates[*finalist.candidate].choices)
              : problem.today;
      days.push_back(day->share * kDaysPerYear);
    }
    std::vector<DayKind> kinds;
    for (std::size_t d = 0; d < loaded.size(); ++d) kinds.push_back({&loaded[d], days[d]});
    finalist.year = yearly_availability(kinds, rates, options, diagnostics);
    if (!finalist.year) return false;
  }
  return true;
}

}  // namespace shopsim::analysis
