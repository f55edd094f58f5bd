/// How much of other people's texts is read, and how much of that rightly. The sentences with what
/// a person reads in them stand in gold/*.yaml; scripts/reading_score.sh prints the figures.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "reading_helper.hpp"
#include "sim/document.hpp"

namespace shopsim::requirements {
namespace {

using Facts = std::set<std::string>;

Facts words_of(const sim::Node* node) {
  std::istringstream stream(node == nullptr ? "" : node->text);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// What was found in all sentences of a file, against what a person finds.
struct Score {
  std::size_t right = 0;     ///< facts found that are there
  std::size_t wrong = 0;     ///< facts found that are not
  std::size_t missed = 0;    ///< facts that are there and were not found
  std::size_t demands = 0;   ///< sentences that state a fact
  std::size_t fully = 0;     ///< of them: all facts found, no wrong one
  std::size_t partly = 0;    ///< of them: some facts found, no wrong one
  std::size_t traps = 0;     ///< sentences that state none
  std::size_t avoided = 0;   ///< of them: no wrong fact found
  std::string misses;

  [[nodiscard]] double precision() const { return share(right, right + wrong); }
  [[nodiscard]] double recall() const { return share(right, right + missed); }
  static double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

void judge(const sim::Node& sentence, Score& score) {
  const std::string& text = sentence.child("text")->text;
  const Facts there = words_of(sentence.child("facts"));
  const Facts may = words_of(sentence.child("may"));
  const Facts found = test::facts_of(text);
  std::string told;
  std::size_t right = 0;
  std::size_t wrong = 0;
  for (const std::string& fact : found) {
    if (there.contains(fact)) {
      ++right;
    } else if (!may.contains(fact)) {
      ++wrong;
      told += " WRONG " + fact;
    }
  }
  for (const std::string& fact : there) {
    if (!found.contains(fact)) told += " missed " + fact;
  }
  score.right += right;
  score.wrong += wrong;
  score.missed += there.size() - right;
  if (there.empty()) {
    ++score.traps;
    score.avoided += wrong == 0 ? 1U : 0U;
  } else {
    ++score.demands;
    score.fully += wrong == 0 && right == there.size() ? 1U : 0U;
    score.partly += wrong == 0 && right > 0 && right < there.size() ? 1U : 0U;
  }
  if (!told.empty()) score.misses += "  " + text + "\n    " + told + "\n";
}

Score score_of(const std::string& file) {
  const std::string path = std::string(SHOPSIM_SOURCE_DIR) + "/tests/requirements/gold/" + file;
  sim::Diagnostics diagnostics;
  const auto document = sim::read_document(path, diagnostics);
  EXPECT_TRUE(document) << sim::to_text(diagnostics);
  Score score;
  if (!document) return score;
  const sim::Node* cases = document->root.child("cases");
  EXPECT_NE(cases, nullptr);
  if (cases == nullptr) return score;
  for (const sim::Node& sentence : cases->children) judge(sentence, score);
  std::cout << file << ": precision " << score.precision() << " (" << score.right << " of "
            << score.right + score.wrong << " facts found are there), recall " << score.recall()
            << " (" << score.right << " of " << score.right + score.missed
            << " facts that are there are found)\n  " << score.demands
            << " sentences with demands: " << score.fully << " read fully, " << score.partly
            << " in part, " << score.demands - score.fully - score.partly
            << " not or wrongly; " << score.traps << " without: " << score.avoided
            << " left alone\n";
  if (std::getenv("SHOPSIM_SHOW_MISSES") != nullptr) std::cout << score.misses;
  return score;
}

TEST(Gold, SentencesTheRulesMayBeShapedBy) {
  const Score score = score_of("development.yaml");
  EXPECT_GE(score.precision(), 0.98) << score.misses;
  EXPECT_GE(score.recall(), 0.90) << score.misses;
  EXPECT_EQ(score.avoided, score.traps) << score.misses;
}

TEST(Gold, SentencesNoRuleWasShapedBy) {
  const Score score = score_of("held_out.yaml");
  EXPECT_GE(score.precision(), 0.95) << score.misses;
  EXPECT_GE(score.recall(), 0.60) << score.misses;
}

}  // namespace
}  // namespace shopsim::requirements
