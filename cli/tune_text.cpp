#include "cli/tune_text.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/number_text.hpp"
#include "cli/text_table.hpp"

namespace shopsim::cli {
namespace {

using analysis::CandidateState;
using analysis::Finalist;
using analysis::FinalPromise;
using analysis::TuningProblem;
using analysis::TuningResult;
using analysis::TuningVerdict;

std::string value_text(const models::SloConfig& promise, double value) {
  const bool is_time = promise.metric == models::SloMetric::latency ||
                       promise.metric == models::SloMetric::recovery_time;
  return is_time ? time_text(value) : share_text(value);
}

/// `241 ms +- 5 ms met, 60 % left`
std::string cell(const FinalPromise& promise) {
  const auto& kept = promise.kept;
  return value_text(promise.promise, kept.value.mean) + " +- " +
         value_text(promise.promise, kept.value.half_width) + " " +
         std::string(to_text(kept.verdict)) + ", " +
         printed(promise.margin < 0 ? "%.0f %% over" : "%.0f %% left",
                 100 * std::fabs(promise.margin));
}

/// `44.10 (30.21 to 57.99)`; what is counted is never below nought.
std::string year_text(const analysis::Interval& interval, double factor) {
  return printed("%.2f", factor * interval.mean) + " (" +
         printed("%.2f", factor * std::max(0.0, interval.low())) + " to " +
         printed("%.2f", factor * interval.high()) + ")";
}

std::string finalists_text(const TuningResult& result) {
  std::vector<std::vector<std::string>> rows(1, {""});
  for (const Finalist& one : result.finalists) rows[0].push_back(one.role);
  const auto row = [&](const std::string& name, auto get) {
    auto& cells = rows.emplace_back();
    cells.push_back(name);
    for (const Finalist& one : result.finalists) cells.push_back(get(one));
  };
  row("cost per month", [](const Finalist& f) {
    return dollars(f.month.mean) + " +- " + amount_text(f.month.half_width);
  });
  const bool is_counted = std::ranges::all_of(result.finalists, [](const Finalist& f) {
    return f.lost_value == 0 || f.month_bill != f.month.mean;
  });
  row(is_counted ? "of it orders lost" : "orders lost, not in it",
      [](const Finalist& f) { return dollars(f.lost_value); });
  row("verdict", [](const Finalist& f) { return std::string(to_text(f.verdict)); });
  row("whole runs", [](const Finalist& f) { return std::to_string(f.replications); });
  if (result.finalists.front().year) {
    row("outage a year", [](const Finalist& f) {
      return year_text(f.year->all.unavailability, analysis::kMinutesPerYear) + " min";
    });
    row("orders lost a year", [](const Finalist& f) {
      return year_text(f.year->all.orders_lost, 1);
    });
  }
  for (std::size_t p = 0; p < result.finalists.front().promises.size(); ++p) {
    const FinalPromise& first = result.finalists.front().promises[p];
    row(first.name + " (" + value_text(first.promise, first.limit) + ")",
        [p](const Finalist& f) { return cell(f.promises[p]); });
  }
  std::string text =
      text_table(rows, std::vector<bool>(rows[0].size(), false)) +
      "Limits in brackets; +- is the 95 % interval of the mean; left: of the limit.\n";
  if (result.finalists.front().year) {
    text += "A year: failures at their rates (shopsim availability) and days without any, as\n"
            "minutes of full outage; 95 % intervals of the simulation, not of the rates.\n";
  }
  return text;
}

std::string changes_text(const TuningProblem& problem, const TuningResult& result) {
  std::string text;
  for (const Finalist& one : result.finalists) {
    if (!one.candidate) continue;
    text += one.role + ":\n";
    for (const auto& set : problem.maker->sets(result.candidates[*one.candidate].choices)) {
      text += "  " + set + '\n';
    }
  }
  return text;
}

std::string counts_text(const TuningResult& result) {
  const auto in = [&result](CandidateState state) {
    return std::to_string(result.in_state(state));
  };
  std::string text = std::to_string(result.count.combinations) + " combinations, " +
                     std::to_string(result.count.allowed) + " allowed; ruled out: " +
                     in(CandidateState::bounded) + " by bounds, " + in(CandidateState::refused) +
                     " by simulation, " + in(CandidateState::dominated) +
                     " as nowhere stronger than one of those, " + in(CandidateState::costlier) +
                     " as costlier by estimate; " + in(CandidateState::waiting) + " not tried.\n";
  text += short_number(result.search_pages) + " pages simulated in windows, " +
          short_number(result.final_pages) + " in whole runs.\n";
  return text;
}

std::string certificate_text(const TuningProblem& problem, const TuningResult& result) {
  if (result.verdict != TuningVerdict::found) return {};
  const auto& config = problem.space.config;
  std::string text = "Certificate: over whole runs with customers the search had not seen, every "
                     "promise's 95 %\ninterval keeps its limit, and so do " +
                     printed("%.0f %%", 100 * config.chance.value) +
                     " of such runs at 95 % confidence.\n";
  if (result.finalist("runner-up") != nullptr) {
    text += result.is_selected
                ? "The winner is cheaper than the runner-up, or within " +
                      dollars(config.indifference.dollars()) + " a month, at " +
                      printed("%.0f %%", 100 * result.confidence) + " confidence.\n"
                : std::string("Winner and runner-up cost the same as far as can be told.\n");
  }
  return text +
         "Not covered: what was ruled out as nowhere stronger than a configuration that failed,\n"
         "and cost estimates that ordered the rest (docs/tune.md).\n";
}

std::string headline(const TuningResult& result) {
  switch (result.verdict) {
    case TuningVerdict::found: {
      const Finalist& winner = result.finalists.front();
      const Finalist* today = result.finalist("today");
      std::string text = "Winner: " + dollars(winner.month.mean) + " per month";
      if (today != nullptr) {
        const double saved = today->month.mean - winner.month.mean;
        text += saved >= 0 ? ", " + dollars(saved) + " less than today"
                           : ", " + dollars(-saved) + " more than today";
        text += today->verdict == analysis::Verdict::met ? "." : " (which breaks a promise).";
      }
      return text + '\n';
    }
    case TuningVerdict::none: return "No winner.\n";
    case TuningVerdict::undecided: return "Undecided.\n";
    case TuningVerdict::interrupted: return "Interrupted.\n";
    case TuningVerdict::part: return "A part.\n";
  }
  return {};
}

std::string relaxations_text(const TuningResult& result) {
  std::string text;
  for (const auto& one : result.relaxations) {
    text += "  " + one.promise + ": " + value_text(one.config, one.needed) + " instead of " +
            value_text(one.config, one.limit) + '\n';
  }
  if (text.empty()) return text;
  return "Cheapest relaxation seen (" + dollars(result.relaxations.front().month) +
         " per month with " + result.relaxations.front().label + "):\n" + text;
}

nlohmann::ordered_json finalist_json(const TuningProblem& problem, const TuningResult& result,
                                     const Finalist& one) {
  nlohmann::ordered_json json = {{"role", one.role},
                                 {"label", one.label},
                                 {"verdict", to_text(one.verdict)},
                                 {"replications", one.replications},
                                 {"month_usd", one.month.mean},
                                 {"low_usd", one.month.low()},
                                 {"high_usd", one.month.high()},
                                 {"orders_lost_usd", one.lost_value}};
  json["sets"] = nlohmann::ordered_json::array();
  if (one.candidate) {
    json["sets"] = problem.maker->sets(result.candidates[*one.candidate].choices);
  }
  if (one.year) {
    const auto interval = [](const analysis::Interval& of) {
      return nlohmann::ordered_json{{"mean", of.mean}, {"low", of.low()}, {"high", of.high()}};
    };
    json["year"] = {{"unavailability", interval(one.year->all.unavailability)},
                    {"orders_lost", interval(one.year->all.orders_lost)},
                    {"value_lost_usd", interval(one.year->all.value_lost)}};
  }
  json["promises"] = nlohmann::ordered_json::array();
  for (const FinalPromise& promise : one.promises) {
    json["promises"].push_back({{"name", promise.name},
                                {"verdict", to_text(promise.kept.verdict)},
                                {"limit", promise.limit},
                                {"mean", promise.kept.value.mean},
                                {"low", promise.kept.value.low()},
                                {"high", promise.kept.value.high()},
                                {"day_bound", promise.kept.day_bound},
                                {"kept_in", promise.kept.kept_in},
                                {"margin", promise.margin}});
  }
  return json;
}

}  // namespace

std::string tuning_text(const TuningProblem& problem, const TuningResult& result,
                        bool verdict_only) {
  std::string text = headline(result);
  if (!result.why.empty()) text += result.why + '\n';
  if (!result.overturn.empty()) text += result.overturn + '\n';
  text += relaxations_text(result);
  if (verdict_only) return text;
  text += '\n' + finalists_text(result) + '\n' + changes_text(problem, result);
  return text + '\n' + certificate_text(problem, result) + counts_text(result);
}

std::string tuning_json(const TuningProblem& problem, const TuningResult& result) {
  nlohmann::ordered_json json = {{"format", 1}, {"verdict", to_text(result.verdict)},
                                 {"why", result.why}, {"overturn", result.overturn},
                                 {"combinations", result.count.combinations},
                                 {"allowed", result.count.allowed},
                                 {"search_pages", result.search_pages},
                                 {"final_pages", result.final_pages}};
  json["finalists"] = nlohmann::ordered_json::array();
  for (const Finalist& one : result.finalists) {
    json["finalists"].push_back(finalist_json(problem, result, one));
  }
  json["relaxations"] = nlohmann::ordered_json::array();
  for (const auto& one : result.relaxations) {
    json["relaxations"].push_back({{"promise", one.promise}, {"limit", one.limit},
                                   {"needed", one.needed}, {"configuration", one.label},
                                   {"month_usd", one.month}});
  }
  nlohmann::ordered_json states;
  for (const std::string_view name : enum_names(CandidateState{})) states[std::string(name)] = 0;
  for (const auto& candidate : result.candidates) {
    const std::string name(to_text(candidate.state));
    states[name] = states[name].get<int>() + 1;
  }
  json["candidates"] = states;
  return json.dump(2) + '\n';
}

}  // namespace shopsim::cli
