#pragma once
/// The assumptions of the models, each with a low and a high end: what no document of AWS and no
/// measurement in this shop stands behind. `run --sensitivity` moves them, reports list them.
///
/// The ends are assumptions themselves, wide on purpose: half and twice for what nobody has
/// measured, less where more is known (`basis` says what). Leaves out decisions (sizes, limits and
/// timeouts that somebody chose: `tune` varies them) and what happens in a scenario (faults, bots).
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/load.hpp"
#include "sim/field_tree.hpp"

namespace shopsim::models {

/// How an end is reached from the value that is set.
struct Move {
  enum class How : std::uint8_t {
    times,      ///< multiplied
    rest_times, ///< a share: what is missing to 1, multiplied
    add,        ///< added, not below 0
    set         ///< this value whatever was set
  };
  How how = How::times;
  double by = 1;
};

/// "x 0.67", "+ 0.2", "0".
std::string in_words(const Move& move);

struct Assumption {
  std::string_view key;    ///< `platform.` or `scenario.`, then the path; `[]` for every item
  std::string_view words;  ///< what it is
  Move low;
  Move high;
  std::string_view basis = {};  ///< what the ends rest on; empty: half and twice
  /// Whether it can change a promise here: of parts the platform has, and of faults that happen.
  bool (*matters)(const LoadedScenario&) = nullptr;
};

/// All of them. Those that only change the bill never matter to a promise.
std::span<const Assumption> assumptions();

/// Whether the assumption can change a promise in this scenario on this platform.
[[nodiscard]] bool matters(const Assumption& assumption, const LoadedScenario& loaded);

/// Moves every value at or below the key (of a law: its times, sizes or amounts). Values stay
/// within what shares and counts allow. Returns how many values are others now.
std::size_t move_to(LoadedScenario& loaded, const Assumption& assumption, const Move& move);

/// The value as set, with its unit (of a law, its first parameter); of a list whose values differ,
/// how many there are.
std::string present_value(const LoadedScenario& loaded, const Assumption& assumption);

/// Number fields marked as assumptions that are none of the above: decisions, contents of a
/// scenario, parts of a sum. By prefix of `platform.` or `scenario.` paths, with the reason.
struct NoAssumption {
  std::string_view prefix;
  std::string_view reason;
};
std::span<const NoAssumption> decisions();

}  // namespace shopsim::models
