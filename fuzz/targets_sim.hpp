#pragma once
/// What is fuzzed: any bytes may come in, nothing may crash, hang or contradict itself. Used by the
/// libFuzzer programs here and by the replay of the corpus in tests/sim.
#include <string>
#include <string_view>

#include "sim/check.hpp"
#include "sim/config_override.hpp"
#include "sim/document.hpp"
#include "sim/document_edit.hpp"
#include "sim/quantity.hpp"

namespace shopsim::fuzz {

/// YAML or JSON text: it is read or refused with a finding; what was read can be edited, and the
/// edited text is read again.
inline void document(std::string_view input) {
  sim::Diagnostics diagnostics;
  const sim::DocumentLimits limits{.bytes = 1U << 16, .nodes = 5000};
  auto read = sim::parse_document(std::string(input), "input", diagnostics, limits);
  SHOPSIM_CHECK(read.has_value() || diagnostics.has_errors(), "refused without a finding");
  static_cast<void>(sim::to_text(diagnostics));
  if (!read || diagnostics.has_errors()) return;
  sim::Diagnostics editing;
  const auto edited = sim::edit_value(*read, "fuzz.value", "1", editing);
  SHOPSIM_CHECK(edited.has_value() || editing.has_errors(), "not edited without a finding");
  if (edited) {
    sim::Diagnostics again;
    const sim::DocumentLimits wider{.bytes = 1U << 17, .nodes = 6000};
    const auto reread = sim::parse_document(*edited, "edited", again, wider);
    SHOPSIM_CHECK(reread.has_value() && !again.has_errors(), "the edited text is not well formed");
    SHOPSIM_CHECK(sim::find(reread->root, "fuzz.value") != nullptr, "the edit is not there");
  }
  sim::Diagnostics overriding;
  sim::apply_override(*read, input.substr(0, input.find('\n')), overriding);
}

/// One quantity: what is understood is written as a text that means the same.
inline void quantity(std::string_view input) {
  std::string error;
  const auto round_trip = [&](const auto& value, auto parse) {
    if (!value) {
      SHOPSIM_CHECK(!error.empty(), "refused without a reason");
      return;
    }
    const auto again = parse(sim::to_text(*value), nullptr);
    SHOPSIM_CHECK(again && *again == *value, "`", sim::to_text(*value), "` means something else");
  };
  round_trip(sim::parse_duration(input, &error), sim::parse_duration);
  round_trip(sim::parse_bytes(input, &error), sim::parse_bytes);
  round_trip(sim::parse_rate(input, &error), sim::parse_rate);
  round_trip(sim::parse_bit_rate(input, &error), sim::parse_bit_rate);
  round_trip(sim::parse_money(input, &error), sim::parse_money);
  round_trip(sim::parse_fraction(input, &error), sim::parse_fraction);
  round_trip(sim::parse_clock_time(input, &error), sim::parse_clock_time);
  static_cast<void>(sim::parse_path(input));
}

}  // namespace shopsim::fuzz
