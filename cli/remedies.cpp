#include "cli/remedies.hpp"

#include "analysis/bill.hpp"
#include "analysis/simulate.hpp"
#include "analysis/units.hpp"
#include "cli/number_text.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

using analysis::RemedyOutcome;

RemedyOutcome outcome_of(const models::LoadedScenario& loaded, const analysis::Simulation& done) {
  RemedyOutcome outcome;
  outcome.replications = done.judged.size();
  for (std::size_t r = 0; r < done.judged.size(); ++r) {
    const models::RunSummary& summary = done.set.replications[r].summary;
    if (done.judged[r].outlived) ++outcome.found_in;
    outcome.orders_lost += static_cast<double>(summary.orders_lost);
    const analysis::Bill bill =
        analysis::make_bill(loaded.platform, loaded.catalogue, summary.usage);
    for (const analysis::BillItem& item : bill.items) {
      if (!item.month || !(item.is_fixed || item.service == "EC2")) continue;
      outcome.standing_dollars += analysis::to_dollars(*item.month);
    }
  }
  const auto count = static_cast<double>(outcome.replications);
  outcome.orders_lost /= count;
  outcome.standing_dollars /= count;
  return outcome;
}

}  // namespace

analysis::Remedies run_remedies(const models::LoadedScenario& loaded, const RemedyRun& how) {
  const auto list = analysis::remedies_for(loaded.platform, loaded.scenario);
  Trials trials(list.size() + 1, how.trials);
  const auto trial = [&](const std::vector<std::string>& sets) -> std::optional<RemedyOutcome> {
    models::LoadOptions load = how.load;
    load.sets.insert(load.sets.end(), sets.begin(), sets.end());
    sim::Diagnostics diagnostics;
    const auto changed = models::load_scenario(how.scenario, load, diagnostics);
    if (!changed) {
      report_findings(diagnostics);
      return std::nullopt;
    }
    const auto done = trials.run(*changed);
    if (!done) return std::nullopt;
    return outcome_of(*changed, *done);
  };
  return analysis::try_remedies(list, trial);
}

std::string remedies_text(const analysis::Remedies& remedies) {
  std::vector<std::vector<std::string>> rows = {
      {"change", "still there in", "orders lost", "standing cost a month", "more than now"}};
  const auto row = [&](const std::string& words, const RemedyOutcome& outcome) {
    rows.push_back({words,
                    std::to_string(outcome.found_in) + " of " +
                        std::to_string(outcome.replications),
                    printed("%.0f", outcome.orders_lost), dollars(outcome.standing_dollars),
                    dollars(outcome.standing_dollars - remedies.unchanged.standing_dollars)});
  };
  row("nothing", remedies.unchanged);
  for (const auto& tried : remedies.tried) row(tried.remedy.words, tried.outcome);
  std::string text = "\nWhat removes the metastable failure\n" +
                     text_table(rows, {false, true, true, true, true});
  if (!remedies.cheapest) return text + "  None of these removes it.\n";
  const analysis::Remedy& best = remedies.tried[*remedies.cheapest].remedy;
  text += "  Cheapest: " + best.words + ".\n   ";
  for (const std::string& set : best.sets) text += " --set '" + set + "'";
  return text + "\n";
}

}  // namespace shopsim::cli
