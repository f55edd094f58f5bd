// The chance curve of the screening (tuning_screen.hpp), fitted by maximum likelihood over a grid.
#include <algorithm>
#include <limits>

#include "analysis/tuning_screen.hpp"
#include "sim/math.hpp"

namespace shopsim::analysis {

void ChanceCurve::add(double risk, bool passed) {
  seen_.emplace_back(risk, passed);
  fit();
}

double ChanceCurve::chance(double risk) const {
  const double x = std::clamp((risk - middle_) / width_, -30.0, 30.0);
  return 1 / (1 + sim::exponential(x));
}

void ChanceCurve::fit() {
  double best = -std::numeric_limits<double>::infinity();
  const double widths[] = {0.03, 0.06, 0.12, 0.25};
  double found_middle = middle_;
  double found_width = width_;
  for (double middle = 0.3; middle < 1.6; middle += 0.02) {
    for (const double width : widths) {
      middle_ = middle;
      width_ = width;
      double sum = 0;
      for (const auto& [risk, passed] : seen_) {
        const double p = std::clamp(chance(risk), 1e-6, 1 - 1e-6);
        sum += sim::natural_log(passed ? p : 1 - p);
      }
      if (sum <= best) continue;
      best = sum;
      found_middle = middle;
      found_width = width;
    }
  }
  middle_ = found_middle;
  width_ = found_width;
}

}  // namespace shopsim::analysis
