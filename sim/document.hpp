#pragma once
/// One documents layer for YAML and JSON (JSON is read as the YAML it is): scenarios, platforms,
/// rules and templates. Every node knows where it stands, keys keep their order, tags such as
/// `!Ref` are kept. Nothing here throws; whatever is wrong with a file becomes a Diagnostic.
///
/// Left out: YAML merge keys (`<<`), several documents in one file, keys that are not scalars, and
/// JSON's surrogate pairs in `\u` escapes (write the character itself).
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/diagnostic.hpp"

namespace shopsim::sim {

/// A piece of the text. Lines and columns count characters from 1, offsets count bytes from 0;
/// the end is exclusive.
struct Span {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

enum class NodeKind : std::uint8_t { scalar, sequence, mapping };
enum class ScalarStyle : std::uint8_t { plain, single_quoted, double_quoted, block };

/// A key of a mapping and where it stands.
struct Key {
  std::string text;
  ScalarStyle style = ScalarStyle::plain;
  Span span;
  std::uint32_t origin = 0;  ///< as in Node
};

/// One value of a document and everything below it.
struct Node {
  NodeKind kind = NodeKind::scalar;
  ScalarStyle style = ScalarStyle::plain;
  bool flow = false;      ///< written as `[...]` or `{...}`
  bool aliased = false;   ///< a copy made for an alias; `span` is where the anchor stands
  std::uint32_t origin = 0;  ///< 0: the file; else 1 + index into Document::overrides
  std::string text;       ///< a scalar's text, without quotes and with escapes resolved
  std::string tag;        ///< `!Ref`, `tag:yaml.org,2002:str`, or empty
  std::vector<Key> keys;  ///< [entry], of a mapping, in the file's order
  std::vector<Node> children;  ///< [entry] of a mapping or [item] of a sequence
  Span span;

  [[nodiscard]] bool quoted() const { return style != ScalarStyle::plain; }
  /// Nothing, `~` or `null`, unquoted and untagged.
  [[nodiscard]] bool is_null() const;
  /// The value of a key, or nullptr (also when this is no mapping).
  [[nodiscard]] const Node* child(std::string_view key) const;
};

/// What a file held. A plain value; `text` is the file as read, without a byte
/// order mark.
struct Document {
  std::string file;
  std::string text;
  Node root;
  std::vector<std::string> overrides;  ///< how the command line named each override
};

/// What is accepted. A file beyond a limit is refused with the limit in the message.
struct DocumentLimits {
  std::size_t bytes = std::size_t{8} << 20;
  std::size_t depth = 64;
  std::size_t nodes = 250'000;
  std::size_t alias_expansions = 100;
  std::size_t alias_nodes = 10'000;  ///< nodes made by all alias expansions together
};

/// Reads a regular file of bounded size. No document: it could not be read or is not well formed.
/// Duplicate keys are errors, but the document is returned (the first value counts), so that
/// further findings can be collected: check `diagnostics.has_errors()` before using the values.
std::optional<Document> read_document(const std::filesystem::path& path, Diagnostics& diagnostics,
                                      const DocumentLimits& limits = {});

/// The same for text in hand; `file_name` is only for messages.
std::optional<Document> parse_document(std::string text, std::string file_name,
                                       Diagnostics& diagnostics,
                                       const DocumentLimits& limits = {});

/// Where a node, or a key, stands; an override's place is the command line.
Place place_of(const Document& document, const Node& node);
Place place_of(const Document& document, const Key& key);

/// One step of a dotted path: a key, or an index into a list.
struct PathStep {
  std::string key;
  std::optional<std::size_t> index;
};

/// `web.scaling.minimum`, `faults[0].zone_loss.zone`, `Resources."a.b".Type`; no value if `path`
/// is not of that form. The empty path is the document itself.
std::optional<std::vector<PathStep>> parse_path(std::string_view path);

/// The node at a path, or nullptr.
const Node* find(const Node& root, std::string_view dotted_path);

}  // namespace shopsim::sim
