#include "requirements/clauses.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace shopsim::requirements {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Text of a block with the line each byte came from.
struct Block {
  std::string text;
  std::vector<std::uint32_t> lines;  ///< [byte of text]

  void add(std::string_view piece, std::uint32_t line) {
    if (!text.empty()) put(' ', line);
    for (const char c : piece) put(c, line);
  }
  void put(char c, std::uint32_t line) {
    text += c;
    lines.push_back(line);
  }
};

/// Takes emphasis, code marks, links and images away; their words stay.
Block without_marks(const Block& block) {
  Block plain;
  const std::string& text = block.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      ++i;
      plain.put(text[i], block.lines[i]);
    } else if (c == '`' || c == '*') {
      continue;
    } else if (c == '_' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '_' ||
                            i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '_')) {
      continue;
    } else if (c == '!' && i + 1 < text.size() && text[i + 1] == '[') {
      continue;
    } else if (c == '[' || (c == ']' && text.find(']', i) == i && i + 1 < text.size() &&
                            text[i + 1] == '(')) {
      if (c == ']') {
        const std::size_t end = text.find(')', i);
        if (end != std::string::npos) i = end;
      }
    } else if (c != ']') {
      plain.put(c, block.lines[i]);
    }
  }
  return plain;
}

constexpr std::array<std::string_view, 22> kAbbreviations = {
    "e.g", "i.e", "etc", "approx", "vs", "no", "min", "max", "mr", "mrs", "ms",
    "dr",  "st",  "fig", "sec",    "incl", "ca", "resp", "inc", "ltd", "co", "nr"};

/// Whether the full stop at `i` only ends an abbreviation or stands in a number or name.
bool is_inner_stop(std::string_view text, std::size_t i) {
  if (i + 1 < text.size() && text[i + 1] != ' ' && text[i + 1] != '"' && text[i + 1] != ')') {
    return true;
  }
  std::size_t begin = i;
  while (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '(') --begin;
  std::string word(text.substr(begin, i - begin));
  for (char& c : word) {
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  if (std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end()) {
    constexpr std::array<std::string_view, 8> kMayEnd = {"no",  "min", "max", "sec",
                                                         "etc", "inc", "ltd", "co"};
    if (std::find(kMayEnd.begin(), kMayEnd.end(), word) == kMayEnd.end()) return true;
    const std::size_t next = text.find_first_not_of(' ', i + 1);
    return next != std::string_view::npos && !is_upper(text[next]);
  }
  return false;
}

/// Where sentences begin and end in a block, [begin, end).
std::vector<std::pair<std::size_t, std::size_t>> sentences_of(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    while (begin < end && text[begin] == ' ') ++begin;
    if (begin < end) found.emplace_back(begin, end);
    begin = end;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '.' && c != '!' && c != '?') continue;
    if (c == '.' && is_inner_stop(text, i)) continue;
    std::size_t end = i + 1;
    while (end < text.size() && (text[end] == '"' || text[end] == ')' || text[end] == '!' ||
                                 text[end] == '?' || text[end] == '.')) {
      ++end;
    }
    if (end < text.size() && text[end] != ' ') continue;
    close(end);
    i = end - 1;
  }
  close(text.size());
  return found;
}

/// What one line of a document is.
struct Line {
  std::uint32_t number = 0;
  std::size_t indent = 0;
  std::string_view content;  ///< without indentation and list or quote mark
  bool blank = false;
  bool item = false;
  std::size_t heading = 0;   ///< level of a Markdown heading
};

std::size_t list_mark_length(std::string_view text) {
  if (text.size() >= 2 && (text[0] == '-' || text[0] == '*' || text[0] == '+') && text[1] == ' ') {
    return 2;
  }
  if (text.starts_with("\u2022 ")) return 4;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 3 && is_digit(text[digits])) ++digits;
  const bool letter = digits == 0 && text.size() > 2 && text[0] >= 'a' && text[0] <= 'h' &&
                      text[1] == ')';
  const std::size_t mark = letter ? 1 : digits;
  if (mark == 0 || mark + 1 >= text.size()) return 0;
  const bool ends = text[mark] == '.' || text[mark] == ')';
  return ends && text[mark + 1] == ' ' ? mark + 2 : 0;
}

