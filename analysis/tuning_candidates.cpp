#include "analysis/tuning_candidates.hpp"

#include <algorithm>
#include <mutex>

#include "analysis/side_by_side.hpp"
#include "analysis/tuning_fluid.hpp"
#include "models/check.hpp"
#include "sim/config_override.hpp"
#include "sim/config_schema.hpp"
#include "sim/config_writer.hpp"
#include "sim/document_edit.hpp"

namespace shopsim::analysis {
namespace {

sim::Document canonical_document(const models::Platform& platform) {
  sim::Diagnostics none;  // we wrote it ourselves
  auto document = sim::parse_document(sim::to_canonical_yaml(platform), "platform", none);
  return document ? std::move(*document) : sim::Document{};
}

/// Reads and checks a platform document. `found` gets what is wrong.
models::Platform read_platform(const sim::Document& document, const models::Catalogue& catalogue,
                               sim::Diagnostics& found) {
  models::Platform platform;
  const sim::Places places = sim::read_fields(document, document.root, platform, found);
  if (!found.has_errors()) models::check_platform(platform, catalogue, {places, found});
  return platform;
}

/// What is wrong with a value whatever the others are: it cannot be read, or names nothing.
bool is_wrong_alone(const sim::Diagnostic& finding) {
  if (finding.severity != sim::Severity::error) return false;
  static const char* const alone[] = {"unknown-type", "unknown-speed", "out-of-range",
                                      "bad-value",    "missing-unit",  "unknown-choice",
                                      "wrong-kind",   "unknown-key"};
  return std::any_of(std::begin(alone), std::end(alone),
                     [&finding](const char* code) { return finding.code == code; });
}

/// Where in the space file a finding about a choice belongs: at the value that it names, which
/// stands in it as on the command line.
sim::Place place_of(const TuningChoice& choice, const sim::Place& finding) {
  for (std::size_t s = 0; s < choice.sets.size(); ++s) {
    if (finding.file == "--set " + choice.sets[s]) return choice.places[s];
  }
  return choice.places.empty() ? sim::Place{} : choice.places.front();
}

/// The first error's text, for counting why combinations are refused.
std::string first_error(const sim::Diagnostics& found) {
  for (const sim::Diagnostic& finding : found.all()) {
    if (finding.severity == sim::Severity::error) return finding.message;
  }
  return {};
}

}  // namespace

CandidateMaker::CandidateMaker(const TuningSpace& space, const models::Platform& today,
                               const models::Catalogue& catalogue)
    : space_(space), catalogue_(catalogue), today_(canonical_document(today)) {
  for (const Tunable& tunable : space.tunables) {
    auto& of_tunable = edits_.emplace_back();
    for (const TuningChoice& choice : tunable.choices) {
      auto& edits = of_tunable.emplace_back();
      for (const std::string& set : choice.sets) {
        // Applied to a scratch document, so that values are read as the command line reads them.
        sim::Document scratch = today_;
        sim::Diagnostics none;
        const std::string path = set.substr(0, set.find('='));
        const auto steps = sim::parse_path(path);
        if (!steps || !sim::apply_override(scratch, set, none)) continue;  // check() reports it
        const sim::Node* value = sim::find(scratch.root, path);
        if (value != nullptr) edits.push_back({*steps, *value});
      }
    }
  }
}

void CandidateMaker::check(sim::Diagnostics& diagnostics) const {
  const auto known = sim::field_paths(models::Platform{});
  for (const Tunable& tunable : space_.tunables) {
    for (const TuningChoice& choice : tunable.choices) {
      sim::Document document = today_;
      sim::Diagnostics unknown;
      for (const std::string& set : choice.sets) {
        sim::apply_override(document, set, unknown, known);
      }
      // The other values of a path would say the same of it.
      const bool is_news = tunable.path.empty() || &choice == &tunable.choices.front();
      sim::Diagnostics found;
      read_platform(document, catalogue_, found);
      for (const sim::Diagnostics* of : {&unknown, &found}) {
        for (sim::Diagnostic finding : of->all()) {
          if (of == &unknown ? !is_news : !is_wrong_alone(finding)) continue;
          finding.place = place_of(choice, finding.place);
          diagnostics.add(std::move(finding));
        }
      }
    }
  }
  for (const Constraint& constraint : space_.constraints) {
    std::string problem;
    if (!holds(constraint, today_.root, problem)) {
      diagnostics.error("bad-constraint", constraint.place, problem + " in the platform",
                        "constraints compare numbers; give the platform a value there");
    }
  }
}

bool CandidateMaker::lifted(std::string_view bound) const {
  const auto& lift = space_.config.mission.lift;
  return std::find(lift.begin(), lift.end(), bound) != lift.end();
}

std::string CandidateMaker::mission_refusal(const models::Platform& platform) const {
  const MissionConfig& mission = space_.config.mission;
  const models::GroupBounds scaling = server_bounds(platform.web.scaling);
  if (!lifted("servers") && (scaling.minimum < mission.servers_least ||
                             scaling.maximum > mission.servers_most)) {
    return "the mission asks for " + std::to_string(mission.servers_least) + " to " +
           std::to_string(mission.servers_most) + " servers (mission.lift: [servers])";
  }
  if (!lifted("multi_az") && mission.multi_az && !platform.database.multi_az) {
    return "the mission asks for a Multi-AZ database (mission.lift: [multi_az])";
  }
  if (!lifted("storage") && platform.database.storage < mission.storage) {
    return "the mission asks for " + sim::to_text(mission.storage) +
           " of storage (mission.lift: [storage])";
  }
  return {};
}

CandidateMaker::Made CandidateMaker::make(const Choices& choices) const {
  sim::Document document;
  document.file = today_.file;
  document.root = today_.root;
  for (std::size_t t = 0; t < choices.size(); ++t) {
    for (const Edit& edit : edits_[t][choices[t]]) {
      if (auto problem = sim::set_node(document.root, edit.steps, edit.value)) {
        return {std::nullopt, *problem};
      }
    }
  }
  for (const Constraint& constraint : space_.constraints) {
    std::string problem;
    if (!holds(constraint, document.root, problem).value_or(false)) {
      return {std::nullopt, "constraint `" + constraint.text + "`"};
    }
  }
  sim::Diagnostics found;
  // Origins of the edits are of no use here: nothing of it is shown with a place.
  document.overrides.assign(1, "space");
  models::Platform platform = read_platform(document, catalogue_, found);
  if (found.has_errors()) return {std::nullopt, first_error(found)};
  std::string refusal = mission_refusal(platform);
  if (!refusal.empty()) return {std::nullopt, std::move(refusal)};
  return {std::move(platform), {}};
}

Choices CandidateMaker::combination(std::size_t place) const {
  Choices choices(space_.tunables.size(), 0);
  for (std::size_t t = choices.size(); t > 0; --t) {
    const std::size_t size = space_.tunables[t - 1].choices.size();
    choices[t - 1] = static_cast<std::uint16_t>(place % size);
    place /= size;
  }
  return choices;
}

CandidateCount CandidateMaker::list(const Visit& visit, sim::Diagnostics& diagnostics) const {
  return examine([&visit](std::size_t, const Choices& choices,
                          const models::Platform& platform) { visit(choices, platform); },
                 1, nullptr, diagnostics);
}

CandidateCount CandidateMaker::examine(const Examine& each, unsigned threads,
                                       const std::atomic<bool>* stop,
                                       sim::Diagnostics& diagnostics) const {
  CandidateCount count;
  count.combinations = static_cast<std::size_t>(space_.combinations());
  std::mutex mutex;
  run_side_by_side(count.combinations, threads, stop, [&](std::size_t place) {
    const Choices choices = combination(place);
    const Made made = make(choices);
    if (made.platform) each(place, choices, *made.platform);
    const std::lock_guard lock(mutex);
    if (made.platform) {
      ++count.allowed;
    } else {
      ++count.refused[made.refusal];
    }
  });
  if (stop != nullptr && stop->load()) return count;
  if (count.allowed > 0) return count;
  std::string reasons;
  for (const auto& [reason, times] : count.refused) {
    reasons += (reasons.empty() ? "" : "; ") + std::to_string(times) + " times: " + reason;
  }
  diagnostics.error("empty-space", space_.places.place_of("tunables"),
                    "none of " + std::to_string(count.combinations) +
                        " combinations is allowed (" + reasons + ")",
                    "take other values, or lift a bound under `mission: {lift: [...]}`");
  return count;
}

models::Platform CandidateMaker::platform(const Choices& choices) const {
  return make(choices).platform.value_or(models::Platform{});
}

std::vector<std::string> CandidateMaker::sets(const Choices& choices) const {
  std::vector<std::string> all;
  for (std::size_t t = 0; t < choices.size(); ++t) {
    const auto& sets = space_.tunables[t].choices[choices[t]].sets;
    all.insert(all.end(), sets.begin(), sets.end());
  }
  return all;
}

std::string CandidateMaker::label(const Choices& choices, const Choices* base) const {
  std::string text;
  for (std::size_t t = 0; t < choices.size(); ++t) {
    if (base != nullptr && (*base)[t] == choices[t]) continue;
    const Tunable& tunable = space_.tunables[t];
    if (!text.empty()) text += ", ";
    text += tunable.name + " " + tunable.choices[choices[t]].label;
  }
  return text;
}

}  // namespace shopsim::analysis
