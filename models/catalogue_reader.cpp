/// Reads the built-in catalogue and a user's prices file. Both are one mapping of four mappings
/// keyed by name, so that a name cannot stand twice and single items can be overridden.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/catalogue.hpp"
#include "models/catalogue_text.hpp"
#include "sim/config_reader.hpp"
#include "sim/document.hpp"

namespace shopsim::models {

/// Lays what a document says over a catalogue.
class CatalogueReader {
 public:
  CatalogueReader(const sim::Document& document, Catalogue& catalogue,
                  sim::Diagnostics& diagnostics)
      : document_(document), catalogue_(catalogue), diagnostics_(diagnostics) {}

  void read() {
    if (!check_keys()) return;
    read_section("instance_types", catalogue_.instance_types_);
    read_section("database_classes", catalogue_.database_classes_);
    read_section("cache_nodes", catalogue_.cache_nodes_);
    read_section("prices", catalogue_.prices_);
  }

  static void set_region(Catalogue& catalogue, std::string region) {
    catalogue.region_ = std::move(region);
  }

  /// Specifications hold everywhere; prices do not.
  static void forget_prices(Catalogue& catalogue) {
    for (auto& [name, type] : catalogue.instance_types_) {
      type.price_per_hour.reset();
      if (type.credits) type.credits->surplus_price.reset();
    }
    for (auto& [name, type] : catalogue.database_classes_) {
      type.price_per_hour.reset();
      type.multi_az_price_per_hour.reset();
      if (type.credits) type.credits->surplus_price.reset();
    }
    for (auto& [name, node] : catalogue.cache_nodes_) {
      node.redis_price_per_hour.reset();
      node.valkey_price_per_hour.reset();
    }
    catalogue.prices_.clear();
  }

 private:
  static constexpr std::array<std::string_view, 6> kKeys = {
      "region", "compiled", "instance_types", "database_classes", "cache_nodes", "prices"};

  bool check_keys() {
    if (document_.root.kind != sim::NodeKind::mapping) {
      diagnostics_.error("wrong-kind", sim::place_of(document_, document_.root),
                         "a prices file is a mapping",
                         "write e.g. prices: {alb.hour: {price: 0.03 USD}}");
      return false;
    }
    for (const sim::Key& key : document_.root.keys) {
      const std::vector<std::string_view> known(kKeys.begin(), kKeys.end());
      if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
      const std::string_view nearest = sim::nearest_word(key.text, known);
      diagnostics_.error("unknown-key", sim::place_of(document_, key),
                         "unknown key '" + key.text + "' in a prices file",
                         nearest.empty() ? "known: region, compiled, instance_types, "
                                           "database_classes, cache_nodes, prices"
                                         : "did you mean '" + std::string(nearest) + "'?");
    }
    return true;
  }

  template <class Item>
  void read_section(std::string_view section, std::map<std::string, Item, std::less<>>& items) {
    const sim::Node* node = document_.root.child(section);
    if (node == nullptr) return;
    if (node->kind != sim::NodeKind::mapping) {
      diagnostics_.error("wrong-kind", sim::place_of(document_, *node),
                         std::string(section) + " is a mapping from names to items");
      return;
    }
    for (std::size_t i = 0; i < node->keys.size(); ++i) {
      const std::string& name = node->keys[i].text;
      const auto known = items.find(name);
      Item item = known == items.end() ? Item{} : known->second;
      if constexpr (std::is_same_v<Item, Price>) {
        item.key = name;
        prepare(item, node->children[i]);
      } else {
        item.name = name;
      }
      sim::read_fields(document_, node->children[i], item, diagnostics_);
      check(item, sim::place_of(document_, node->keys[i]));
      items.insert_or_assign(name, std::move(item));
    }
  }

  /// One way of pricing replaces the other.
  static void prepare(Price& price, const sim::Node& node) {
    if (node.child("price") != nullptr) price.tiers.clear();
    if (node.child("tiers") != nullptr) price.price.reset();
  }

  void check(const Price& price, const sim::Place& place) {
    if (price.price.has_value() == !price.tiers.empty()) {
      diagnostics_.error("price", place, "'" + price.key + "' needs either `price` or `tiers`");
    }
    if (price.unit.empty()) {
      diagnostics_.error("price", place, "'" + price.key + "' is a new price and needs `unit`",
                         "known prices are listed by the reference page; check the spelling");
    }
    for (std::size_t i = 1; i < price.tiers.size(); ++i) {
      const auto& before = price.tiers[i - 1].up_to;
      const auto& now = price.tiers[i].up_to;
      if (before && (!now || *now > *before)) continue;
      diagnostics_.error("price", place, "the tiers of '" + price.key + "' must rise by `up_to`");
    }
  }

  void check(const Machine& machine, const sim::Place& place) {
    if (machine.vcpu > 0 && machine.memory.count > 0) return;
    diagnostics_.error("catalogue", place,
                       "'" + machine.name + "' is not in the catalogue: a new entry needs vcpu, "
                       "memory and speed",
                       "to change a known entry, check its spelling");
  }

  const sim::Document& document_;
  Catalogue& catalogue_;
  sim::Diagnostics& diagnostics_;
};

namespace {

constexpr std::string_view kBuiltInRegion = "us-east-1";

std::string region_of(const std::optional<sim::Document>& document) {
  const sim::Node* node = document ? document->root.child("region") : nullptr;
  return node != nullptr ? node->text : std::string{};
}

Catalogue read_built_in(sim::Diagnostics& diagnostics) {
  Catalogue catalogue;
  const auto document = sim::parse_document(std::string(built_in_catalogue_text()),
                                            "built-in catalogue", diagnostics);
  if (document) CatalogueReader(*document, catalogue, diagnostics).read();
  CatalogueReader::set_region(catalogue, std::string(kBuiltInRegion));
  return catalogue;
}

}  // namespace

std::optional<Catalogue> load_catalogue(std::string_view region, const sim::Place& region_place,
                                        const std::optional<std::filesystem::path>& prices_file,
                                        sim::Diagnostics& diagnostics) {
  Catalogue catalogue = read_built_in(diagnostics);
  std::optional<sim::Document> document;
  if (prices_file) {
    document = sim::read_document(*prices_file, diagnostics);
    if (!document) return std::nullopt;
  }
  const std::string named = region_of(document);
  if (region != kBuiltInRegion) {
    if (named != region) {
      diagnostics.error("unknown-region", region_place,
                        "no prices are known for region '" + std::string(region) +
                            "'; known: " + std::string(kBuiltInRegion),
                        "give a prices file that says `region: " + std::string(region) + "`");
      return std::nullopt;
    }
    CatalogueReader::forget_prices(catalogue);
    CatalogueReader::set_region(catalogue, std::string(region));
  } else if (document && !named.empty() && named != region) {
    diagnostics.error("wrong-region",
                      sim::place_of(*document, *document->root.child("region")),
                      "these are prices of '" + named + "', the platform is in '" +
                          std::string(region) + "'");
    return std::nullopt;
  }
  if (document) CatalogueReader(*document, catalogue, diagnostics).read();
  return catalogue;
}

}  // namespace shopsim::models