Line read_line(std::string_view text, std::uint32_t number) {
  Line line;
  line.number = number;
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (text.starts_with('>') || text.starts_with("> ")) text.remove_prefix(1);
  line.indent = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(line.indent);
  line.blank = text.empty();
  if (const std::size_t mark = list_mark_length(text); mark > 0) {
    line.item = true;
    text.remove_prefix(mark);
    line.indent += mark;
    text = trimmed(text);
    if (text.starts_with("[ ]") || text.starts_with("[x]") || text.starts_with("[X]")) {
      text = trimmed(text.substr(3));
    }
  } else {
    std::size_t level = 0;
    while (level < text.size() && text[level] == '#') ++level;
    if (level > 0 && level <= 6 && level < text.size() && text[level] == ' ') {
      line.heading = level;
      text = trimmed(text.substr(level));
      while (text.ends_with('#')) text.remove_suffix(1);
      text = trimmed(text);
    }
  }
  line.content = text;
  return line;
}

bool only_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

/// A heading of a plain text: a line of capitals on its own.
bool is_capital_heading(std::string_view text) {
  std::size_t letters = 0;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') return false;
    if (is_upper(c)) ++letters;
  }
  return letters >= 4 && text.size() <= 60 && !text.ends_with('.') && !text.ends_with(':');
}

class Splitter {
 public:
  Splitter(const SourceText& source, std::vector<Clause>& clauses, std::size_t& paragraph)
      : source_(source), clauses_(clauses), paragraph_(paragraph) {}

  void run() {
    const std::vector<Line> lines = read_lines();
    for (std::size_t i = 0; i < lines.size(); ++i) take(lines, i);
    flush();
  }

 private:
  [[nodiscard]] std::vector<Line> read_lines() const {
    std::vector<Line> lines;
    std::string_view rest = source_.text;
    std::uint32_t number = 0;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines.push_back(read_line(rest.substr(0, end), ++number));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
  }

  void take(const std::vector<Line>& lines, std::size_t i) {
    const Line& line = lines[i];
    if (fence(line) || comment(line)) return;
    if (line.blank) {
      blank_ = true;
      return flush();
    }
    if (line.heading > 0) return heading(line.content, line.heading, line.number);
    if (!line.item && underline(line)) return;
    if (!line.item && only_of(line.content, "-*_= ") && line.content.size() >= 3) return flush();
    const bool alone = block_.text.empty() && (i + 1 == lines.size() || lines[i + 1].blank);
    if (!line.item && alone && is_capital_heading(line.content)) {
      return heading(line.content, 2, line.number);
    }
    if (line.content.starts_with('|')) {
      const bool titles = i + 1 < lines.size() && only_of(lines[i + 1].content, "|-: ");
      return table_row(line, titles ? ClauseKind::heading : ClauseKind::table_row);
    }
    if (line.item) {
      flush();
      open_item(line);
    } else if (block_.text.empty()) {
      // After a blank line, text at the margin ends the list.
      if (blank_ && line.indent < 2) leads_.clear();
      kind_ = ClauseKind::sentence;
    }
    blank_ = false;
    block_.add(line.content, line.number);
  }

  bool fence(const Line& line) {
    const bool mark = line.content.starts_with("```") || line.content.starts_with("~~~");
    if (!mark && !fenced_) return false;
    if (mark) {
      flush();
      fenced_ = !fenced_;
    } else if (!line.blank) {
      kind_ = ClauseKind::code;
      block_.add(line.content, line.number);
    }
    return true;
  }

  bool comment(const Line& line) {
    if (!commented_ && line.content.starts_with("<!--")) {
      flush();
      commented_ = true;
    }
    const bool inside = commented_;
    if (commented_ && line.content.find("-->") != std::string_view::npos) commented_ = false;
    return inside;
  }

