// A small part of `shopsim validate --tuner`.
#include "analysis/tuning_validation.hpp"

#include <gmock/gmock.h>

namespace shopsim::analysis {
namespace {

TEST(TuningValidation, AllProblemsAreSoundAndDifferent) {
  std::set<double> pages;
  for (std::size_t i = 0; i < kValidationProblems; ++i) {
    const auto problem = validation_problem(i, 1);
    sim::Diagnostics diagnostics;
    const auto count = problem->maker->list([](const auto&, const auto&) {}, diagnostics);
    EXPECT_EQ(count.allowed, 64U) << i;  // 4 types, minimum 1 to 4, maximum 4 or 6, two targets
    EXPECT_FALSE(problem->days.front()->loaded.scenario.slos.empty());
    pages.insert(problem->days.front()->load.pages());
  }
  EXPECT_GE(pages.size(), 12U);
}

TEST(TuningValidation, TheTableAddsUpSuccesses) {
  const std::vector<TuningValidationRow> rows = {{"a", 64, 10, 1000, 4, 3, 0.03, 0.05},
                                                 {"b", 64, 0, 0, 4, 4, 0, 0.07}};
  const std::string text = validation_markdown(rows);
  EXPECT_THAT(text, ::testing::HasSubstr("Found in 7 of 8 searches (87.5 %), with 6.0 %"));
  EXPECT_THAT(text, ::testing::HasSubstr("| b | 64 | 0 | none | 4 of 4 |"));
}

}  // namespace
}  // namespace shopsim::analysis
