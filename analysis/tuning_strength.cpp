// Which configuration is nowhere stronger than another? Only where a direction is beyond doubt:
// more of the same machine, a machine that is at least as large in everything, scaling that begins
// earlier. `tests/analysis/tuning_bounds_test.cpp` holds it against the simulator.
#include <algorithm>

#include "analysis/tuning_candidates.hpp"

namespace shopsim::analysis {
namespace {

using Strength = std::vector<double>;

double rate(const std::optional<sim::BitRate>& rate) { return rate ? rate->bits_per_second : 0; }

Strength of_machine(const models::Machine& machine) {
  return {static_cast<double>(machine.vcpu), machine.speed,
          static_cast<double>(machine.memory.count), rate(machine.network_baseline)};
}

/// The strength of one value of one path; empty: it has no direction.
Strength strength_of(const std::string& path, const std::string& value,
                     const models::Catalogue& catalogue) {
  static const char* const more_is_stronger[] = {
      "web.scaling.minimum", "web.scaling.maximum", "web.scaling.desired",
      "cache.replicas_per_shard", "database.iops", "database.storage"};
  const bool counts = std::any_of(std::begin(more_is_stronger), std::end(more_is_stronger),
                                  [&path](const char* known) { return path == known; });
  if (counts) {
    const auto number = number_of(value);
    return number ? Strength{*number} : Strength{};
  }
  if (path.starts_with("web.scaling.policies[") &&
      path.ends_with("].target_tracking.target_value")) {
    const auto number = number_of(value);
    return number ? Strength{-*number} : Strength{};
  }
  if (path == "web.instance_type") {
    const auto type = catalogue.find_instance_type(value);
    if (!type) return {};
    Strength strength = of_machine(*type);
    strength.push_back(type->credits ? 0 : 1);
    return strength;
  }
  if (path == "database.instance_class") {
    const auto type = catalogue.find_database_class(value);
    if (!type) return {};
    Strength strength = of_machine(*type);
    strength.push_back(type->credits ? 0 : 1);
    strength.push_back(static_cast<double>(type->storage.baseline_iops.value_or(0)));
    strength.push_back(rate(type->storage.baseline));
    return strength;
  }
  if (path == "cache.node_type") {
    const auto node = catalogue.find_cache_node(value);
    return node ? of_machine(*node) : Strength{};
  }
  return {};
}

}  // namespace

StrengthOrder::StrengthOrder(const TuningSpace& space, const models::Catalogue& catalogue) {
  for (const Tunable& tunable : space.tunables) {
    auto& of_tunable = strength_.emplace_back();
    for (const TuningChoice& choice : tunable.choices) {
      Strength& all = of_tunable.emplace_back();
      for (const std::string& set : choice.sets) {
        const std::size_t equals = set.find('=');
        const Strength one =
            strength_of(set.substr(0, equals), set.substr(equals + 1), catalogue);
        // A value without a direction makes the whole choice one that compares with none.
        if (one.empty() || tunable.path.empty()) {
          all.clear();
          break;
        }
        all.insert(all.end(), one.begin(), one.end());
      }
    }
  }
}

bool StrengthOrder::weaker(const Choices& a, const Choices& b) const {
  if (a == b) return false;
  for (std::size_t t = 0; t < a.size(); ++t) {
    if (a[t] == b[t]) continue;
    const Strength& left = strength_[t][a[t]];
    const Strength& right = strength_[t][b[t]];
    if (left.empty() || left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i] > right[i]) return false;
    }
  }
  return true;
}

}  // namespace shopsim::analysis
