#include "models/load.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "models/check.hpp"
#include "models/drawn_inputs.hpp"
#include "models/key_trace.hpp"
#include "sim/config_override.hpp"
#include "sim/config_schema.hpp"
#include "sim/document.hpp"

namespace shopsim::models {

namespace {

constexpr std::string_view kScenarioPrefix = "scenario.";
constexpr std::string_view kPlatformPrefix = "platform.";
constexpr std::uintmax_t kKeyTraceBytes = std::uintmax_t{256} << 20;

/// The first step of a path or assignment: `web` of `web.scaling.maximum=6`.
std::string_view root_of(std::string_view path) {
  return path.substr(0, path.find_first_of(".[="));
}

bool has_root(const std::vector<std::string>& paths, std::string_view root) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const std::string& path) { return root_of(path) == root; });
}

/// The two documents with what the command line sets in them. Either may be absent.
class Overrides {
 public:
  Overrides(sim::Document* scenario, sim::Document* platform, sim::Diagnostics& diagnostics)
      : scenario_(scenario), platform_(platform), diagnostics_(diagnostics) {
    Scenario some_scenario;
    Platform some_platform;
    scenario_paths_ = sim::field_paths(some_scenario);
    platform_paths_ = sim::field_paths(some_platform);
  }

  void apply(std::string_view assignment) {
    if (assignment.starts_with(kScenarioPrefix)) {
      assignment.remove_prefix(kScenarioPrefix.size());
      return apply_to(scenario_, assignment, scenario_paths_);
    }
    if (assignment.starts_with(kPlatformPrefix)) {
      assignment.remove_prefix(kPlatformPrefix.size());
      return apply_to(platform_, assignment, platform_paths_);
    }
    const std::string_view root = root_of(assignment);
    const bool scenario = scenario_ != nullptr && has_root(scenario_paths_, root);
    const bool platform = has_root(platform_paths_, root);
    if (scenario && platform) {
      diagnostics_.error("ambiguous-override", {"--set " + std::string(assignment), 0, 0},
                         "both the scenario and the platform have `" + std::string(root) + "`",
                         "write scenario." + std::string(root) + " or platform." +
                             std::string(root));
      return;
    }
    if (scenario) return apply_to(scenario_, assignment, scenario_paths_);
    if (platform) return apply_to(platform_, assignment, platform_paths_);
    std::vector<std::string> both = platform_paths_;
    if (scenario_ != nullptr) {
      both.insert(both.end(), scenario_paths_.begin(), scenario_paths_.end());
    }
    apply_to(platform_ != nullptr ? platform_ : scenario_, assignment, both);
  }

 private:
  void apply_to(sim::Document* document, std::string_view assignment,
                const std::vector<std::string>& paths) {
    if (document != nullptr) {
      sim::apply_override(*document, assignment, diagnostics_, paths);
    } else if (scenario_ == nullptr && platform_ != nullptr) {
      diagnostics_.error("no-scenario", {"--set " + std::string(assignment), 0, 0},
                         "there is no scenario here, only a platform");
    }
  }

  sim::Document* scenario_;
  sim::Document* platform_;
  sim::Diagnostics& diagnostics_;
  std::vector<std::string> scenario_paths_;
  std::vector<std::string> platform_paths_;
};

/// A path of the scenario file, which is relative to it.
std::filesystem::path beside(const std::filesystem::path& file, const std::string& name) {
  const std::filesystem::path path(name);
  return path.is_absolute() ? path : file.parent_path() / path;
}

/// Whether an override says which platform file the scenario takes: it is applied first.
bool names_platform(std::string_view assignment) {
  return assignment.starts_with("scenario.platform=") || assignment.starts_with("platform=");
}

/// The platform file the scenario document names; empty if it names none.
std::string named_platform(const sim::Document& scenario) {
  const sim::Node* node = scenario.root.child("platform");
  return node != nullptr && node->kind == sim::NodeKind::scalar ? node->text : std::string{};
}

/// Reads and checks a platform document. No value: there is no catalogue for its region.
std::optional<LoadedPlatform> read_platform(const sim::Document& document,
                                            const std::filesystem::path& file,
                                            const LoadOptions& options,
                                            sim::Diagnostics& diagnostics) {
  LoadedPlatform loaded;
  loaded.file = file;
  loaded.text = document.text;
  loaded.places = sim::read_fields(document, document.root, loaded.platform, diagnostics,
                                   options.may_draw ? &loaded.draws : nullptr);
  auto catalogue = load_catalogue(loaded.platform.region, loaded.places.place_of("region"),
                                  options.prices, diagnostics);
  if (!catalogue) return std::nullopt;
  loaded.catalogue = std::move(*catalogue);
  check_platform(loaded.platform, loaded.catalogue, {loaded.places, diagnostics});
  return loaded;
}

