// `shopsim season FILE`: a year of several kinds of days with growing traffic.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "analysis/season.hpp"
#include "cli/load_options.hpp"
#include "cli/number_text.hpp"
#include "cli/progress.hpp"
#include "cli/screen.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"
#include "models/drawn_inputs.hpp"

namespace shopsim::cli {
namespace {

using analysis::Interval;
using analysis::SeasonDays;
using analysis::SeasonPromise;
using analysis::SeasonYear;
using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

std::string percent(double share) { return printed("%.1f %%", 100 * share); }

std::string with_interval(const Interval& amount, std::string (*text)(double)) {
  return text(amount.mean) + " (" + text(std::max(0.0, amount.low())) + " to " +
         text(amount.high()) + ")";
}

std::string headline(const analysis::SeasonConfig& config, const SeasonYear& year,
                     const Screen& screen) {
  std::string verdict(to_text(year.verdict));
  for (char& c : verdict) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return inked(screen, year.verdict, verdict) + "  " + config.name + ": " +
         printed("%.0f", year.days) + " days of " + std::to_string(year.kinds.size()) +
         (year.kinds.size() == 1 ? " kind, " : " kinds, ") +
         std::to_string(year.kinds.front().cost.size()) + " replications of each, traffic " +
         printed("%+.1f %%", 100 * config.growth_per_month.value) + " a month\n";
}

std::string promise_table(const analysis::SeasonConfig& config, const SeasonYear& year,
                          const Screen& screen) {
  Rows rows = {{"promise", "kept on", "95 % interval", "days broken", "most on", "verdict"}};
  for (const SeasonPromise& of : year.promises) {
    rows.push_back({of.name, percent(of.kept.estimate),
                    percent(of.kept.low) + " to " + percent(of.kept.high),
                    printed("%.1f", of.broken_days), of.broken_on,
                    inked(screen, of.verdict, std::string(to_text(of.verdict)))});
  }
  return text_table(rows, {false, true, true, true, false, false}) +
         "  A promise is met when it is kept on " + percent(config.chance.value) +
         " of the days or more.\n";
}

std::string kind_table(const SeasonYear& year, const Screen& screen) {
  Rows rows = {{"kind of day", "days", "traffic", "cost a day", "orders a day", "lost a day",
                "promises broken"}};
  for (const SeasonDays& of : year.kinds) {
    const auto [least, most] = std::minmax_element(of.traffic.begin(), of.traffic.end());
    std::size_t broken = 0;
    for (const auto& kept : of.kept) {
      broken += std::count(kept.begin(), kept.end(), false) > 0 ? 1U : 0U;
    }
    rows.push_back({of.name, printed("%.0f", of.days),
                    printed("%.2f", *least) + " to " + printed("%.2f", *most),
                    dollars(analysis::mean_interval(of.cost).mean),
                    printed("%.0f", analysis::mean_interval(of.placed).mean),
                    printed("%.1f", analysis::mean_interval(of.lost).mean),
                    std::to_string(broken) + " of " + std::to_string(of.promises.size())});
  }
  return '\n' + inked(screen, Ink::strong, "Kinds of days") + '\n' +
         text_table(rows, {false, true, true, true, true, true, true});
}

std::string season_text(const analysis::SeasonConfig& config, const SeasonYear& year,
                        const Screen& screen) {
  const auto count = [](double number) { return printed("%.0f", number); };
  std::string text = headline(config, year, screen) + promise_table(config, year, screen) +
                     kind_table(year, screen);
  text += '\n' + inked(screen, Ink::strong, "The year (95 % intervals)") + '\n';
  text += "  cost: " + with_interval(year.cost, dollars) + "\n";
  text += "  orders placed: " + with_interval(year.placed, count) + ", lost: " +
          with_interval(year.lost, count) + "\n";
  text += "  value of the orders lost: " + with_interval(year.value_lost, dollars) + "\n";
  return text;
}

Json estimate(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low()}, {"high", interval.high()}};
}

