#pragma once
/// The live line of a long call: on standard error, only where that is a terminal.
#include <atomic>
#include <string>

#include "analysis/replicate.hpp"

namespace shopsim::cli {

class ProgressLine {
 public:
  /// `quiet`: never prints. Otherwise prints if standard error is a terminal.
  explicit ProgressLine(bool quiet);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  void show(const std::string& text);
  void clear();
  [[nodiscard]] bool is_on() const { return is_on_; }

 private:
  bool is_on_;
  std::size_t shown_ = 0;  ///< columns of the line on the screen
};

/// `42 %  day 10:04  replication 3 of 5  57.1 M requests  1.9 M/s  0:31 left`
std::string progress_text(const analysis::Progress& progress);

/// While it lives, Ctrl-C and SIGTERM set a flag instead of ending the program; a second one ends
/// it. Results files are unharmed either way.
class InterruptGuard {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();
  [[nodiscard]] static const std::atomic<bool>& flag();
};

}  // namespace shopsim::cli
