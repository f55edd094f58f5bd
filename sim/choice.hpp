#pragma once
/// One of a few outcomes with given probabilities, found from one uniform number.
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace shopsim::sim {

/// Inversion of cumulative probabilities with a guide table (Chen and Asau 1974,
/// https://doi.org/10.1080/05695557408974945): the scan starts at the first outcome of the
/// number's 1/64 and ends after one or two steps, with the result that a whole scan would give.
class Choice {
 public:
  /// Always outcome 0.
  Choice() : Choice(std::vector<double>{1}) {}
  /// Probabilities summed up to and including each outcome: rising, the last one is taken as 1. At
  /// least one and at most 65,536 of them.
  explicit Choice(std::vector<double> cumulative) : cumulative_(std::move(cumulative)) {
    std::size_t outcome = 0;
    for (std::size_t i = 0; i < kGuides; ++i) {
      outcome = scan(outcome, static_cast<double>(i) / kGuides);
      guide_[i] = static_cast<std::uint16_t>(outcome);
    }
  }

  /// The first outcome whose cumulative probability is above `uniform`, 0 <= uniform < 1.
  [[nodiscard]] std::size_t outcome(double uniform) const {
    return scan(guide_[static_cast<std::size_t>(uniform * kGuides)], uniform);
  }
  [[nodiscard]] const std::vector<double>& cumulative() const { return cumulative_; }

 private:
  static constexpr std::size_t kGuides = 64;

  [[nodiscard]] std::size_t scan(std::size_t outcome, double uniform) const {
    while (outcome + 1 < cumulative_.size() && cumulative_[outcome] <= uniform) ++outcome;
    return outcome;
  }

  std::vector<double> cumulative_;
  std::array<std::uint16_t, kGuides> guide_{};
};

}  // namespace shopsim::sim
