#pragma once
/// What standard output can show, and how to use it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/verdict.hpp"

namespace shopsim::cli {

/// Plain and 80 columns wide unless said otherwise.
struct Screen {
  bool is_terminal = false;
  bool colour = false;  ///< a terminal that is not dumb, and NO_COLOR is not set
  bool blocks = false;  ///< a terminal in a UTF-8 locale: block characters are drawn
  std::size_t columns = 80;
};

/// Of standard output, from the environment: LC_ALL, LC_CTYPE, LANG, TERM, NO_COLOR, COLUMNS.
Screen screen_of_output();

enum class Ink : std::uint8_t { strong, good, bad, doubtful, faint };

/// The text in this ink where the screen has colour, else the text as it is.
std::string inked(const Screen& screen, Ink ink, const std::string& text);

/// A word about the verdict in its colour: green, red, yellow.
std::string inked(const Screen& screen, analysis::Verdict verdict, const std::string& text);

/// Characters the text takes on the screen: UTF-8 counted by character, colour codes by nothing.
std::size_t shown_width(const std::string& text);

}  // namespace shopsim::cli
