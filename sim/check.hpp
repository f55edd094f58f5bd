#pragma once
/// Always-on checks of our own work: a failed one is a bug of ours, never a user's mistake (those
/// are Diagnostics). It throws CheckFailure; `main` prints the text and the replay command.
#include <sstream>
#include <stdexcept>
#include <string>

namespace shopsim::sim {

/// A broken invariant of our own. The text names the condition, the place and the values given.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws CheckFailure. Kept out of line so that a check costs one compare and a cold jump.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const std::string& message);

/// The parts of a message, one after the other, as text.
template <class... Parts>
std::string check_text(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}

}  // namespace shopsim::sim

/// SHOPSIM_CHECK(size > 0, "size is ", size): the message parts are evaluated only on failure.
#define SHOPSIM_CHECK(condition, ...)                                              \
  (static_cast<bool>(condition)                                                    \
       ? static_cast<void>(0)                                                      \
       : ::shopsim::sim::check_failed(#condition, __FILE__, __LINE__,              \
                                      ::shopsim::sim::check_text(__VA_ARGS__)))
