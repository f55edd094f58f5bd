#include "requirements/settings.hpp"

#include <cmath>

#include "requirements/builder.hpp"
#include "sim/decimal.hpp"
#include "sim/quantity.hpp"

namespace shopsim::requirements {

namespace {

/// A fact's value as the platform and scenario files write it.
std::string file_text(std::string_view as, double value) {
  if (as == "days") return sim::shortest_text(std::ceil(value / 86400));
  if (as == "bytes") return sim::to_text(sim::Bytes{static_cast<std::int64_t>(value)});
  if (as == "time") {
    return sim::to_text(sim::Duration{static_cast<std::int64_t>(std::llround(value * 1e9))});
  }
  if (as == "percent") return sim::shortest_text(value * 100);
  if (as == "share") return sim::to_text(sim::Fraction{value});
  if (as == "money") return sim::to_text(sim::dollars_to_money(value));
  return sim::shortest_text(value);
}

void apply_fact(Builder& builder, const FactConfig& config, const Fact& fact) {
  const std::vector<std::string> reasons = builder.reasons_of(fact);
  for (const std::string& component : config.components) builder.add_reasons(component, reasons);
  for (const std::string& item : config.keep) builder.keep(item, reasons);
  for (const SettingConfig& setting : config.set) {
    if (setting.to == "$value" && !fact.value) continue;
    Setting made;
    made.path = setting.path;
    made.value = setting.to == "$value" ? file_text(config.as, *fact.value) : setting.to;
    made.fact = fact.name;
    made.clauses = fact.clauses;
    if (setting.usual) {
      made.rule = "usual-value";
      made.why = "the text gives no number; default";
    } else if (fact.mark == Mark::implied) {
      made.rule = fact.rule;
      made.why = fact.why;
    }
    builder.set(made);
  }
}

}  // namespace

std::optional<Built> build(const BuildInput& input, sim::Diagnostics& diagnostics) {
  Builder builder(input, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  for (const FactConfig& config : input.rules.facts) {
    if (const Fact* fact = input.facts.find(config.fact)) apply_fact(builder, config, *fact);
    for (const auto& [name, fact] : input.facts.held) {
      if (name != config.fact && rule_name(name) == config.fact) {
        apply_fact(builder, config, fact);
      }
    }
  }
  apply_computed(builder, input, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return builder.finish();
}

}  // namespace shopsim::requirements
