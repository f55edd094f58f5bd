#include "models/trace.hpp"

#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "models/timestamp.hpp"

namespace shopsim::models {

namespace {

constexpr std::size_t kReported = 20;
constexpr std::size_t kLineLength = 4096;
constexpr std::uintmax_t kTraceBytes = std::uintmax_t{1} << 30;

/// Opens a regular file; says what is wrong at the scenario's place otherwise.
std::optional<std::ifstream> open_file(const std::filesystem::path& path, const sim::Place& place,
                                       sim::Diagnostics& diagnostics) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    diagnostics.error("trace-missing", place, "there is no file '" + path.string() + "'",
                      "paths are relative to the scenario file");
    return std::nullopt;
  }
  if (!std::filesystem::is_regular_file(status)) {
    diagnostics.error("trace-unreadable", place, "'" + path.string() + "' is not a regular file");
    return std::nullopt;
  }
  if (std::filesystem::file_size(path, error) > kTraceBytes || error) {
    diagnostics.error("trace-unreadable", place, "'" + path.string() + "' is larger than 1 GiB",
                      "cut the trace, or use longer bins");
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    diagnostics.error("trace-unreadable", place, "'" + path.string() + "' cannot be read",
                      "check its permissions");
    return std::nullopt;
  }
  return file;
}