  /// A line of `===` or `---` below one line of text makes that a heading.
  bool underline(const Line& line) {
    const bool first = only_of(line.content, "=");
    const bool second = only_of(line.content, "-");
    if ((!first && !second) || line.content.size() < 2 || block_.text.empty() ||
        kind_ != ClauseKind::sentence || block_.lines.front() != block_.lines.back()) {
      return false;
    }
    const std::string text = without_marks(std::exchange(block_, {})).text;
    heading(text, first ? 1 : 2, line.number - 1);
    return true;
  }

  void heading(std::string_view text, std::size_t level, std::uint32_t line) {
    flush();
    leads_.clear();
    Block block;
    block.add(text, line);
    const std::string plain = without_marks(block).text;
    while (levels_.size() > 0 && levels_.back() >= level) {
      levels_.pop_back();
      headings_.pop_back();
    }
    Clause clause{{}, source_.file, line, line, ClauseKind::heading, plain, headings_, {}, 0};
    clauses_.push_back(std::move(clause));
    levels_.push_back(level);
    headings_.push_back(plain);
  }

  void open_item(const Line& line) {
    kind_ = ClauseKind::item;
    while (!leads_.empty() && leads_.back().indent >= line.indent) leads_.pop_back();
    item_indent_ = line.indent;
  }

  void table_row(const Line& line, ClauseKind kind) {
    flush();
    if (only_of(line.content, "|-: ")) return;
    kind_ = kind;
    std::string row;
    std::string_view rest = line.content;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('|'), rest.size());
      const std::string_view cell = trimmed(rest.substr(0, end));
      // A number in front is the row's own.
      const bool numbering = row.empty() && only_of(cell, "0123456789.");
      if (!cell.empty() && !numbering) row += (row.empty() ? "" : "; ") + std::string(cell);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    block_.add(row, line.number);
    flush();
  }

  /// Ends the current paragraph, item or row: its sentences become clauses.
  void flush() {
    if (block_.text.empty()) return;
    const Block block = kind_ == ClauseKind::code ? std::exchange(block_, {})
                                                  : without_marks(std::exchange(block_, {}));
    ++paragraph_;
    std::vector<std::pair<std::size_t, std::size_t>> parts;
    if (kind_ == ClauseKind::code) parts.emplace_back(0, block.text.size());
    else parts = sentences_of(block.text);
    for (const auto& part : parts) {
      Clause clause;
      clause.file = source_.file;
      clause.line = block.lines[part.first];
      clause.end_line = block.lines[part.second - 1];
      clause.kind = kind_;
      clause.text = block.text.substr(part.first, part.second - part.first);
      clause.headings = headings_;
      clause.paragraph = paragraph_;
      if (kind_ == ClauseKind::item && !leads_.empty()) clause.lead = leads_.back().text;
      clauses_.push_back(std::move(clause));
    }
    if (kind_ == ClauseKind::code || parts.empty()) return;
    const std::string& last = clauses_.back().text;
    if (last.ends_with(':')) {
      const std::size_t indent = kind_ == ClauseKind::item ? item_indent_ : 0;
      leads_.push_back({indent, last});
    }
  }

  struct Lead {
    std::size_t indent = 0;
    std::string text;
  };

  const SourceText& source_;
  std::vector<Clause>& clauses_;
  std::size_t& paragraph_;
  Block block_;
  ClauseKind kind_ = ClauseKind::sentence;
  std::vector<std::string> headings_;
  std::vector<std::size_t> levels_;
  std::vector<Lead> leads_;
  std::size_t item_indent_ = 0;
  bool blank_ = false;
  bool fenced_ = false;
  bool commented_ = false;
};

}  // namespace

std::vector<Clause> split_clauses(const std::vector<SourceText>& sources) {
  std::vector<Clause> clauses;
  std::size_t paragraph = 0;
  for (const SourceText& source : sources) Splitter(source, clauses, paragraph).run();
  std::size_t number = 0;
  for (Clause& clause : clauses) {
    if (clause.kind != ClauseKind::heading) clause.id = "R" + std::to_string(++number);
  }
  return clauses;
}

}  // namespace shopsim::requirements
