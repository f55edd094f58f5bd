// How the ledger is written: a table for programs, one for people, a plot.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "analysis/ledger.hpp"

namespace shopsim::analysis {

namespace {

std::string digits(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string percent(double share) {
  char text[40];
  std::snprintf(text, sizeof text, "%+.3f %%", 100 * share);
  return text;
}

std::string quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string verdict(const GatedNumber& number) {
  if (number.passes()) return "yes";
  if (!number.is_right) return "NO: off";
  return "NO: interval too wide";
}

/// Groups in the order of their first number.
std::vector<std::string> groups_of(const Ledger& ledger) {
  std::vector<std::string> groups;
  for (const GatedNumber& number : ledger.numbers) {
    if (std::find(groups.begin(), groups.end(), number.group) == groups.end()) {
      groups.push_back(number.group);
    }
  }
  return groups;
}

std::string row(const GatedNumber& number) {
  const bool exact = number.half_width == 0 && number.wanted == 0;
  return "| " + number.name + " | " + number.source + " | " + digits(number.expected) + " | " +
         digits(number.simulated) + " | " + (exact ? "exact" : digits(number.half_width)) +
         " | " + percent(number.relative_error()) + " | " + verdict(number) + " |\n";
}

constexpr const char* kHead =
    "| case | source | expected | simulated | 99 % half-width | error | pass |\n"
    "|---|---|--:|--:|--:|--:|---|\n";

}  // namespace

std::string ledger_csv(const Ledger& ledger) {
  std::string text = "group,case,source,expected,simulated,half_width,error,pass,note\n";
  for (const GatedNumber& number : ledger.numbers) {
    text += quoted(number.group) + "," + quoted(number.name) + "," + quoted(number.source) + "," +
            digits(number.expected) + "," + digits(number.simulated) + "," +
            digits(number.half_width) + "," + digits(number.relative_error()) + "," +
            (number.passes() ? "yes" : "no") + "," + quoted(number.note) + "\n";
  }
  return text;
}

std::string ledger_markdown(const Ledger& ledger) {
  std::size_t exact = 0;
  double worst = 0;
  for (const GatedNumber& number : ledger.numbers) {
    if (number.half_width == 0) ++exact;
    worst = std::max(worst, number.half_width == 0 ? 0 : std::fabs(number.relative_error()));
  }
  std::string text = "# Validation ledger\n\n";
  text += "Written by `make validate` (`shopsim validate`), which took every number below from a "
          "new run.\n\n";
  text += "- " + std::to_string(ledger.numbers.size()) + " numbers, of which " +
          std::to_string(exact) + " are exact (no chance in them); " +
          std::to_string(ledger.missed()) + " missed.\n";
  text += "- The largest error of a number with chance in it is " + percent(worst) + ".\n";
  text += "- A number passes when it agrees with the expected one at the joint level of 99 % over "
          "the whole ledger (Holm's procedure) and its own 99 % interval is as narrow as the case "
          "asks. One case in a hundred may lie outside its own interval by chance.\n";
  if (ledger.width_factor != 1) {
    text += "- This edition allowed intervals " + digits(ledger.width_factor) +
            " times as wide as the full ledger asks (0.5 % of a mean up to load 0.9, 1 % at 0.95, "
            "2 % at 0.99).\n";
  }
  text += "- A percentile is that of all replications together, its bins taken as even inside "
          "(0.05 %); one printed by `run` is the middle of its bin and carries 0.8 %.\n\n";
  text += "![errors against their half-widths](validation.svg)\n\n";
  if (ledger.missed() > 0) {
    text += "## Missed\n\n";
    text += kHead;
    for (const GatedNumber& number : ledger.numbers) {
      if (!number.passes()) text += row(number);
    }
    text += "\n";
    for (const GatedNumber& number : ledger.numbers) {
      if (!number.passes() && !number.note.empty()) {
        text += "- " + number.name + ": " + number.note + "\n";
      }
    }
    text += "\n";
  }
  for (const std::string& group : groups_of(ledger)) {
    text += "## " + group + "\n\n";
    text += kHead;
    for (const GatedNumber& number : ledger.numbers) {
      if (number.group == group) text += row(number);
    }
    text += "\n";
  }
  text.pop_back();
  return text;
}

std::string ledger_plot(const Ledger& ledger) {
  // x: number in the ledger's order; y: error in half-widths, cut at +-3.
  constexpr double kWidth = 900;
  constexpr double kHeight = 260;
  std::vector<const GatedNumber*> shown;
  for (const GatedNumber& number : ledger.numbers) {
    if (number.half_width > 0) shown.push_back(&number);
  }
  const auto y_of = [](double halves) { return 140 - 35 * std::clamp(halves, -3.0, 3.0); };
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 260\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"900\" height=\"260\" fill=\"white\"/>\n"
      "<text x=\"10\" y=\"16\">error in units of the 99 % half-width, every number with chance "
      "in it</text>\n";
  for (int halves = -3; halves <= 3; ++halves) {
    const std::string y = digits(y_of(halves));
    svg += "<line x1=\"40\" x2=\"890\" y1=\"" + y + "\" y2=\"" + y + "\" stroke=\"" +
           (halves == -1 || halves == 1 ? "#888" : "#ddd") + "\"/>\n<text x=\"14\" y=\"" + y +
           "\">" + std::to_string(halves) + "</text>\n";
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const double halves =
        (shown[i]->simulated - shown[i]->expected) / shown[i]->half_width;
    const double x = 45 + (kWidth - 60) * static_cast<double>(i) /
                              static_cast<double>(std::max<std::size_t>(shown.size(), 1));
    svg += "<circle cx=\"" + digits(x) + "\" cy=\"" + digits(y_of(halves)) +
           "\" r=\"2.5\" fill=\"" + (shown[i]->passes() ? "#2a6" : "#c22") + "\"/>\n";
  }
  return svg + "<text x=\"700\" y=\"" + digits(kHeight - 4) + "\">" +
         std::to_string(shown.size()) + " numbers</text>\n</svg>\n";
}

}  // namespace shopsim::analysis
