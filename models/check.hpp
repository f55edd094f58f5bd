#pragma once
/// What a single field's bounds cannot see: names that must exist, numbers that must fit together,
/// rules of the services. Everything is reported at once, at the place of the value.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalogue.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/config_reader.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::models {

/// Where findings go: the diagnostics, and the places of the file's values by dotted path.
struct CheckSink {
  const sim::Places& places;
  sim::Diagnostics& diagnostics;

  void error(std::string code, std::string_view path, std::string message,
             std::string hint = {}) const {
    diagnostics.error(std::move(code), places.place_of(path), std::move(message),
                      std::move(hint));
  }
  void warning(std::string code, std::string_view path, std::string message,
               std::string hint = {}) const {
    diagnostics.warning(std::move(code), places.place_of(path), std::move(message),
                        std::move(hint));
  }
};

/// All checks of a platform by itself.
void check_platform(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink);

/// All checks of a scenario on the platform it runs on. Files it names are checked by the loader.
void check_scenario(const Scenario& scenario, const Platform& platform, const CheckSink& sink);

/// Whether the image model a platform asks for fits the scenario's images. `sink` has the places of
/// the platform file.
void check_image_model(const Scenario& scenario, const Platform& platform, const CheckSink& sink);

/// Parts of the above, one file each.
void check_network(const NetworkConfig& network, const std::string& region, const CheckSink& sink);
void check_edge(const Platform& platform, const CheckSink& sink);
void check_scaling(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink);
void check_database(const Platform& platform, const Catalogue& catalogue, const CheckSink& sink);
void check_clients(const ClientsConfig& clients, const CheckSink& sink);
void check_faults(const Scenario& scenario, const Platform& platform, const CheckSink& sink);
void check_bots(const Scenario& scenario, const Platform& platform, const CheckSink& sink);
void check_slos(const Scenario& scenario, const Platform& platform, const CheckSink& sink);

/// `zones[2].name`, from its parts.
[[nodiscard]] std::string item_path(std::string_view list, std::size_t index,
                                    std::string_view member = {});

/// Reports every name that stands twice, at the second place.
void check_unique(const std::vector<std::string>& names, std::string_view list,
                  std::string_view member, const CheckSink& sink);

/// "did you mean 'x'?" for the nearest of the known words, else all of them.
[[nodiscard]] std::string suggest(std::string_view word,
                                  const std::vector<std::string_view>& known);

}  // namespace shopsim::models
