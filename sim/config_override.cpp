#include "sim/config_override.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "sim/document_edit.hpp"
#include "sim/number_editor.hpp"

namespace shopsim::sim {
namespace {

constexpr std::size_t kMostSuggestions = 5;

void set_origin(Node& node, std::uint32_t origin) {
  node.origin = origin;
  for (Key& key : node.keys) key.origin = origin;
  for (Node& child : node.children) set_origin(child, origin);
}

/// One override on its way into a document.
class Override {
 public:
  Override(Document& document, std::string_view assignment, Diagnostics& diagnostics,
           const std::vector<std::string>& known)
      : document_(document),
        diagnostics_(diagnostics),
        known_(known),
        place_{"--set " + std::string(assignment)} {}

  bool apply(std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string_view path = assignment.substr(0, equals);
    const auto steps = parse_path(path);
    if (equals == std::string_view::npos || !steps || steps->empty()) {
      return fail("bad-override", "is not of the form `path=value`",
                  "write it like `--set web.scaling.maximum=6`");
    }
    auto value = parse_value(assignment.substr(equals + 1));
    if (!value || !is_known(path, *value)) return false;
    document_.overrides.push_back(place_.file);
    set_origin(*value, static_cast<std::uint32_t>(document_.overrides.size()));
    if (const auto problem = set_node(document_.root, *steps, std::move(*value))) {
      document_.overrides.pop_back();
      return fail("bad-override", *problem, {});
    }
    return true;
  }

 private:
  bool fail(const std::string& code, const std::string& message, std::string hint) {
    diagnostics_.error(code, place_, message, std::move(hint));
    return false;
  }

  std::optional<Node> parse_value(std::string_view text) {
    if (text.empty()) {
      fail("bad-override", "gives no value",
           "write a value behind the `=`, `''` for an empty text or `null` for none");
      return std::nullopt;
    }
    if (std::string_view("[{\"'").find(text.front()) == std::string_view::npos) {
      Node node;
      node.text = text;
      return node;
    }
    Diagnostics found;
    auto parsed = parse_document(std::string(text), place_.file, found);
    for (const Diagnostic& d : found.all()) fail(d.code, d.message, d.hint);
    if (!parsed || found.has_errors()) return std::nullopt;
    return std::move(parsed->root);
  }

  /// The paths below or at `path`, of those that fields have.
  [[nodiscard]] bool is_known(std::string_view path, const Node& value) {
    if (known_.empty()) return true;
    const std::string general = general_path(path);
    std::vector<std::string_view> below;
    for (const std::string& known : known_) {
      // A field's own path, or one inside it (a distribution's law): the reader judges that.
      const bool inside = general.starts_with(known) && general.size() > known.size() &&
                          (general[known.size()] == '.' || general[known.size()] == '[');
      if (known == general || inside) return true;
      const bool outside = known.starts_with(general) &&
                           (known[general.size()] == '.' || known[general.size()] == '[');
      if (outside) below.push_back(known);
    }
    if (below.empty()) {
      const std::string suggestion = nearest_path(general);
      return fail("unknown-key", "there is no field `" + general + "`",
                  suggestion.empty() ? suggestion : "did you mean " + suggestion + "?");
    }
    if (value.kind != NodeKind::scalar || value.is_null()) return true;
    std::string list;
    for (std::size_t i = 0; i < below.size() && i < kMostSuggestions; ++i) {
      list += (i > 0 ? ", " : "") + shown(below[i]);
    }
    if (below.size() > kMostSuggestions) list += ", ...";
    return fail("wrong-kind", "`" + std::string(path) + "` is no single value", "set " + list);
  }

  [[nodiscard]] std::string nearest_path(const std::string& general) const {
    // The end of a path is what people remember: `maximum` for `web.scaling.maximum`.
    std::string list;
    std::size_t count = 0;
    for (const std::string& known : known_) {
      const bool ends = known.ends_with("." + general);
      if (ends && count++ < kMostSuggestions) list += (list.empty() ? "" : " or ") + shown(known);
    }
    if (!list.empty()) return list;
    const std::vector<std::string_view> words(known_.begin(), known_.end());
    const std::string_view nearest = nearest_word(general, words);
    return nearest.empty() ? std::string{} : shown(nearest);
  }

  Document& document_;
  Diagnostics& diagnostics_;
  const std::vector<std::string>& known_;
  Place place_;
};

}  // namespace

bool apply_override(Document& document, std::string_view assignment, Diagnostics& diagnostics,
                    const std::vector<std::string>& known_paths) {
  return Override(document, assignment, diagnostics, known_paths).apply(assignment);
}

}  // namespace shopsim::sim
