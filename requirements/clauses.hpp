#pragma once
/// Cuts a document into its sentences, each with its line, the headings above it and the sentence
/// that introduces its list. Markdown marks are taken away; the words stay as they are.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "requirements/source_text.hpp"

namespace shopsim::requirements {

enum class ClauseKind : std::uint8_t { heading, sentence, item, table_row, code };

struct Clause {
  std::string id;        ///< R1, R2, ... over all documents; empty for headings
  std::string file;
  std::uint32_t line = 0;      ///< where it begins
  std::uint32_t end_line = 0;  ///< where it ends
  ClauseKind kind = ClauseKind::sentence;
  std::string text;      ///< one line, without Markdown
  std::vector<std::string> headings;  ///< outermost first
  std::string lead;      ///< the sentence, ending in a colon, that introduces this item
  std::size_t paragraph = 0;  ///< sentences of one paragraph or item have the same number
};

/// All clauses in the order of the documents.
[[nodiscard]] std::vector<Clause> split_clauses(const std::vector<SourceText>& sources);

}  // namespace shopsim::requirements
