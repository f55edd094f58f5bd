#pragma once
/// What `tune` prints at the end: for people and as JSON.
#include <string>

#include "analysis/tuning_result.hpp"

namespace shopsim::cli {

/// The verdict, the table of winner, runner-up and today, why, and what the numbers cover.
/// `verdict_only`: the first lines and the winner.
std::string tuning_text(const analysis::TuningProblem& problem,
                        const analysis::TuningResult& result, bool verdict_only);

std::string tuning_json(const analysis::TuningProblem& problem,
                        const analysis::TuningResult& result);

}  // namespace shopsim::cli