std::optional<std::string> read_text(const std::filesystem::path& file, const sim::Place& place,
                                     sim::Diagnostics& diagnostics) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    diagnostics.error("key-trace", place, "there is no file '" + file.string() + "'",
                      "paths are relative to the scenario file");
    return std::nullopt;
  }
  if (std::filesystem::file_size(file, error) > kKeyTraceBytes || error) {
    diagnostics.error("key-trace", place, "'" + file.string() + "' is larger than 256 MiB",
                      "cut the trace");
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) {
    diagnostics.error("key-trace", place, "'" + file.string() + "' cannot be read");
    return std::nullopt;
  }
  return text;
}

/// Whether the trace lasts as long as the run.
void check_length(const LoadedScenario& loaded, sim::Diagnostics& diagnostics) {
  const TraceConfig& config = *loaded.scenario.traffic.trace;
  const auto bins = static_cast<std::int64_t>(loaded.trace->counts.size()) - config.skip_bins;
  // In whole bins, so that nothing overflows.
  const std::int64_t needed =
      (loaded.scenario.duration + config.bin - sim::Duration{1}) / config.bin;
  if (bins >= needed) return;
  diagnostics.error("trace-short", loaded.scenario_places.place_of("traffic.trace.file"),
                    "the trace has " + std::to_string(std::max<std::int64_t>(bins, 0)) +
                        " bins after those skipped, the run needs " + std::to_string(needed),
                    "shorten `duration`, or skip fewer bins");
}

void read_files(LoadedScenario& loaded, sim::Diagnostics& diagnostics) {
  const sim::Places& places = loaded.scenario_places;
  if (loaded.scenario.traffic.trace) {
    const TraceConfig& config = *loaded.scenario.traffic.trace;
    loaded.trace = read_trace(beside(loaded.scenario_file, config.file), config,
                              places.place_of("traffic.trace.file"), diagnostics);
    if (loaded.trace) check_length(loaded, diagnostics);
  }
  const std::string& keys = loaded.scenario.catalogue.key_trace;
  if (keys.empty()) return;
  const std::filesystem::path file = beside(loaded.scenario_file, keys);
  const auto text = read_text(file, places.place_of("catalogue.key_trace"), diagnostics);
  if (!text) return;
  auto trace = parse_key_trace(*text, file.string(), diagnostics);
  if (trace) loaded.key_counts = std::move(trace->counts);
}

}  // namespace

std::optional<LoadedPlatform> load_platform(const std::filesystem::path& file,
                                            const LoadOptions& options,
                                            sim::Diagnostics& diagnostics) {
  auto document = sim::read_document(file, diagnostics);
  if (!document) return std::nullopt;
  Overrides overrides(nullptr, &*document, diagnostics);
  for (const std::string& assignment : options.sets) overrides.apply(assignment);
  auto loaded = read_platform(*document, file, options, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return loaded;
}

std::optional<LoadedScenario> load_scenario(const std::filesystem::path& file,
                                            const LoadOptions& options,
                                            sim::Diagnostics& diagnostics) {
  auto scenario = sim::read_document(file, diagnostics);
  if (!scenario) return std::nullopt;
  for (const std::string& assignment : options.sets) {
    if (names_platform(assignment)) Overrides(&*scenario, nullptr, diagnostics).apply(assignment);
  }
  const std::string named = named_platform(*scenario);
  LoadedScenario loaded;
  loaded.scenario_file = file;
  loaded.platform_file = options.platform.value_or(beside(file, named));
  std::optional<sim::Document> platform;
  if (options.platform || !named.empty()) {
    platform = sim::read_document(loaded.platform_file, diagnostics);
  } else {
    diagnostics.error("missing-key", sim::place_of(*scenario, scenario->root),
                      "the scenario names no platform",
                      "add `platform: <file>`, relative to the scenario file");
  }
  Overrides overrides(&*scenario, platform ? &*platform : nullptr, diagnostics);
  for (const std::string& assignment : options.sets) {
    if (!names_platform(assignment)) overrides.apply(assignment);
  }

  loaded.scenario_text = scenario->text;
  loaded.scenario_places =
      sim::read_fields(*scenario, scenario->root, loaded.scenario, diagnostics,
                       options.may_draw ? &loaded.scenario_draws : nullptr);
  check_drawn_fields(loaded.scenario_draws, diagnostics);
  if (options.seed) loaded.scenario.replications.seed = *options.seed;
  std::optional<LoadedPlatform> on;
  if (platform) on = read_platform(*platform, loaded.platform_file, options, diagnostics);
  if (on) {
    check_scenario(loaded.scenario, on->platform, {loaded.scenario_places, diagnostics});
    check_image_model(loaded.scenario, on->platform, {on->places, diagnostics});
  }
  read_files(loaded, diagnostics);
  if (!on || diagnostics.has_errors()) return std::nullopt;
  loaded.platform = std::move(on->platform);
  loaded.catalogue = std::move(on->catalogue);
  loaded.platform_text = std::move(on->text);
  loaded.platform_places = std::move(on->places);
  loaded.platform_draws = std::move(on->draws);
  check_drawn_ends(loaded, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return loaded;
}

}  // namespace shopsim::models