/// The next line without its end, or the first kLineLength + 1 characters of a longer one.
bool next_line(std::istream& file, std::string& line) {
  line.clear();
  bool any = false;
  for (int c = file.get(); c != std::char_traits<char>::eof(); c = file.get()) {
    any = true;
    if (c == '\n') break;
    line.push_back(static_cast<char>(c));
    if (line.size() > kLineLength) break;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return any;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\"";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// Printable start of something a user wrote.
std::string quoted(std::string_view text) {
  std::string shown = "'";
  for (const char c : text.substr(0, 40)) {
    shown += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ? '?' : c;
  }
  return shown + (text.size() > 40 ? "...'" : "'");
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class TraceReader {
 public:
  TraceReader(std::string file, const TraceConfig& config, sim::Diagnostics& diagnostics)
      : file_(std::move(file)), config_(config), diagnostics_(diagnostics) {
    trace_.bin = config.bin;
  }

  /// False: stop reading.
  bool take(std::string_view line) {
    ++line_;
    if (line.size() > kLineLength) {
      error("trace-line", "the line is longer than " + std::to_string(kLineLength) + " characters",
            "is this a CSV file of counts?");
      return false;
    }
    if (line_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    if (trim(line).empty()) {
      ++blank_lines_;
      return true;
    }
    for (; blank_lines_ > 0; --blank_lines_) blank_count(line_ - blank_lines_);
    return take_row(line);
  }

  std::optional<Trace> finish() {
    if (errors_ > kReported) {
      diagnostics_.error("trace", {file_, line_, 1},
                         std::to_string(errors_ - kReported) + " more errors in this trace");
    }
    if (errors_ > 0) return std::nullopt;
    if (trace_.counts.empty()) {
      diagnostics_.error("trace-empty", {file_, 0, 0}, "the trace holds no counts",
                         "one count per line; see `explain scenario.traffic.trace`");
      return std::nullopt;
    }
    return std::move(trace_);
  }

 private:
  bool take_row(std::string_view line) {
    const std::size_t comma = line.rfind(',');
    const std::string_view cell =
        trim(comma == std::string_view::npos ? line : line.substr(comma + 1));
    const std::optional<double> count = parse_number(cell);
    if (first_row_ && !count && !cell.empty()) {  // a header
      first_row_ = false;
      return true;
    }
    first_row_ = false;
    if (comma != std::string_view::npos && !check_time(trim(line.substr(0, line.find(','))))) {
      return true;
    }
    if (cell.empty()) return blank_count(line_);
    return add(cell, count);
  }

  bool add(std::string_view cell, std::optional<double> count) {
    if (!count) {
      error("trace-number", "the count " + quoted(cell) + " is not a number");
    } else if (!(*count >= 0)) {
      error("trace-negative", "the count " + quoted(cell) + " is negative");
    } else if (*count > 2'147'483'647.0) {
      error("trace-number", "the count " + quoted(cell) + " is larger than 2147483647");
    } else {
      return push(static_cast<std::int32_t>(static_cast<std::int64_t>(*count + 0.5)));
    }
    return true;
  }

  bool push(std::int32_t count) {
    if (trace_.counts.size() >= kTraceBins) {
      error("trace-long", "the trace has more than " + std::to_string(kTraceBins) + " bins",
            "use longer bins, or cut the file");
      return false;
    }
    trace_.counts.push_back(count);
    trace_.total += static_cast<std::uint64_t>(count);
    return true;
  }

  bool blank_count(std::uint32_t line) {
    if (config_.gaps == TraceGaps::zero) return push(0);
    error_at(line, "trace-gap", "the count is blank",
             "fill it in, or write `gaps: zero` if nobody came in that bin");
    return true;
  }

  /// Times rise by one bin a line. Returns whether the row may be used.
  bool check_time(std::string_view cell) {
    const std::optional<double> number = parse_number(cell);
    const std::optional<double> time =
        number ? number : parse_timestamp_seconds(cell);
    if (!time) {
      error("trace-time", "the time " + quoted(cell) + " is not understood",
            "write 2026-11-27 20:00:00, seconds, or an index");
      return false;
    }
    if (!last_time_) {
      last_time_ = time;
      return true;
    }
    const double step = *time - *last_time_;
    if (!(step > 0)) {
      error("trace-order", "the time " + quoted(cell) + " does not come after the line before",
            "sort the file by time");
      return false;
    }
    // Seconds in whole bins, or an index that counts bins: the first step tells.
    if (!step_) step_ = number && step == 1.0 ? 1.0 : config_.bin.seconds();
    return check_step(cell, *time, step / *step_);
  }

  bool check_step(std::string_view cell, double time, double bins) {
    const auto whole = static_cast<std::int64_t>(bins + 0.5);
    const double off = bins - static_cast<double>(whole);
    if (whole < 1 || off > 1e-6 || off < -1e-6) {
      error("trace-bin", "the time " + quoted(cell) + " is not a whole number of bins (" +
                             sim::to_text(config_.bin) + ") after the line before",
            "check `bin`");
      return false;
    }
    last_time_ = time;
    if (whole == 1) return true;
    if (config_.gaps == TraceGaps::refuse) {
      error("trace-gap", std::to_string(whole - 1) + " bins are missing before " + quoted(cell),
            "fill them in, or write `gaps: zero` if nobody came in them");
      return true;
    }
    for (std::int64_t i = 1; i < whole; ++i) {
      if (!push(0)) return false;
    }
    return true;
  }

  void error(std::string code, std::string message, std::string hint = {}) {
    error_at(line_, std::move(code), std::move(message), std::move(hint));
  }

  void error_at(std::uint32_t line, std::string code, std::string message, std::string hint) {
    if (++errors_ > kReported) return;
    diagnostics_.error(std::move(code), {file_, line, 1}, std::move(message), std::move(hint));
  }

  std::string file_;
  const TraceConfig& config_;
  sim::Diagnostics& diagnostics_;
  Trace trace_;
  std::uint32_t line_ = 0;
  std::uint32_t blank_lines_ = 0;  ///< not yet known whether they end the file
  bool first_row_ = true;
  std::optional<double> last_time_;
  std::optional<double> step_;  ///< of the time column, for one bin
  std::size_t errors_ = 0;
};

}  // namespace

std::optional<Trace> read_trace(const std::filesystem::path& path, const TraceConfig& config,
                                const sim::Place& place, sim::Diagnostics& diagnostics) {
  std::optional<std::ifstream> file = open_file(path, place, diagnostics);
  if (!file) return std::nullopt;
  TraceReader reader(path.string(), config, diagnostics);
  std::string line;
  while (next_line(*file, line)) {
    if (!reader.take(line)) break;
  }
  return reader.finish();
}

}  // namespace shopsim::models
