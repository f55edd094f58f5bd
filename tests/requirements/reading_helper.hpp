#pragma once
/// What tests ask of a text: the facts it states, its findings, its derivation.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "requirements/derive.hpp"
#include "sim/decimal.hpp"

namespace shopsim::requirements::test {

inline const Rules& rules() {
  static const Rules built_in = [] {
    sim::Diagnostics diagnostics;
    auto read = built_in_rules(diagnostics);
    EXPECT_TRUE(read) << sim::to_text(diagnostics);
    return read ? std::move(*read) : Rules{};
  }();
  return built_in;
}

inline std::vector<Understanding> understood(const std::string& text) {
  return understand(split_clauses({{"shop.md", text}}), rules());
}

/// `waf`, `!cdn` where denied, `database.storage=5e11` where a value belongs to it; sorted.
inline std::set<std::string> facts_of(const std::string& text) {
  std::set<std::string> facts;
  for (const Understanding& sentence : understood(text)) {
    for (const Finding& finding : sentence.findings) {
      std::string fact = (finding.refused ? "!" : "") + finding.fact;
      if (finding.value) fact += "=" + sim::shortest_text(*finding.value);
      if (finding.quantity && finding.quantity->percentile) {
        fact += "@" + sim::shortest_text(*finding.quantity->percentile);
      }
      if (!finding.text.empty()) fact += "=" + finding.text;
      facts.insert(fact);
    }
  }
  return facts;
}

inline std::string joined(const std::set<std::string>& facts) {
  std::string text;
  for (const std::string& fact : facts) text += (text.empty() ? "" : " ") + fact;
  return text;
}

/// The only sentence's status.
inline Status status_of(const std::string& text) {
  const std::vector<Understanding> all = understood(text);
  EXPECT_EQ(all.size(), 1U) << text;
  return all.empty() ? Status::heading : all.back().status;
}

struct Attempt {
  std::optional<Derivation> derivation;
  sim::Diagnostics diagnostics;
  [[nodiscard]] std::string findings() const { return sim::to_text(diagnostics, 200); }
};

inline Attempt attempt(const std::string& text) {
  Attempt result;
  auto source = check_source(text, "shop.md", result.diagnostics);
  if (!source) return result;
  result.derivation = derive({std::move(*source)}, rules(), {}, result.diagnostics);
  return result;
}

inline std::string shipped_document() {
  std::ifstream stream(std::string(SHOPSIM_SOURCE_DIR) + "/requirements/ecommerce.md");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The text without its lines that hold any of the words.
inline std::string without(std::string text, const std::vector<std::string>& words) {
  std::string left;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
    const std::string line = text.substr(at, end + 1 - at);
    bool drop = false;
    for (const std::string& word : words) drop = drop || line.find(word) != std::string::npos;
    if (!drop) left += line;
    at = end + 1;
  }
  return left;
}

}  // namespace shopsim::requirements::test
