#include "cli/key_reference.hpp"

#include "cli/file_schemas.hpp"
#include "sim/config_schema.hpp"

namespace shopsim::cli {
namespace {

/// A cell of a table: one line, and nothing in it ends the cell or begins markup.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

std::string code(std::string_view text) {
  std::string result = "`";
  result += text;
  return result + '`';
}

/// A backtick inside of code would end it; those are texts with forms, not values.
std::string value_cell(const std::string& text) {
  const bool is_sentence = text.empty() || text.find('`') != text.npos ||
                           text.ends_with(" items") || text.starts_with("none");
  return is_sentence ? cell(text) : code(text);
}

std::string row(const std::string& key, const sim::FieldFacts& facts) {
  std::string meaning = cell(facts.meaning);
  if (facts.tunable) meaning += " (tunable)";
  std::string form = cell(facts.form);
  if (!facts.range.empty()) form += "; " + cell(facts.range);
  std::string source = facts.source == "none" ? "" : cell(facts.source) + ", ";
  source += facts.confidence;
  std::string text = "| ";
  for (const std::string& column :
       {code(key), meaning, form, value_cell(facts.written_default), source}) {
    text += column + " | ";
  }
  text.pop_back();
  return text + '\n';
}

/// `web` of `web.scaling.minimum`; nothing of a key that is in no section.
std::string section_of(const std::string& key) {
  const std::size_t end = key.find_first_of(".[");
  return end == key.npos ? "" : key.substr(0, end);
}

std::string keys_of(const FileSchema& kind) {
  const sim::FieldTree tree = kind.tree();
  const std::string root(kind.name);
  std::string text = "\n## " + root + "\n\n" + std::string(kind.about) + "\n";
  std::string section = "none yet";
  for (const std::string& key : sim::paths_of(tree.root)) {
    const std::string own = section_of(key);
    if (own != section) {
      section = own;
      if (!own.empty()) {
        text += "\n### " + root + '.' + own + "\n";
        const auto of_section = sim::facts_of(tree, own);
        if (of_section) text += '\n' + cell(of_section->meaning) + ".\n";
      }
      text += "\n| key | meaning | form | default | source |\n|---|---|---|---|---|\n";
    }
    if (const auto facts = sim::facts_of(tree, key)) text += row(key, *facts);
  }
  return text;
}

}  // namespace

std::string key_reference() {
  std::string text =
      "# Every key\n\n"
      "Written by `shopsim explain --markdown`; a test keeps it current. `shopsim explain KEY` "
      "tells the\nsame about one key, `--set KEY=VALUE` changes it for one run. `[]` stands for "
      "an item of a list:\n`faults[0].at` is the first one's. Ids of sources are those of "
      "[sources.md](sources.md); *assumption* means\nthat no document and no measurement stands "
      "behind the default. Any number of platform and\nscenario may also be a law that every "
      "replication draws from: [running.md](running.md#numbers-that-nobody-knows).\n";
  for (const FileSchema& kind : file_schemas()) text += keys_of(kind);
  return text;
}

}  // namespace shopsim::cli
