#include "analysis/tuning_availability.hpp"

#include "tuning_files.hpp"

namespace shopsim::analysis {
namespace {

using namespace sim::literals;

TEST(TuningAvailability, OfAFinalistIsThatOfItsPlatformOverTheSpacesDays) {
  const testing::TuningFiles files;
  sim::Diagnostics diagnostics;
  const auto problem = files.load(diagnostics, {"traffic.sessions_per_day=20000"});
  ASSERT_TRUE(problem) << sim::to_text(diagnostics);
  FailureRates rates = default_failure_rates();
  std::erase_if(rates.modes, [](const FailureMode& m) { return m.per != FailureUnit::server; });
  AvailabilityOptions options;
  options.replications = 2;
  options.strata = 1;
  options.longest = 5_min;
  options.threads = 2;

  TuningResult result;
  result.candidates.resize(1);
  result.candidates[0].choices = {0, 2};  // three small servers
  result.finalists.resize(2);
  result.finalists[0].candidate = 0;
  result.finalists[1].role = "today";
  ASSERT_TRUE(add_availability(*problem, rates, options, result, diagnostics));

  const auto yearly = [&](const models::Platform& platform) {
    models::LoadedScenario day = problem->days.front()->loaded;
    day.platform = platform;
    return yearly_availability({{&day, kDaysPerYear}}, rates, options, diagnostics);
  };
  for (const Finalist& finalist : result.finalists) {
    const auto alone = yearly(finalist.candidate ? problem->maker->platform({0, 2})
                                                 : problem->today);
    ASSERT_TRUE(finalist.year && alone);
    EXPECT_EQ(finalist.year->all.unavailability.mean, alone->all.unavailability.mean);
    EXPECT_EQ(finalist.year->all.orders_lost.mean, alone->all.orders_lost.mean);
  }
  // Today's one server is the whole shop when it dies.
  EXPECT_LT(result.finalists[0].year->failures.unavailability.mean,
            result.finalists[1].year->failures.unavailability.mean);
}

}  // namespace
}  // namespace shopsim::analysis
