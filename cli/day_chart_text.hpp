#pragma once
/// The small picture of a run at a terminal.
#include <string>

#include "analysis/day_chart.hpp"
#include "cli/screen.hpp"

namespace shopsim::cli {

/// A line of bars per row, a line of marks, the clock. A column that covers several periods shows
/// the largest of them; bars beyond a limit have the colour of a missed promise. Block characters
/// where the screen has them, else a ramp of plain ones. Empty if there is nothing to draw.
std::string day_chart_text(const analysis::DayChart& chart, const Screen& screen);

}  // namespace shopsim::cli
