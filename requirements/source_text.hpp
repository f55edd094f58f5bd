#pragma once
/// The requirements documents as read, and what is refused at once: an empty, binary, enormous or
/// non-English file.
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/diagnostic.hpp"

namespace shopsim::requirements {

/// One document. Markdown and plain text are read alike.
struct SourceText {
  std::string file;  ///< as the user named it
  std::string text;  ///< UTF-8 with `\n` line ends
};

/// The largest document that is read. A long tender is a few hundred kilobytes.
inline constexpr std::size_t kMostBytes = std::size_t{1} << 20;

/// Reads and checks a document. No value, and at least one finding, if it cannot be used.
std::optional<SourceText> read_source(const std::filesystem::path& file,
                                      sim::Diagnostics& diagnostics);

/// The same for text in hand.
std::optional<SourceText> check_source(std::string text, std::string file,
                                       sim::Diagnostics& diagnostics);

/// Whether a sentence is written in another language or script, as far as its small words tell.
bool is_foreign(std::string_view sentence);

}  // namespace shopsim::requirements
