#include "sim/check.hpp"

#include <string_view>

namespace shopsim::sim {

void check_failed(const char* condition, const char* file, int line, const std::string& message) {
  // Folder and file only: where the sources were built is nobody's business.
  std::string_view place(file);
  const auto slash = place.rfind('/');
  if (slash != std::string_view::npos && slash > 0) {
    const auto folder = place.rfind('/', slash - 1);
    if (folder != std::string_view::npos) place.remove_prefix(folder + 1);
  }
  std::ostringstream text;
  text << place << ':' << line << ": internal check failed: " << condition;
  if (!message.empty()) text << ": " << message;
  throw CheckFailure(text.str());
}

}  // namespace shopsim::sim
