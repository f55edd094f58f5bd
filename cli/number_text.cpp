#include "cli/number_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace shopsim::cli {

std::string printed(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string time_text(double seconds) {
  const double size = std::fabs(seconds);
  if (size < 1e-9) return "0 s";  // less than the clock's tick: rounding
  if (size < 0.9995) return printed("%.3g ms", seconds * 1e3);
  if (size < 120) return printed("%.3g s", seconds);
  return printed("%.1f min", seconds / 60);
}

std::string time_range_text(double low, double high) {
  std::string first = time_text(low);
  std::string last = time_text(high);
  const auto unit = [](const std::string& text) { return text.substr(text.find(' ')); };
  const auto point = [](const std::string& text) { return text.find_first_of(". "); };
  // As many digits in front of the point, so as many behind it.
  const bool is_alike = unit(first) == unit(last) && point(first) == point(last);
  std::string& shorter = first.size() < last.size() ? first : last;
  const std::size_t missing = std::max(first.size(), last.size()) - shorter.size();
  if (is_alike && missing > 0 && first != "0 s") {
    std::string zeros(missing, '0');
    const std::size_t end = shorter.find(' ');
    if (point(shorter) == end) zeros.front() = '.';
    shorter.insert(end, zeros);
  }
  return first + " to " + last;
}

std::string share_text(double share) {
  const double size = std::fabs(share);
  const double from_edge = std::min(size, 1 - size);
  if (from_edge <= 0 || from_edge >= 0.01) return printed("%.2f %%", 100 * share);
  return printed("%.4f %%", 100 * share);
}

std::string amount_text(double amount) {
  std::string text = printed("%.2f", std::fabs(amount));
  for (std::size_t at = text.size() - 3; at > 3; at -= 3) text.insert(at - 3, 1, ',');
  if (amount < 0) text.insert(0, 1, '-');
  return text;
}

std::string dollars(double amount) { return amount_text(amount).append(" USD"); }

std::string counted(double number, const std::string& one, const std::string& several) {
  const std::string text = printed("%.0f", number);
  if (text == "1") return "1 " + one;
  return text + ' ' + (several.empty() ? one + 's' : several);
}

std::string short_number(double number) {
  std::array<char, 32> text{};
  if (number >= 1e9) {
    std::snprintf(text.data(), text.size(), "%.2f G", number / 1e9);
  } else if (number >= 1e6) {
    std::snprintf(text.data(), text.size(), "%.1f M", number / 1e6);
  } else if (number >= 1e3) {
    std::snprintf(text.data(), text.size(), "%.0f k", number / 1e3);
  } else {
    std::snprintf(text.data(), text.size(), "%.0f", number);
  }
  return text.data();
}

}  // namespace shopsim::cli
