// `shopsim verify SCENARIO`: do the event engine and the second engine say the same of a window?
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "analysis/engine_comparison.hpp"
#include "analysis/simulate.hpp"
#include "analysis/validation_runs.hpp"
#include "cli/load_options.hpp"
#include "cli/second_engine.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

using analysis::ComparedNumber;

/// The scenario cut to the window: it begins at `--at` and lasts `--window`.
bool cut_to_window(const Arguments& arguments, models::Scenario& scenario,
                   sim::Diagnostics& diagnostics) {
  const auto wrong = [&](std::string_view option, const std::string& why) {
    diagnostics.error("bad-window", {"command line", 0, 0},
                      "--" + std::string(option) + ": " + why);
    return false;
  };
  std::string why;
  const sim::Duration begins = scenario.start.since_midnight;
  const sim::Duration ends = begins + scenario.duration;
  if (const auto at = arguments.value("at")) {
    const auto clock = sim::parse_clock_time(*at, &why);
    if (!clock) return wrong("at", why);
    if (clock->since_midnight < begins || clock->since_midnight >= ends) {
      return wrong("at", *at + " is not within the scenario, which begins at " +
                             sim::to_text(scenario.start) + " and lasts " +
                             sim::to_text(scenario.duration));
    }
    scenario.start = *clock;
  }
  scenario.duration = std::min(ends - scenario.start.since_midnight,
                               sim::Duration{600'000'000'000});
  if (const auto window = arguments.value("window")) {
    const auto length = sim::parse_duration(*window, &why);
    if (!length || length->nanoseconds <= 0) return wrong("window", why);
    scenario.duration = *length;
  }
  scenario.warm_up = std::min(scenario.warm_up, sim::Duration{120'000'000'000});
  if (const auto warm_up = arguments.value("warm-up")) {
    const auto length = sim::parse_duration(*warm_up, &why);
    if (!length) return wrong("warm-up", why);
    scenario.warm_up = *length;
  }
  const sim::Duration period = scenario.recording.period;
  if ((scenario.duration % period).nanoseconds != 0 ||
      (scenario.warm_up % period).nanoseconds != 0) {
    return wrong("window", "window and warm-up must be whole recording periods of " +
                               sim::to_text(period));
  }
  const sim::Duration from = scenario.start.since_midnight;
  std::erase_if(scenario.faults, [&](const models::FaultConfig& fault) {
    return fault.at && (fault.at->since_midnight < from ||
                        fault.at->since_midnight >= from + scenario.duration);
  });
  return true;
}

std::string row_text(const ComparedNumber& number) {
  char text[200];
  std::snprintf(text, sizeof text, "%-14s %12.5g +- %5.2f %%  %12.5g +- %5.2f %%  %+7.2f %%  %s\n",
                number.name.c_str(), number.event.mean,
                100 * number.event.half_width / number.event.mean, number.second.mean,
                100 * number.second.half_width / number.second.mean,
                100 * (number.second.mean / number.event.mean - 1),
                !number.agrees  ? "NO: they differ"
                : number.is_sharp ? "yes"
                                  : "NO: intervals too wide");
  return text;
}

std::string row_csv(const std::string& name, const ComparedNumber& number) {
  char text[300];
  std::snprintf(text, sizeof text, "\"%s\",%s,%s,%.6g,%.3g,%.6g,%.3g,%.3g,%s\n", name.c_str(),
                number.name.c_str(), number.unit.c_str(), number.event.mean,
                number.event.half_width, number.second.mean, number.second.half_width,
                number.p_value, number.agrees && number.is_sharp ? "yes" : "no");
  return text;
}

struct VerifyOptions {
  unsigned threads = 1;
  std::uint32_t replications = 0;
};

std::vector<ComparedNumber> compare(const models::LoadedScenario& loaded,
                                    const models::Plan& plan, const VerifyOptions& options) {
  const auto seed = static_cast<std::uint64_t>(loaded.scenario.replications.seed);
  // The second engine first: it starts processes, which is best done before threads.
  const auto results =
      models::run_simgrid({loaded.platform, loaded.scenario, loaded.catalogue}, seed, 0,
                          options.replications, options.threads);
  std::vector<analysis::EngineNumbers> second;
  for (const models::SimgridResult& result : results) {
    second.push_back(
        analysis::second_engine_numbers(result, loaded.scenario.duration.seconds()));
  }
  std::vector<analysis::EngineNumbers> event(2 * options.replications);
  analysis::run_side_by_side(event.size(), options.threads, nullptr, [&](std::size_t i) {
    event[i] = analysis::event_engine_numbers(plan, seed, static_cast<std::uint32_t>(i));
  });
  return analysis::compare_engines(event, second);
}

int verify(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto load = load_options(arguments, diagnostics);
  auto loaded = models::load_scenario(arguments.positional().front(), load, diagnostics);
  VerifyOptions options;
  options.replications = static_cast<std::uint32_t>(
      arguments.number("replications", 5, 1000, diagnostics).value_or(12));
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  options.threads =
      static_cast<unsigned>(arguments.number("threads", 1, 256, diagnostics).value_or(cores));
  std::optional<models::Plan> plan;
  if (loaded && cut_to_window(arguments, loaded->scenario, diagnostics)) {
    check_second_engine(*loaded, diagnostics);
    plan = models::compile(analysis::compile_input(*loaded), diagnostics);
  }
  if (!plan || diagnostics.has_errors()) return report_findings(diagnostics);
  const auto compared = compare(*loaded, *plan, options);
  const std::string name = arguments.value("name").value_or(loaded->scenario.name);
  std::cout << name << "\n                      event engine            second engine   "
               "difference  agree\n";
  bool all = true;
  for (const ComparedNumber& number : compared) {
    std::cout << row_text(number);
    all = all && number.agrees && number.is_sharp;
  }
  if (const auto path = arguments.value("append")) {
    std::ofstream file(*path, std::ios::app | std::ios::binary);
    for (const ComparedNumber& number : compared) file << row_csv(name, number);
    file.close();
    if (!file) {
      std::cerr << "error: cannot write " << *path << "\n";
      return kInternal;
    }
  }
  return all ? kMet : kMissed;
}

}  // namespace

VerbEntry verify_verb() {
  Verb verb{"verify", "run a window of a scenario on both engines and compare them",
            {"SCENARIO", 1, 1}, {}, HelpPlace::named};
  verb.options = load_option_list();
  const std::vector<Option> own = {
      {"at", 0, "CLOCK", "begin at this clock time (default: the scenario's start)"},
      {"window", 0, "TIME", "simulated time to compare (default: 10 min)"},
      {"warm-up", 0, "TIME", "simulated before it, not counted (default: at most 2 min)"},
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "of the second engine; the event engine runs twice as many (12)"},
      {"threads", 'j', "N", "processes and threads (default: all cores)"},
      {"name", 0, "TEXT", "what to call the comparison"},
      {"append", 0, "FILE", "append the rows to this CSV file"},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  return {verb, verify};
}

}  // namespace shopsim::cli
