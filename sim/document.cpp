#include "sim/document.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "sim/yaml_parser.hpp"

namespace shopsim::sim {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Closes the file however a function ends.
class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string system_message(int number) { return std::generic_category().message(number); }

std::string size_text(std::size_t bytes) {
  if (bytes % (std::size_t{1} << 20) == 0) return std::to_string(bytes >> 20U) + " MiB";
  return std::to_string(bytes) + " bytes";
}

void report_too_large(const std::string& file, const DocumentLimits& limits, Diagnostics& found) {
  found.error("file-too-large", {file},
              "the file is larger than " + size_text(limits.bytes) + ", the most that is read",
              "is this the right file?");
}

/// Whether an open file is a regular one of acceptable size.
bool acceptable(const OpenFile& file, const std::string& name, const DocumentLimits& limits,
                Diagnostics& found) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) {
    found.error("unreadable-file", {name}, "cannot be examined: " + system_message(errno));
    return false;
  }
  if (S_ISDIR(status.st_mode)) {
    found.error("not-a-file", {name}, "is a directory", "name a file in it");
    return false;
  }
  if (!S_ISREG(status.st_mode)) {
    found.error("not-a-file", {name}, "is not a regular file",
                "save what it delivers to a file and name that");
    return false;
  }
  if (status.st_size < 0 || static_cast<std::uintmax_t>(status.st_size) > limits.bytes) {
    report_too_large(name, limits, found);
    return false;
  }
  return true;
}

/// At most `limits.bytes` of the file, which may have grown since it was examined.
std::optional<std::string> bounded_content(const OpenFile& file, const std::string& name,
                                           const DocumentLimits& limits, Diagnostics& found) {
  std::string content;
  std::array<char, 65'536> buffer{};
  for (;;) {
    const ssize_t got = ::read(file.descriptor(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      found.error("unreadable-file", {name}, "cannot be read: " + system_message(errno));
      return std::nullopt;
    }
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > limits.bytes) {
      report_too_large(name, limits, found);
      return std::nullopt;
    }
  }
}

Place place_at(const Document& document, std::uint32_t origin, const Span& span) {
  if (origin > 0 && origin <= document.overrides.size()) return {document.overrides[origin - 1]};
  return {document.file, span.line, span.column};
}

}  // namespace

bool Node::is_null() const {
  if (kind != NodeKind::scalar || quoted() || !tag.empty()) return false;
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

const Node* Node::child(std::string_view key) const {
  if (kind != NodeKind::mapping) return nullptr;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &children[i];
  }
  return nullptr;
}

namespace {

/// "did you mean `scenarios/black_friday.yaml`?", or nothing if no YAML file there has such a name.
std::string nearest_file(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".yaml" && extension != ".yml") continue;
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view nearest = nearest_word(path.filename().string(), known);
  if (nearest.empty()) return {};
  return "did you mean `" + (path.parent_path() / nearest).string() + "`?";
}

}  // namespace

std::optional<Document> read_document(const std::filesystem::path& path, Diagnostics& diagnostics,
                                      const DocumentLimits& limits) {
  const std::string name = path.string();
  const OpenFile file(path);
  if (file.descriptor() < 0) {
    const int reason = errno;
    if (reason == ENOENT) {
      diagnostics.error("no-such-file", {name}, "there is no such file",
                        nearest_file(path));
    } else {
      diagnostics.error("unreadable-file", {name}, "cannot be opened: " + system_message(reason));
    }
    return std::nullopt;
  }
  if (!acceptable(file, name, limits, diagnostics)) return std::nullopt;
  auto content = bounded_content(file, name, limits, diagnostics);
  if (!content) return std::nullopt;
  return parse_document(std::move(*content), name, diagnostics, limits);
}

std::optional<Document> parse_document(std::string text, std::string file_name,
                                       Diagnostics& diagnostics, const DocumentLimits& limits) {
  if (text.size() > limits.bytes) {
    report_too_large(file_name, limits, diagnostics);
    return std::nullopt;
  }
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (!is_clean_text(text, file_name, diagnostics)) return std::nullopt;
  auto root = parse_yaml(text, file_name, limits, diagnostics);
  if (!root) return std::nullopt;
  Document document;
  document.file = std::move(file_name);
  document.text = std::move(text);
  document.root = std::move(*root);
  return document;
}

Place place_of(const Document& document, const Node& node) {
  return place_at(document, node.origin, node.span);
}

Place place_of(const Document& document, const Key& key) {
  return place_at(document, key.origin, key.span);
}

}  // namespace shopsim::sim
