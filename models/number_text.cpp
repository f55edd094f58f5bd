#include "models/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace shopsim::models {

std::string number_text(double value, int decimals) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : (value > 0 ? "inf" : "-inf");
  // 309 digits before the point, a sign, the point and the decimals.
  std::array<char, 330> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::fixed, decimals);
  std::string text(buffer.data(), written.ptr);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string points_text(std::span<const std::optional<double>> points) {
  std::string text = "[";
  for (const auto& point : points) {
    if (text.size() > 1) text += ", ";
    text += point ? number_text(*point) : "-";
  }
  return text + "]";
}

}  // namespace shopsim::models
