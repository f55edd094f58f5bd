#include "analysis/identity.hpp"

#include <cstdint>

namespace shopsim::analysis {

std::string counts_text(const models::LoadedScenario& loaded) {
  std::string all;
  for (const std::uint64_t count : loaded.key_counts) all += std::to_string(count) + " ";
  if (!loaded.trace) return all;
  for (const auto count : loaded.trace->counts) all += std::to_string(count) + " ";
  return all;
}

std::string catalogue_text(const models::Catalogue& catalogue) {
  std::string all;
  for (const std::string_view key : catalogue.price_keys()) {
    const auto price = catalogue.find_price(key);
    if (price && price->price) all += std::to_string(price->price->nano_dollars) + " ";
  }
  for (const std::string_view name : catalogue.instance_type_names()) {
    const auto type = catalogue.find_instance_type(name);
    if (type && type->price_per_hour) {
      all += std::to_string(type->price_per_hour->nano_dollars) + " " +
             std::to_string(type->speed) + " ";
    }
  }
  for (const std::string_view name : catalogue.database_class_names()) {
    const auto type = catalogue.find_database_class(name);
    if (type && type->multi_az_price_per_hour) {
      all += std::to_string(type->multi_az_price_per_hour->nano_dollars) + " ";
    }
  }
  return all;
}

std::string text_hash(std::string_view text) {
  std::string hash;
  for (std::uint64_t state : {0xcbf29ce484222325ULL, 0x9e3779b97f4a7c15ULL}) {
    for (const char c : text) {
      state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
      state ^= state >> 29;
    }
    for (int shift = 60; shift >= 0; shift -= 4) hash += "0123456789abcdef"[state >> shift & 15];
  }
  return hash;
}

}  // namespace shopsim::analysis
