#include "cli/progress.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>

#include "cli/number_text.hpp"

namespace shopsim::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set inside a signal handler");

void on_signal(int signal) {
  interrupted = true;
  std::signal(signal, SIG_DFL);  // the next one ends the program
}

std::string time_left(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  std::array<char, 32> text{};
  if (whole >= 3600) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
  }
  return text.data();
}

}  // namespace

ProgressLine::ProgressLine(bool quiet) : is_on_(!quiet && isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
  if (!is_on_) return;
  std::string line = "\r" + text;
  if (text.size() < shown_) line.append(shown_ - text.size(), ' ');
  shown_ = text.size();
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (!is_on_ || shown_ == 0) return;
  const std::string blank = "\r" + std::string(shown_, ' ') + "\r";
  std::fputs(blank.c_str(), stderr);
  std::fflush(stderr);
  shown_ = 0;
}

std::string progress_text(const analysis::Progress& progress) {
  const double share = progress.total_seconds > 0
                           ? progress.simulated_seconds / progress.total_seconds
                           : 0;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%3.0f %%  %.1f of %.1f simulated hours", 100 * share,
                progress.simulated_seconds / 3600, progress.total_seconds / 3600);
  return std::string(text.data()) + "  " + std::to_string(progress.finished) + " of " +
         std::to_string(progress.decided) + " replications  " +
         short_number(static_cast<double>(progress.requests)) + " requests  " +
         short_number(progress.requests_per_second) + "/s  " +
         time_left(progress.seconds_left) + " left";
}

InterruptGuard::InterruptGuard() {
  interrupted = false;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& InterruptGuard::flag() { return interrupted; }

}  // namespace shopsim::cli
