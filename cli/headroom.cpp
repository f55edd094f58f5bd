// `shopsim headroom SCENARIO`: the largest traffic at which the promises still hold.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "analysis/day_mix.hpp"
#include "analysis/headroom.hpp"
#include "analysis/simulate.hpp"
#include "cli/file_kind.hpp"
#include "cli/load_options.hpp"
#include "cli/number_text.hpp"
#include "cli/progress.hpp"
#include "cli/screen.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

using analysis::Broken;
using analysis::Headroom;

/// The scenario with its traffic multiplied.
models::LoadedScenario with_traffic(const models::LoadedScenario& loaded, double factor) {
  models::LoadedScenario scaled = loaded;
  analysis::scale_traffic(scaled.scenario, factor);
  return scaled;
}

/// `told`: the advice that stands further up already.
std::string story(const Broken& broken, std::set<std::string>& told) {
  std::string text = "  " + broken.promise + " (" + std::string(to_text(broken.verdict)) + ")";
  if (!broken.bottleneck) return text + ": no resource of the shop at its limit\n";
  return text + ": " + broken.bottleneck->resource + ", " +
         printed("%.0f", 100 * broken.bottleneck->utilisation) + " % used" +
         (broken.is_seen_beyond ? printed(" at %.3g times that traffic", analysis::kBeyond) : "") +
         "\n" +
         (told.insert(broken.bottleneck->advice).second
              ? "    Try: " + broken.bottleneck->advice + ".\n"
              : "");
}

bool is_undecided(const Headroom& found, double factor) {
  return std::ranges::any_of(found.tries, [factor](const auto& one) {
    return one.factor == factor && one.verdict == analysis::Verdict::undecided;
  });
}

std::string headroom_text(const Headroom& found, const Screen& screen) {
  std::string text;
  if (found.met == 0) {
    text = "No headroom: a promise is broken at today's traffic, and at every smaller one tried.\n";
  } else if (std::isinf(found.not_met)) {
    text = "Every promise holds at " + printed("%.3g", found.met) +
           " times the traffic, the most that was tried.\n";
  } else {
    text = "Every promise holds up to " + printed("%.3g", found.met) +
           " times the traffic; at " + printed("%.3g", found.not_met) + " times " +
           (is_undecided(found, found.not_met) ? "that is not sure any more" : "not") + ".\n";
  }
  if (!found.first.empty()) text += found.met == 0 ? "\nBroken today\n" : "\nBreaks first\n";
  std::set<std::string> told;
  for (const Broken& broken : found.first) text += story(broken, told);
  if (!found.next.empty()) text += "\nBreaks next\n";
  for (const Broken& broken : found.next) text += story(broken, told);
  std::vector<std::vector<std::string>> rows = {{"traffic", "verdict"}};
  for (const auto& one : found.tries) {
    rows.push_back({printed("%.3f", one.factor),
                    inked(screen, one.verdict, std::string(to_text(one.verdict)))});
  }
  return text + "\nTried\n" + text_table(rows, {true, false});
}

nlohmann::ordered_json broken_json(const std::vector<Broken>& list) {
  auto json = nlohmann::ordered_json::array();
  for (const Broken& broken : list) {
    json.push_back({{"promise", broken.promise}, {"verdict", to_text(broken.verdict)}});
    if (!broken.bottleneck) continue;
    json.back()["resource"] = broken.bottleneck->resource;
    if (broken.is_seen_beyond) json.back()["resource_seen_at"] = analysis::kBeyond;
  }
  return json;
}

nlohmann::ordered_json headroom_json(const Headroom& found) {
  auto tries = nlohmann::ordered_json::array();
  for (const auto& one : found.tries) {
    tries.push_back({{"factor", one.factor}, {"verdict", to_text(one.verdict)}});
  }
  nlohmann::ordered_json not_met = nullptr;
  if (std::isfinite(found.not_met)) not_met = found.not_met;
  return {{"format", 1}, {"met_factor", found.met}, {"not_met_factor", not_met},
          {"breaks_first", broken_json(found.first)}, {"breaks_next", broken_json(found.next)},
          {"tries", tries}};
}

int headroom(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto load = load_options(arguments, diagnostics);
  const auto replications = arguments.number("replications", 5, 10'000, diagnostics);
  const auto threads = arguments.number("threads", 1, 1024, diagnostics)
                           .value_or(std::max(1U, std::thread::hardware_concurrency()));
  const std::string& file = arguments.positional().front();
  const auto loaded = expect_scenario(file, diagnostics)
                          ? models::load_scenario(file, load, diagnostics)
                          : std::nullopt;
  if (loaded && loaded->scenario.slos.empty()) {
    diagnostics.error("no-promises", {loaded->scenario_file.string(), 0, 0},
                      "the scenario makes no promises, so nothing can break",
                      "add `slos:`, see `shopsim explain scenario.slos[].metric`");
  }
  if (loaded) models::compile(analysis::compile_input(*loaded), diagnostics);
  if (report_findings(diagnostics) != kMet || !loaded) return kBadInput;

  const bool json = arguments.has("json");
  const InterruptGuard guard;
  ProgressLine line(json);
  const auto trial = [&](double factor) -> std::optional<std::vector<analysis::PromiseResult>> {
    const models::LoadedScenario scaled = with_traffic(*loaded, factor);
    sim::Diagnostics none;  // the factor changes nothing that is checked
    const auto plan = models::compile(analysis::compile_input(scaled), none);
    if (!plan) return std::nullopt;
    analysis::SimulationOptions how;
    how.threads = static_cast<unsigned>(threads);
    how.replications =
        static_cast<std::size_t>(replications.value_or(scaled.scenario.replications.least));
    how.stop = &InterruptGuard::flag();
    how.progress = [&line, factor](const analysis::Progress& progress) {
      line.show(printed("traffic x %.3f  ", factor) + progress_text(progress));
    };
    const auto done = analysis::simulate(scaled, *plan, how);
    if (done.set.reason == analysis::StopReason::interrupted) return std::nullopt;
    return analysis::judge(scaled.scenario, done.set.replications, done.judged,
                           analysis::verdict_rule(scaled, done.set));
  };
  const Headroom found = analysis::find_headroom(trial);
  line.clear();
  if (found.interrupted) {
    std::cerr << "interrupted\n";
    return kInterrupted;
  }
  std::cout << (json ? headroom_json(found).dump(2) + '\n'
                     : headroom_text(found, screen_of_output()));
  return found.met >= 1 ? kMet : kMissed;
}

}  // namespace

VerbEntry headroom_verb() {
  Verb verb{"headroom", "the largest traffic at which every promise holds",
            {"SCENARIO", 1, 1}, {}};
  verb.options = load_option_list();
  const std::vector<Option> own = {
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "replications of each try (default: the scenario's least)"},
      {"threads", 'j', "N", "threads (default: all cores)"},
      {"json", 0, "", "print the result as JSON"},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  return {verb, headroom};
}

}  // namespace shopsim::cli
