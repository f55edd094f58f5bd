// `shopsim compare SCENARIO PLATFORM...`: configurations side by side under common random numbers.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "analysis/compare.hpp"
#include "analysis/day_mix.hpp"
#include "cli/file_kind.hpp"
#include "cli/load_options.hpp"
#include "cli/number_text.hpp"
#include "cli/progress.hpp"
#include "cli/screen.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"
#include "models/drawn_inputs.hpp"

namespace shopsim::cli {
namespace {

using analysis::ComparisonRow;
using analysis::Comparison;
using analysis::Interval;

/// One configuration: the scenario on one platform.
struct Configuration {
  std::string name;
  models::LoadedScenario loaded;
  models::Plan plan;
  analysis::Simulation simulation;
};

/// The scenario among the files and the platforms in their order; the scenario's own platform
/// comes first when only one other is given.
struct Files {
  std::string scenario;
  std::vector<std::optional<std::string>> platforms;  ///< empty: the one the scenario names
};

std::optional<Files> sort_files(const std::vector<std::string>& given,
                                sim::Diagnostics& diagnostics) {
  Files files;
  std::size_t scenarios = 0;
  for (const std::string& file : given) {
    if (!std::filesystem::exists(file)) {
      diagnostics.error("no-such-file", {file, 0, 0}, "there is no such file");
      continue;
    }
    const FileKind kind = kind_of_file(file);
    if (kind == FileKind::results) {
      diagnostics.error("compare-files", {file, 0, 0},
                        "these are results; `compare` runs a scenario on platforms",
                        "shopsim report A.h5 B.h5 sets results side by side");
      continue;
    }
    if (kind == FileKind::platform) {
      files.platforms.emplace_back(file);
    } else {
      files.scenario = file;
      ++scenarios;
    }
  }
  if (diagnostics.has_errors()) return std::nullopt;
  if (scenarios != 1) {
    diagnostics.error("compare-files", {"command line", 0, 0},
                      std::to_string(scenarios) + " scenarios and " +
                          std::to_string(files.platforms.size()) + " platforms given",
                      "name one scenario and the platforms to run it on: results of different "
                      "scenarios cannot be compared");
    return std::nullopt;
  }
  if (files.platforms.empty()) {
    diagnostics.error("compare-files", {"command line", 0, 0}, "no platform to compare with",
                      "shopsim compare SCENARIO PLATFORM...");
    return std::nullopt;
  }
  if (files.platforms.size() == 1) files.platforms.insert(files.platforms.begin(), std::nullopt);
  return files;
}

/// Loads and compiles every configuration; findings of all of them are collected.
std::vector<std::unique_ptr<Configuration>> load_all(const Files& files,
                                                     const models::LoadOptions& options,
                                                     sim::Diagnostics& diagnostics) {
  std::vector<std::unique_ptr<Configuration>> all;
  for (const auto& platform : files.platforms) {
    models::LoadOptions own = options;
    if (platform) own.platform = *platform;
    own.may_draw = true;
    sim::Diagnostics found;
    auto loaded = models::load_scenario(files.scenario, own, found);
    std::optional<models::Plan> plan;
    if (loaded) plan = models::compile(analysis::compile_input(*loaded), found);
    analysis::add_new_findings(found, diagnostics);
    if (!plan) continue;
    const std::string name = loaded->platform_file.stem().string();
    all.push_back(std::make_unique<Configuration>(
        Configuration{name, std::move(*loaded), std::move(*plan), {}}));
  }
  return all;
}

std::string value_text(const ComparisonRow& number, double value) {
  if (number.unit == "s") return time_text(value);
  if (number.unit == "share") return share_text(value);
  if (number.unit == "USD") return dollars(value);
  return printed("%.2f", value);
}

/// `-0.82 s (-0.91 s to -0.73 s)`; what may as well be 0 is marked.
std::string difference_text(const ComparisonRow& number, const Interval& difference) {
  std::string text = value_text(number, difference.mean) + " (" +
                     value_text(number, difference.low()) + " to " +
                     value_text(number, difference.high()) + ")";
  if (difference.low() <= 0 && difference.high() >= 0) text += " ~";
  return text;
}

std::string verdict_text(analysis::Verdict verdict, const Screen& screen) {
  return inked(screen, verdict, std::string(analysis::to_text(verdict)));
}

/// Whether no configuration differs from the first one in any replication.
bool is_the_same(const ComparisonRow& number) {
  return std::ranges::all_of(number.differences, [](const Interval& difference) {
    return difference.mean == 0 && difference.standard_deviation == 0;
  });
}

std::string comparison_text(const Comparison& comparison, const Screen& screen) {
  std::vector<std::vector<std::string>> rows(1);
  rows[0].push_back("");
  rows[0].push_back(comparison.names[0]);
  for (std::size_t c = 1; c < comparison.names.size(); ++c) {
    rows[0].push_back(comparison.names[c]);
    rows[0].push_back("difference (95 % interval)");
  }
  auto& verdicts = rows.emplace_back();
  verdicts.emplace_back("verdict");
  for (std::size_t c = 0; c < comparison.names.size(); ++c) {
    verdicts.push_back(verdict_text(comparison.verdicts[c], screen));
    if (c > 0) verdicts.emplace_back("");
  }
  for (std::size_t i = 0; i < comparison.numbers.size(); ++i) {
    const ComparisonRow& number = comparison.numbers[i];
    if (number.is_service && is_the_same(number)) continue;
    auto& row = rows.emplace_back();
    row.push_back(number.name);
    for (std::size_t c = 0; c < comparison.names.size(); ++c) {
      std::string cell = value_text(number, number.values[c].mean);
      if (number.is_promise) {
        if (const auto& kept = comparison.promise_kept[c][i]) {
          cell += ", kept with " + share_text(kept->estimate);
        }
        cell += ' ' + verdict_text(comparison.promise_verdicts[c][i], screen);
      }
      row.push_back(std::move(cell));
      if (c > 0) row.push_back(difference_text(number, number.differences[c]));
    }
  }
  std::vector<bool> right(rows[0].size(), true);
  right[0] = false;
  return text_table(rows, right) +
         "\nDifferences are from the first configuration, replication by replication with the\n"
         "same customers; ~ marks those that may as well be nothing. Services that cost the same\n"
         "are left out.\n";
}

nlohmann::ordered_json json_of(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low()}, {"high", interval.high()}};
}

