#include "sim/diagnostic.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace shopsim::sim {
namespace {

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "error";
}

/// Lower case with `-` as `_`, so that a different spelling of the same word costs nothing.
std::string folded(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return result;
}

/// Damerau-Levenshtein distance (adjacent swaps count one, no substring is edited twice).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

void append_escaped(std::string& out, char c) {
  static constexpr std::string_view kHexDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else if (byte < 0x20 || byte == 0x7f) {
    out += "\\x";
    out += kHexDigits[byte >> 4U];
    out += kHexDigits[byte & 0xfU];
  } else {
    out += c;
  }
}

}  // namespace

std::string to_text(const Place& place) {
  std::string text = place.file;
  if (place.line > 0) {
    text += ':' + std::to_string(place.line);
    if (place.column > 0) text += ':' + std::to_string(place.column);
  }
  return text;
}

std::string to_text(const Diagnostic& diagnostic) {
  std::string text = to_text(diagnostic.place);
  if (!text.empty()) text += ": ";
  text += severity_word(diagnostic.severity);
  text += ": " + diagnostic.message;
  if (!diagnostic.code.empty()) text += " [" + diagnostic.code + "]";
  if (!diagnostic.hint.empty()) text += "\n  hint: " + diagnostic.hint;
  return text;
}

std::string to_text(const Diagnostics& diagnostics, std::size_t limit) {
  std::vector<const Diagnostic*> sorted;
  sorted.reserve(diagnostics.all().size());
  for (const Diagnostic& diagnostic : diagnostics.all()) sorted.push_back(&diagnostic);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return std::tie(a->place.file, a->place.line, a->place.column) <
           std::tie(b->place.file, b->place.line, b->place.column);
  });
  std::string text;
  for (std::size_t i = 0; i < sorted.size() && i < limit; ++i) text += to_text(*sorted[i]) + '\n';
  if (sorted.size() > limit) {
    const std::size_t rest = sorted.size() - limit;
    text += "... and " + std::to_string(rest) + " more finding" + (rest == 1 ? "\n" : "s\n");
  }
  return text;
}

std::string_view nearest_word(std::string_view word,
                              const std::vector<std::string_view>& candidates) {
  const std::size_t allowed = word.size() / 3;
  const std::string wanted = folded(word);
  std::string_view best;
  std::size_t best_distance = allowed + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t shorter = std::min(word.size(), candidate.size());
    if (candidate.empty() || longer - shorter > allowed) continue;
    const std::size_t distance = edit_distance(wanted, folded(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string result = "`";
  std::size_t used = 0;
  while (used < text.size() && used < kMost) append_escaped(result, text[used++]);
  // Do not cut a UTF-8 sequence in two.
  while (used < text.size() && (static_cast<unsigned char>(text[used]) & 0xc0U) == 0x80U &&
         used < kMost + 4) {
    append_escaped(result, text[used++]);
  }
  if (used < text.size()) result += "...";
  return result + "`";
}

}  // namespace shopsim::sim