Json season_json(const analysis::SeasonConfig& config, const SeasonYear& year) {
  Json kinds = Json::array();
  for (const SeasonDays& of : year.kinds) {
    Json kept = Json::object();
    for (std::size_t i = 0; i < of.promises.size(); ++i) {
      kept[of.promises[i]] = std::count(of.kept[i].begin(), of.kept[i].end(), true);
    }
    kinds.push_back({{"name", of.name}, {"scenario", of.scenario}, {"days", of.days},
                     {"replications", of.cost.size()}, {"traffic", of.traffic},
                     {"day_usd", of.cost}, {"orders_placed", of.placed},
                     {"orders_lost", of.lost}, {"kept_in", kept}});
  }
  Json promises = Json::array();
  for (const SeasonPromise& of : year.promises) {
    promises.push_back({{"name", of.name}, {"verdict", to_text(of.verdict)}, {"days", of.days},
                        {"kept", of.kept.estimate}, {"low", of.kept.low},
                        {"high", of.kept.high}, {"broken_days", of.broken_days},
                        {"most_on", of.broken_on}});
  }
  return {{"format", 1}, {"season", config.name}, {"verdict", to_text(year.verdict)},
          {"days", year.days}, {"chance", config.chance.value},
          {"growth_per_month", config.growth_per_month.value}, {"promises", promises},
          {"kinds", kinds}, {"year_usd", estimate(year.cost)},
          {"orders_placed", estimate(year.placed)}, {"orders_lost", estimate(year.lost)},
          {"value_lost_usd", estimate(year.value_lost)}};
}

/// All kinds, one after the other. Nothing: interrupted.
std::optional<SeasonYear> simulate(const analysis::Season& season,
                                   analysis::SimulationOptions how, bool quiet) {
  const InterruptGuard guard;
  ProgressLine line(quiet);
  how.stop = &InterruptGuard::flag();
  std::vector<SeasonDays> kinds;
  for (const auto& kind : season.kinds) {
    how.progress = [&](const analysis::Progress& progress) {
      line.show(kind->config.day.name + " (" + std::to_string(kinds.size() + 1) + " of " +
                std::to_string(season.kinds.size()) + ")  " + progress_text(progress));
    };
    auto days = analysis::run_season_days(season, *kind, how);
    if (!days) return std::nullopt;
    kinds.push_back(std::move(*days));
  }
  return analysis::combine_season(season.config, std::move(kinds));
}

int season(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto load = load_options(arguments, diagnostics);
  const auto replications =
      arguments.number("replications", 2, 10'000, diagnostics).value_or(5);
  const auto threads = arguments.number("threads", 1, 1024, diagnostics)
                           .value_or(std::max(1U, std::thread::hardware_concurrency()));
  const auto loaded =
      analysis::load_season(arguments.positional().front(), load, diagnostics);
  if (loaded) {
    for (const auto& kind : loaded->kinds) {
      sim::Diagnostics found;
      models::check_drawn_replications(kind->loaded, static_cast<std::uint32_t>(replications),
                                       found);
      analysis::add_new_findings(found, diagnostics);
    }
  }
  if (report_findings(diagnostics) != kMet || !loaded) return kBadInput;
  const bool json = arguments.has("json");
  analysis::SimulationOptions how;
  how.threads = static_cast<unsigned>(threads);
  how.replications = static_cast<std::size_t>(replications);
  const auto year = simulate(*loaded, how, json || arguments.has("quiet"));
  if (!year) {
    std::cerr << "interrupted\n";
    return kInterrupted;
  }
  std::cout << (json ? season_json(loaded->config, *year).dump(2) + '\n'
                     : season_text(loaded->config, *year, screen_of_output()));
  switch (year->verdict) {
    case analysis::Verdict::met: return kMet;
    case analysis::Verdict::missed: return kMissed;
    case analysis::Verdict::undecided: return kUndecided;
  }
  return kInternal;
}

}  // namespace

VerbEntry season_verb() {
  Verb verb{"season", "a year of several kinds of days with growing traffic",
            {"SEASON", 1, 1}, {}};
  verb.options = load_option_list();
  const std::vector<Option> own = {
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "days of each kind, at least 2 (5)"},
      {"threads", 'j', "N", "threads (default: all cores)"},
      {"json", 0, "", "print the result as JSON"},
      {"quiet", 'q', "", "no live line"},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  verb.help_place = HelpPlace::named;
  return {verb, season};
}

}  // namespace shopsim::cli
