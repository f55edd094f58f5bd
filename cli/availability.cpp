// `shopsim availability SCENARIO...`: a year of failures, from their rates and what each one does.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "analysis/availability.hpp"
#include "cli/availability.hpp"
#include "cli/load_options.hpp"
#include "cli/number_text.hpp"
#include "cli/progress.hpp"
#include "cli/text_table.hpp"
#include "sim/decimal.hpp"

namespace shopsim::cli {
namespace {

using analysis::Availability;
using analysis::Interval;
using analysis::ModeOverYear;
using analysis::YearlyInterval;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostScenarios = 8;

std::string number(double value) {
  const double size = std::fabs(value);
  if (size >= 10'000) return short_number(size).insert(0, value < 0 ? "-" : "");
  return printed(size >= 100 ? "%.0f" : size >= 0.1 || size == 0 ? "%.2f" : "%.2g", value);
}

std::string ends(const Interval& interval, double factor) {
  // Nothing that is counted here can truly be below nought, whatever the interval's arithmetic.
  std::string text = number(factor * std::max(0.0, interval.low()));
  text += " .. ";
  return text + number(factor * interval.high());
}

/// Nines of an availability, `3.4`; none below nought.
std::string nines(double unavailability) {
  return unavailability > 0 && unavailability < 1 ? printed("%.1f", -std::log10(unavailability))
                                                  : std::string("0");
}

std::string percent(double unavailability) {
  return printed(unavailability < 1e-4 ? "%.6f" : "%.3f", 100 * (1 - unavailability));
}

std::string headline(const Availability& year) {
  const Interval& lost = year.all.unavailability;
  const double minutes = analysis::kMinutesPerYear;
  std::string text = "Availability over a year: " + percent(lost.mean);
  text += " % of pages (" + nines(lost.mean) + " nines; 95 % interval ";
  text += percent(lost.high()) + " .. " + percent(std::max(0.0, lost.low())) + " %)\n";
  text += "  as much as " + number(minutes * lost.mean) + " minutes of full outage (";
  text += ends(lost, minutes) + ")\n";
  return text;
}

std::vector<std::string> total_row(const char* name, const YearlyInterval& loses) {
  const double minutes = analysis::kMinutesPerYear;
  return {name,
          number(minutes * loses.unavailability.mean),
          ends(loses.unavailability, minutes),
          number(loses.broken_minutes.mean),
          number(loses.orders_lost.mean),
          ends(loses.orders_lost, 1),
          number(loses.value_lost.mean)};
}

std::string totals_text(const Availability& year) {
  std::vector<std::vector<std::string>> rows = {{"in a year", "outage min", "95 %", "broken min",
                                                 "orders lost", "95 %", "USD lost"}};
  rows.push_back(total_row("failures", year.failures));
  rows.push_back(total_row("without any failure", year.without_fault));
  rows.push_back(total_row("together", year.all));
  return text_table(rows, {false, true, true, true, true, true, true});
}

std::string modes_text(const Availability& year) {
  std::vector<std::vector<std::string>> rows = {{"failure", "a year", "outage min", "95 %",
                                                 "orders lost", "share", "min at low..high rate"}};
  for (const ModeOverYear& of : year.modes) {
    const double minutes = analysis::kMinutesPerYear;
    std::string sensitivity = number(of.minutes_at_low);
    sensitivity += " .. " + number(of.minutes_at_high);
    rows.push_back({of.mode.name, number(of.yearly), number(minutes * of.loses.unavailability.mean),
                    ends(of.loses.unavailability, minutes), number(of.loses.orders_lost.mean),
                    printed("%.0f %%", 100 * of.share), sensitivity});
  }
  return text_table(rows, {false, true, true, true, true, true, true});
}

std::string unit_name(const analysis::FailureMode& mode) {
  return std::string(enum_names(mode.per)[static_cast<std::size_t>(mode.per)]);
}

std::string assumption_text(const Availability& year) {
  if (!year.most_sensitive) return "No failure costs anything: no rate matters.\n";
  const ModeOverYear& of = year.modes[*year.most_sensitive];
  std::string text = "It hangs most on how often '" + of.mode.name + "': " + number(of.mode.yearly);
  text += " a year per " + unit_name(of.mode);
  text += " is taken, " + number(of.mode.low) + " .. " + number(of.mode.high);
  text += " is possible (" + of.mode.source + "):\n  failures then cost ";
  text += number(of.minutes_at_low) + " .. " + number(of.minutes_at_high);
  text += " minutes; with every rate at its low and high end ";
  return text + number(year.minutes_all_low) + " .. " + number(year.minutes_all_high) + ".\n";
}

std::string year_text(const Availability& year) {
  std::string text = headline(year) + "\n" + totals_text(year) + "\n" + modes_text(year) + "\n";
  text += assumption_text(year);
  text += "One year in twenty is worse than " + number(year.bad_year_minutes);
  text += " minutes and " + number(year.bad_year_orders) + " orders lost to failures.\n";
  text += "Two failures at once: " + number(analysis::kMinutesPerYear * year.overlap);
  text += " minutes a year, counted as a full outage the most they add to these numbers.\n";
  text += "Not in these numbers: events of a whole region, the shop's own releases.\n";
  for (const std::string& remark : year.remarks) text += remark + "\n";
  return text + std::to_string(year.replications) + " replications, " +
         std::to_string(year.units) + " moments, " +
         short_number(static_cast<double>(year.events)) + " events simulated.\n";
}

Json estimate(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low()}, {"high", interval.high()}};
}

Json yearly_json(const YearlyInterval& loses) {
  return {{"unavailability", estimate(loses.unavailability)},
          {"outage_minutes", loses.unavailability.mean * analysis::kMinutesPerYear},
          {"broken_minutes", estimate(loses.broken_minutes)},
          {"orders_lost", estimate(loses.orders_lost)},
          {"value_lost_usd", estimate(loses.value_lost)}};
}

Json year_json(const Availability& year) {
  Json modes = Json::array();
  for (const ModeOverYear& of : year.modes) {
    modes.push_back({{"name", of.mode.name}, {"a_year", of.yearly},
                     {"rate", {{"per", unit_name(of.mode)},
                               {"yearly", of.mode.yearly}, {"low", of.mode.low},
                               {"high", of.mode.high}, {"source", of.mode.source}}},
                     {"loses", yearly_json(of.loses)}, {"share", of.share},
                     {"outage_minutes_at_low", of.minutes_at_low},
                     {"outage_minutes_at_high", of.minutes_at_high}, {"cut", of.cut}});
  }
  Json sensitive = nullptr;
  if (year.most_sensitive) sensitive = year.modes[*year.most_sensitive].mode.name;
  return {{"format", 1}, {"replications", year.replications}, {"moments", year.units},
          {"events", year.events}, {"pages_a_year", year.pages},
          {"availability", 1 - year.all.unavailability.mean},
          {"together", yearly_json(year.all)}, {"failures", yearly_json(year.failures)},
          {"without_failure", yearly_json(year.without_fault)}, {"modes", modes},
          {"most_sensitive", sensitive},
          {"outage_minutes_all_low", year.minutes_all_low},
          {"outage_minutes_all_high", year.minutes_all_high},
          {"overlap_minutes_at_most", year.overlap * analysis::kMinutesPerYear},
          {"bad_year", {{"outage_minutes", year.bad_year_minutes},
                        {"orders_lost", year.bad_year_orders}}},
          {"remarks", year.remarks}};
}

/// `--days 363,2`: one number per scenario; all of the year for one scenario.
std::vector<double> days_of(const Arguments& arguments, sim::Diagnostics& diagnostics) {
  const std::size_t scenarios = arguments.positional().size();
  std::vector<double> days;
  const auto text = arguments.value("days");
  if (!text) {
    if (scenarios > 1) {
      diagnostics.error("availability-days", {"command line", 0, 0},
                        "several scenarios need to know how many days of the year each is like",
                        "for instance --days 363,2");
    }
    return {analysis::kDaysPerYear};
  }
  std::size_t begin = 0;
  while (begin <= text->size()) {
    const std::size_t end = std::min(text->find(',', begin), text->size());
    const std::string part = text->substr(begin, end - begin);
    std::string_view rest = part;
    const auto decimal = sim::take_decimal(rest);
    const auto value = decimal && rest.empty() ? sim::to_double(*decimal) : std::nullopt;
    if (!value || !(*value > 0) || *value > analysis::kDaysPerYear) {
      diagnostics.error("availability-days", {"command line", 0, 0},
                        "--days: " + sim::shown(part) + " is no number of days of a year");
      return days;
    }
    days.push_back(*value);
    begin = end + 1;
  }
  if (days.size() != scenarios) {
    diagnostics.error("availability-days", {"command line", 0, 0},
                      "--days has " + std::to_string(days.size()) + " numbers for " +
                          std::to_string(scenarios) + " scenarios",
                      "give one for each, in their order");
  }
  return days;
}

analysis::AvailabilityOptions options_of(const Arguments& arguments,
                                         sim::Diagnostics& diagnostics) {
  analysis::AvailabilityOptions options;
  options.replications = static_cast<std::size_t>(
      arguments.number("replications", 2, 10'000, diagnostics).value_or(5));
  options.strata = static_cast<std::size_t>(
      arguments.number("moments", 1, 1'000, diagnostics).value_or(6));
  options.threads = static_cast<unsigned>(
      arguments.number("threads", 1, 1024, diagnostics)
          .value_or(std::max(1U, std::thread::hardware_concurrency())));
  if (const auto text = arguments.value("longest")) {
    std::string error;
    const auto longest = sim::parse_duration(*text, &error);
    const bool fits = longest && *longest >= sim::Duration{60'000'000'000} &&
                      *longest <= sim::Duration{172'800'000'000'000};
    if (fits) {
      options.longest = *longest;
    } else {
      diagnostics.error("availability-longest", {"command line", 0, 0},
                        "--longest: " + sim::shown(*text) + " is no time from 1 min to 48 h",
                        error);
    }
  }
  return options;
}

int availability(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto load = load_options(arguments, diagnostics);
  const std::vector<double> days = days_of(arguments, diagnostics);
  analysis::AvailabilityOptions options = options_of(arguments, diagnostics);
  std::optional<analysis::FailureRates> rates = analysis::default_failure_rates();
  if (const auto file = arguments.value("rates")) {
    rates = analysis::load_failure_rates(*file, diagnostics);
  }
  std::vector<std::optional<models::LoadedScenario>> loaded;
  for (const std::string& file : arguments.positional()) {
    loaded.push_back(models::load_scenario(file, load, diagnostics));
  }
  if (diagnostics.has_errors() || !rates) return report_findings(diagnostics);
  std::vector<analysis::DayKind> kinds;
  for (std::size_t i = 0; i < loaded.size(); ++i) kinds.push_back({&*loaded[i], days[i]});

  const bool json = arguments.has("json");
  const InterruptGuard guard;
  ProgressLine line(json || arguments.has("quiet"));
  options.stop = &InterruptGuard::flag();
  options.progress = [&line](std::size_t done, std::size_t all) {
    line.show(std::to_string(done) + " of " + std::to_string(all) + " moments simulated");
  };
  const auto year = analysis::yearly_availability(kinds, *rates, options, diagnostics);
  line.clear();
  if (report_findings(diagnostics) != kMet) return kBadInput;
  if (!year) {
    std::cerr << "interrupted\n";
    return kInterrupted;
  }
  std::cout << (json ? year_json(*year).dump(2) + '\n' : year_text(*year));
  return kMet;
}

}  // namespace

VerbEntry availability_verb() {
  Verb verb{"availability", "what failures cost over a year: nines, minutes, orders",
            {"SCENARIO", 1, kMostScenarios}, {}};
  verb.options = load_option_list();
  const std::vector<Option> own = {
      {"days", 'd', "N,N", "days of the year each scenario stands for (one scenario: 365)"},
      {"rates", 0, "FILE", "failure modes and their rates instead of the built-in list"},
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "independent replications, at least 2 (5)"},
      {"moments", 'm', "N", "moments of a day in each replication (6)"},
      {"longest", 0, "TIME", "a lost zone is followed no longer than this (12 h)"},
      {"threads", 'j', "N", "threads (default: all cores)"},
      {"json", 0, "", "print the result as JSON"},
      {"quiet", 'q', "", "no live line"},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  verb.help_place = HelpPlace::named;
  return {verb, availability};
}

}  // namespace shopsim::cli
