// `shopsim swarm`: random worlds until so many events have been simulated, or until one fails.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "analysis/swarm.hpp"
#include "cli/number_text.hpp"
#include "cli/progress.hpp"
#include "cli/verbs.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::cli {
namespace {

std::string names_of(const std::vector<std::size_t>& traits) {
  std::string names;
  for (const std::size_t trait : traits) {
    names += (names.empty() ? "" : ",") + std::string(models::world_traits()[trait].name);
  }
  return names.empty() ? "none" : names;
}

std::optional<std::vector<std::size_t>> traits_named(const std::string& text,
                                                     sim::Diagnostics& diagnostics) {
  std::vector<std::size_t> traits;
  std::vector<std::string_view> known;
  for (const models::WorldTrait& trait : models::world_traits()) known.push_back(trait.name);
  std::size_t begin = 0;
  while (begin <= text.size() && text != "none") {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string name = text.substr(begin, end - begin);
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      const std::string_view nearest = sim::nearest_word(name, known);
      diagnostics.error("unknown-trait", {"command line", 0, 0},
                        "there is no trait " + sim::shown(name),
                        nearest.empty() ? std::string("a failing world names its traits")
                                        : "did you mean " + std::string(nearest) + "?");
    } else {
      traits.push_back(static_cast<std::size_t>(found - known.begin()));
    }
    begin = end + 1;
  }
  std::sort(traits.begin(), traits.end());
  if (diagnostics.has_errors()) return std::nullopt;
  return traits;
}

/// The failing world as files that `shopsim run` takes.
void keep(const std::string& folder, const models::RandomWorld& world) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/scenario.yaml") << sim::to_canonical_yaml(world.scenario);
  std::ofstream(folder + "/platform.yaml") << sim::to_canonical_yaml(world.platform);
  std::cerr << "written: " << folder << "/scenario.yaml and platform.yaml\n";
}

int report(const Arguments& arguments, const analysis::FailingWorld& world) {
  const std::string traits = names_of(world.traits);
  std::cerr << "FAILED: " << world.what << "\n"
            << "world: seed " << world.seed << ", traits " << traits << "\n"
            << "replay: shopsim swarm --seed " << world.seed << " --traits " << traits << "\n";
  if (const auto folder = arguments.value("keep")) {
    keep(*folder, models::random_world(world.seed, world.traits));
  }
  return kMissed;
}

int swarm(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto first = arguments.number("seed", 0, INT64_MAX, diagnostics).value_or(1);
  const auto most = arguments.number("events", 1, INT64_MAX, diagnostics).value_or(20'000'000);
  std::optional<std::vector<std::size_t>> only;
  if (const auto text = arguments.value("traits")) only = traits_named(*text, diagnostics);
  if (diagnostics.has_errors()) return report_findings(diagnostics);

  analysis::WorldChecks counts;
  const auto test = [&counts](const models::RandomWorld& world, std::uint64_t seed) {
    return analysis::check_world(world, seed, counts);
  };
  ProgressLine line(arguments.has("quiet"));
  const InterruptGuard guard;
  auto seed = static_cast<std::uint64_t>(first);
  std::uint64_t worlds = 0;
  while (counts.events < static_cast<std::uint64_t>(most) && !InterruptGuard::flag()) {
    const auto traits = only ? *only : models::draw_traits(seed);
    if (test(models::random_world(seed, traits), seed)) {
      line.clear();
      return report(arguments, analysis::shrink(seed, traits, test));
    }
    ++worlds;
    ++seed;
    line.show(std::to_string(worlds) + " worlds, " +
              short_number(static_cast<double>(counts.events)) + " events, seed " +
              std::to_string(seed));
    if (only) break;  // a replay is one world
  }
  line.clear();
  std::cout << worlds << " worlds and " << counts.events << " events: everything holds\n";
  return kMet;
}

}  // namespace

VerbEntry swarm_verb() {
  return {{"swarm", "check random worlds: books, money, Little's law, determinism",
           {"", 0, 0},
           {{"seed", 0, "N", "first seed; each world takes the next (1)"},
            {"events", 0, "N", "stop after so many events (20000000)"},
            {"traits", 0, "A,B", "one world with these traits only: replays a failure"},
            {"keep", 0, "FOLDER", "write a failing world there as files"},
            {"quiet", 'q', "", "no live count"}},
           HelpPlace::named},
          swarm};
}

}  // namespace shopsim::cli
