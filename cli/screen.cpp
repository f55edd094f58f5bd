#include "cli/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

namespace shopsim::cli {
namespace {

/// Empty if it is not set.
std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The name of the locale says what the terminal shows, installed here or not.
bool locale_is_utf8() {
  std::string locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (locale.empty()) locale = environment(name);
  }
  std::erase(locale, '-');
  for (char& c : locale) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return locale.find("utf8") != locale.npos;
}

std::size_t columns_of_output() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const int columns = std::atoi(std::string(environment("COLUMNS")).c_str());
  return columns > 0 ? static_cast<std::size_t>(columns) : 80;
}

}  // namespace

Screen screen_of_output() {
  Screen screen;
  screen.is_terminal = isatty(STDOUT_FILENO) == 1;
  if (!screen.is_terminal) return screen;
  const std::string_view terminal = environment("TERM");
  const bool is_dumb = terminal.empty() || terminal == "dumb";
  screen.colour = !is_dumb && environment("NO_COLOR").empty();
  screen.blocks = !is_dumb && locale_is_utf8();
  screen.columns = columns_of_output();
  return screen;
}

std::string inked(const Screen& screen, Ink ink, const std::string& text) {
  if (!screen.colour || text.empty()) return text;
  const char* code = "";
  switch (ink) {
    case Ink::strong: code = "1"; break;
    case Ink::good: code = "1;32"; break;
    case Ink::bad: code = "1;31"; break;
    case Ink::doubtful: code = "1;33"; break;
    case Ink::faint: code = "2"; break;
  }
  std::string result = "\x1b[";
  result += code;
  result += 'm';
  result += text;
  result += "\x1b[0m";
  return result;
}

std::string inked(const Screen& screen, analysis::Verdict verdict, const std::string& text) {
  switch (verdict) {
    case analysis::Verdict::met: return inked(screen, Ink::good, text);
    case analysis::Verdict::missed: return inked(screen, Ink::bad, text);
    case analysis::Verdict::undecided: return inked(screen, Ink::doubtful, text);
  }
  return text;
}

std::size_t shown_width(const std::string& text) {
  std::size_t width = 0;
  bool in_code = false;
  for (const char c : text) {
    if (c == '\x1b') in_code = true;
    const bool begins = (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    if (!in_code && begins) ++width;
    if (in_code && c == 'm') in_code = false;
  }
  return width;
}

}  // namespace shopsim::cli
