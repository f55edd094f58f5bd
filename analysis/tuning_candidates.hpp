#pragma once
/// The configurations of a space on one platform: every combination of choices that the platform's
/// own checks, the space's constraints and the mission's bounds allow.
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/tuning_space.hpp"
#include "models/load.hpp"
#include "models/platform.hpp"

namespace shopsim::analysis {

/// One choice for each tunable, by index: [tunable].
using Choices = std::vector<std::uint16_t>;

/// What became of the combinations before anything was simulated.
struct CandidateCount {
  std::size_t combinations = 0;
  std::size_t allowed = 0;
  std::map<std::string, std::size_t> refused;  ///< by the reason in words
};

class CandidateMaker {
 public:
  /// `space` and `catalogue` must outlive this. `today` is the platform that is changed; its
  /// values (with everything the command line set) stay where the space says nothing.
  CandidateMaker(const TuningSpace& space, const models::Platform& today,
                 const models::Catalogue& catalogue);

  /// Reports choices that no platform can have (unknown paths and types, values out of range) and
  /// constraints about paths without a number.
  void check(sim::Diagnostics& diagnostics) const;

  using Visit = std::function<void(const Choices&, const models::Platform&)>;
  /// Visits every allowed combination in order of the space file, the last tunable fastest. If
  /// there is none, an error says what refused them.
  CandidateCount list(const Visit& visit, sim::Diagnostics& diagnostics) const;

  using Examine = std::function<void(std::size_t combination, const Choices&,
                                     const models::Platform&)>;
  /// The same on so many threads, in any order, with the combination's place in that order.
  /// Counts what was examined until `stop` was set.
  CandidateCount examine(const Examine& each, unsigned threads, const std::atomic<bool>* stop,
                         sim::Diagnostics& diagnostics) const;

  /// The platform with these choices; they are allowed.
  [[nodiscard]] models::Platform platform(const Choices& choices) const;
  /// `path=value` of all choices.
  [[nodiscard]] std::vector<std::string> sets(const Choices& choices) const;
  /// `web.instance_type m7g.large, web.scaling.minimum 4`; only what is unlike `base`, if given.
  [[nodiscard]] std::string label(const Choices& choices, const Choices* base = nullptr) const;

 private:
  struct Edit {
    std::vector<sim::PathStep> steps;
    sim::Node value;
  };
  /// The platform, or why it is none.
  struct Made {
    std::optional<models::Platform> platform;
    std::string refusal;
  };
  [[nodiscard]] Made make(const Choices& choices) const;
  /// The combination at this place, the last tunable fastest.
  [[nodiscard]] Choices combination(std::size_t place) const;
  [[nodiscard]] std::string mission_refusal(const models::Platform& platform) const;
  [[nodiscard]] bool lifted(std::string_view bound) const;

  const TuningSpace& space_;
  const models::Catalogue& catalogue_;
  sim::Document today_;                        ///< canonical
  std::vector<std::vector<std::vector<Edit>>> edits_;  ///< [tunable][choice]
};

/// Whether `a` is nowhere stronger than `b` and they are not equal: fewer or smaller machines of
/// the same kind, a later scaling threshold, everything else the same. Nothing is said of
/// alternatives and of values whose effect has no direction.
class StrengthOrder {
 public:
  StrengthOrder(const TuningSpace& space, const models::Catalogue& catalogue);
  [[nodiscard]] bool weaker(const Choices& a, const Choices& b) const;

 private:
  /// [tunable][choice]: what grows with strength; two choices compare if every entry does.
  std::vector<std::vector<std::vector<double>>> strength_;
};

}  // namespace shopsim::analysis