nlohmann::ordered_json comparison_json(const Comparison& comparison) {
  nlohmann::ordered_json json = {{"format", 1}};
  for (std::size_t c = 0; c < comparison.names.size(); ++c) {
    nlohmann::ordered_json numbers;
    for (std::size_t i = 0; i < comparison.numbers.size(); ++i) {
      const ComparisonRow& number = comparison.numbers[i];
      nlohmann::ordered_json entry = {{"unit", number.unit}, {"value", json_of(number.values[c])},
                                      {"difference", json_of(number.differences[c])}};
      if (number.is_promise) {
        entry["verdict"] = analysis::to_text(comparison.promise_verdicts[c][i]);
        entry["kept"] = nullptr;
        if (const auto& kept = comparison.promise_kept[c][i]) {
          entry["kept"] = {{"probability", kept->estimate}, {"low", kept->low},
                           {"high", kept->high}};
        }
      }
      numbers[number.name] = entry;
    }
    json["configurations"].push_back({{"name", comparison.names[c]},
                                      {"verdict", analysis::to_text(comparison.verdicts[c])},
                                      {"numbers", numbers}});
  }
  return json;
}

/// False when it was interrupted.
bool simulate_all(std::vector<std::unique_ptr<Configuration>>& all, unsigned threads,
                  std::optional<std::int64_t> replications, bool quiet) {
  const InterruptGuard guard;
  ProgressLine line(quiet);
  for (std::size_t c = 0; c < all.size(); ++c) {
    Configuration& own = *all[c];
    analysis::SimulationOptions how;
    how.threads = threads;
    // The same number everywhere, so that replications pair up.
    how.replications = static_cast<std::size_t>(
        replications.value_or(own.loaded.scenario.replications.most));
    how.stop = &InterruptGuard::flag();
    how.progress = [&](const analysis::Progress& progress) {
      line.show(own.name + " (" + std::to_string(c + 1) + " of " + std::to_string(all.size()) +
                ")  " + progress_text(progress));
    };
    own.simulation = analysis::simulate(own.loaded, own.plan, how);
    if (own.simulation.set.reason == analysis::StopReason::interrupted) return false;
  }
  return true;
}

/// What replications draw must fit together on every platform.
void check_draws(const std::vector<std::unique_ptr<Configuration>>& all,
                 std::optional<std::int64_t> replications, sim::Diagnostics& diagnostics) {
  for (const auto& own : all) {
    const auto wanted = replications.value_or(own->loaded.scenario.replications.most);
    sim::Diagnostics found;
    models::check_drawn_replications(own->loaded, static_cast<std::uint32_t>(wanted), found);
    analysis::add_new_findings(found, diagnostics);
  }
}

int compare(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto options = load_options(arguments, diagnostics);
  const auto replications = arguments.number("replications", 5, 10'000, diagnostics);
  const auto threads = arguments.number("threads", 1, 1024, diagnostics)
                           .value_or(std::max(1U, std::thread::hardware_concurrency()));
  const auto files = sort_files(arguments.positional(), diagnostics);
  std::vector<std::unique_ptr<Configuration>> all;
  if (files) all = load_all(*files, options, diagnostics);
  check_draws(all, replications, diagnostics);
  if (report_findings(diagnostics) != kMet) return kBadInput;
  const bool json = arguments.has("json");
  if (!simulate_all(all, static_cast<unsigned>(threads), replications, json)) {
    std::cerr << "interrupted\n";
    return kInterrupted;
  }
  std::vector<analysis::Contender> contenders;
  for (const auto& own : all) contenders.push_back({own->name, own->loaded, own->simulation});
  const Comparison comparison = analysis::compare(contenders);
  std::cout << (json ? comparison_json(comparison).dump(2) + '\n'
                     : comparison_text(comparison, screen_of_output()));
  const bool is_drawn = std::any_of(all.begin(), all.end(), [](const auto& own) {
    return models::has_draws(own->loaded);
  });
  if (is_drawn && !json) {
    std::cout << "Numbers are drawn: a promise is met when it is kept with a probability of "
              << printed("%.0f", 100 * analysis::VerdictRule{}.chance) << " % or more.\n";
  }
  return kMet;
}

}  // namespace

VerbEntry compare_verb() {
  Verb verb{"compare", "platforms side by side on one scenario, and how far they differ",
            {"SCENARIO PLATFORM", 2, 12}, {}};
  for (Option& option : load_option_list()) {
    if (option.name != "platform") verb.options.push_back(std::move(option));
  }
  const std::vector<Option> own = {
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "replications of each (default: the scenario's most)"},
      {"threads", 'j', "N", "threads (default: all cores)"},
      {"json", 0, "", "print the comparison as JSON"},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  verb.ending = "Exit code 0 when the comparison is there, whatever the verdicts in it: a platform "
                "that misses a promise is an answer here. `shopsim run` judges one.";
  return {verb, compare};
}

}  // namespace shopsim::cli
