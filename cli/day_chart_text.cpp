#include "cli/day_chart_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "cli/number_text.hpp"

namespace shopsim::cli {
namespace {

using analysis::ChartEvent;
using analysis::ChartRow;
using analysis::ChartUnit;
using analysis::DayChart;

constexpr std::size_t kLabel = 15;
constexpr std::size_t kNumbers = 23;  ///< columns for the text right of the bars
constexpr std::array<const char*, 9> kBlocks = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<const char*, 9> kPlain = {" ", ".", ":", "-", "=", "+", "*", "#", "@"};

/// How periods are laid on columns: a period over at most four, or several in one.
struct Layout {
  std::size_t periods = 0;
  std::size_t columns = 0;
  [[nodiscard]] std::size_t begin(std::size_t column) const { return column * periods / columns; }
  [[nodiscard]] std::size_t end(std::size_t column) const {
    return std::max(begin(column) + 1, (column + 1) * periods / columns);
  }
};

Layout layout_of(const DayChart& chart, const Screen& screen) {
  Layout layout;
  layout.periods = chart.rows.empty() ? 0 : chart.rows.front().values.size();
  const std::size_t used = 2 + kLabel + 2 + kNumbers;
  const std::size_t room = screen.columns > used ? screen.columns - used : 0;
  const std::size_t most = std::clamp<std::size_t>(room, 16, 72);
  layout.columns = std::min(most, 4 * layout.periods);
  return layout;
}

/// The largest value of the column's periods; NaN if none has one.
double value_of(const ChartRow& row, const Layout& layout, std::size_t column) {
  double most = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t p = layout.begin(column); p < layout.end(column); ++p) {
    most = std::fmax(most, row.values[p]);
  }
  return most;
}

struct Extremes {
  double least = std::numeric_limits<double>::quiet_NaN();
  double most = std::numeric_limits<double>::quiet_NaN();
};

Extremes extremes_of(const ChartRow& row) {
  Extremes found;
  for (const double value : row.values) {
    found.least = std::fmin(found.least, value);
    found.most = std::fmax(found.most, value);
  }
  return found;
}

std::string numbers_text(const ChartRow& row, const Extremes& extremes) {
  if (std::isnan(extremes.most)) return "nothing";
  switch (row.unit) {
    case ChartUnit::per_second: return "most " + short_number(extremes.most) + "/s";
    case ChartUnit::count:
      return printed("%.3g", extremes.least) + " to " + printed("%.3g", extremes.most);
    case ChartUnit::share: return "most " + printed("%.3g %%", 100 * extremes.most);
    case ChartUnit::seconds: break;
  }
  std::string text = "most ";
  text += time_text(extremes.most);
  if (row.limit) text += ", limit " + time_text(*row.limit);
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string row_text(const ChartRow& row, const Layout& layout, const Screen& screen) {
  const auto& bars = screen.blocks ? kBlocks : kPlain;
  const Extremes extremes = extremes_of(row);
  const double full = row.full.value_or(extremes.most);
  std::string text = "  " + padded(row.name, kLabel);
  for (std::size_t column = 0; column < layout.columns; ++column) {
    const double value = value_of(row, layout, column);
    std::size_t height = 0;
    if (value > 0 && full > 0) {
      height = std::min<std::size_t>(8, static_cast<std::size_t>(std::ceil(8 * value / full)));
    }
    const bool is_beyond = row.limit && value > *row.limit;
    text += is_beyond ? inked(screen, Ink::bad, bars[height]) : std::string(bars[height]);
  }
  return text + "  " + numbers_text(row, extremes) + '\n';
}

/// One letter a column; a fault hides an alarm, an alarm hides scaling.
std::string marks_text(const DayChart& chart, const Layout& layout, const Screen& screen) {
  if (chart.marks.empty()) return {};
  std::string letters(layout.columns, ' ');
  const double length = chart.period_s * static_cast<double>(layout.periods);
  for (const ChartEvent event : {ChartEvent::scaling, ChartEvent::alarm, ChartEvent::fault}) {
    for (const auto& mark : chart.marks) {
      const double share = (mark.time_s - chart.begin_s) / length;
      if (mark.event != event || share < 0 || share >= 1) continue;
      const auto column = static_cast<std::size_t>(share * static_cast<double>(layout.columns));
      letters[column] = event == ChartEvent::fault ? 'F' : event == ChartEvent::alarm ? 'A' : 's';
    }
  }
  std::string text = "  " + padded("events", kLabel);
  for (const char letter : letters) {
    const std::string one(1, letter);
    text += letter == 'F' ? inked(screen, Ink::bad, one)
            : letter == 'A' ? inked(screen, Ink::doubtful, one) : one;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

/// `19:55`; whole days are left out.
std::string clock_of(double seconds) {
  const auto minutes = static_cast<long>(std::floor(seconds / 60 + 1e-9)) % (24 * 60);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02ld:%02ld", minutes / 60, minutes % 60);
  return text.data();
}

std::string axis_text(const DayChart& chart, const Layout& layout) {
  const double begin = chart.start_of_day_s + chart.begin_s;
  const double length = chart.period_s * static_cast<double>(layout.periods);
  std::string line(layout.columns, ' ');
  line.replace(0, 5, clock_of(begin));
  const std::size_t middle = layout.columns / 2;
  if (layout.columns >= 32) line.replace(middle, 5, clock_of(begin + length / 2));
  line.replace(layout.columns - 5, 5, clock_of(begin + length));
  return "  " + padded("", kLabel) + line + '\n';
}

}  // namespace

std::string day_chart_text(const DayChart& chart, const Screen& screen) {
  const Layout layout = layout_of(chart, screen);
  if (layout.columns < 12) return {};  // too short for a picture
  std::string text;
  for (const ChartRow& row : chart.rows) text += row_text(row, layout, screen);
  text += marks_text(chart, layout, screen);
  text += axis_text(chart, layout);
  std::string legend = "  means of " + std::to_string(chart.replications) + " replications";
  if (!chart.marks.empty()) legend += "; F fault, A alarm, s scaling of the first";
  return text + inked(screen, Ink::faint, legend) + '\n';
}

}  // namespace shopsim::cli
