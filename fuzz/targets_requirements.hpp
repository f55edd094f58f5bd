#pragma once
/// Fuzzed: requirements documents.
#include <string>
#include <string_view>

#include "requirements/derive.hpp"
#include "requirements/source_text.hpp"
#include "sim/check.hpp"

namespace shopsim::fuzz {

/// A document: a platform follows from it, or at least one finding says why not.
inline void requirements(std::string_view input) {
  static const auto rules = [] {
    sim::Diagnostics diagnostics;
    auto read = shopsim::requirements::built_in_rules(diagnostics);
    SHOPSIM_CHECK(read.has_value(), sim::to_text(diagnostics));
    return *std::move(read);
  }();
  sim::Diagnostics diagnostics;
  const auto source =
      shopsim::requirements::check_source(std::string(input), "wishes.md", diagnostics);
  SHOPSIM_CHECK(source.has_value() || diagnostics.has_errors(), "refused without a finding");
  if (!source) return;
  const auto derived = shopsim::requirements::derive({*source}, rules, {}, diagnostics);
  SHOPSIM_CHECK(derived.has_value() || diagnostics.has_errors(), "refused without a finding");
  static_cast<void>(sim::to_text(diagnostics));
}

}  // namespace shopsim::fuzz
