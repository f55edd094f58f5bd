#include "requirements/builder.hpp"

#include <algorithm>
#include <utility>

#include "sim/document_edit.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::requirements {

namespace {

constexpr std::string_view kScenario = "scenario.";

sim::Node scalar(std::string text) {
  sim::Node node;
  node.text = std::move(text);
  return node;
}

/// A text that no reader takes for a number or a word such as `true`.
sim::Node text_scalar(std::string text) {
  sim::Node node = scalar(std::move(text));
  const std::string written = sim::string_text(node.text, sim::Surrounding::flow);
  if (written.starts_with('"')) node.style = sim::ScalarStyle::double_quoted;
  return node;
}

sim::Node list_of(const std::vector<std::string>& texts) {
  sim::Node node;
  node.kind = sim::NodeKind::sequence;
  node.flow = true;
  for (const std::string& text : texts) node.children.push_back(text_scalar(text));
  return node;
}

void add_unique(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

/// The index of the item with this name; the list's length if there is none.
std::size_t index_of(const sim::Node& list, std::string_view name) {
  for (std::size_t i = 0; i < list.children.size(); ++i) {
    const sim::Node* field = list.children[i].child("name");
    if (field != nullptr && field->text == name) return i;
  }
  return list.children.size();
}

/// A dotted path after an item was put into `list` at `index`.
std::string behind_insertion(const std::string& path, std::string_view list,
                             std::ptrdiff_t index) {
  if (!path.starts_with(std::string(list) + "[")) return path;
  const std::size_t open = list.size() + 1;
  const std::size_t close = path.find(']');
  const long old = std::stol(path.substr(open, close - open));
  if (old < index) return path;
  return path.substr(0, open) + std::to_string(old + 1) + path.substr(close);
}

}  // namespace

sim::Document read_base(const std::string& text, const std::string& name,
                        sim::Diagnostics& diagnostics) {
  auto document = sim::parse_document(text, "requirements/rules/" + name, diagnostics);
  return document ? std::move(*document) : sim::Document{};
}

Builder::Builder(const BuildInput& input, sim::Diagnostics& diagnostics) : input_(input) {
  platform_.document = read_base(input.rules.base_platform, "base_platform.yaml", diagnostics);
  scenario_.document = read_base(input.rules.base_scenario, "base_scenario.yaml", diagnostics);
}

Builder::File& Builder::file_of(std::string_view& path) {
  if (!path.starts_with(kScenario)) return platform_;
  path.remove_prefix(kScenario.size());
  return scenario_;
}

/// The path with indices instead of names; empty if an item is not there.
std::string Builder::resolved(const File& file, std::string_view path) {
  const std::size_t open = path.find('[');
  if (open == std::string_view::npos) return std::string(path);
  const std::size_t close = path.find(']', open);
  const std::string list(path.substr(0, open));
  const sim::Node* node = sim::find(file.document.root, list);
  if (node == nullptr || close == std::string_view::npos) return {};
  const std::size_t index = index_of(*node, path.substr(open + 1, close - open - 1));
  if (index == node->children.size()) return {};
  return list + "[" + std::to_string(index) + "]" + std::string(path.substr(close + 1));
}

void Builder::put(sim::Node& root, std::string_view path, sim::Node value) {
  const auto steps = sim::parse_path(path);
  if (steps) static_cast<void>(sim::set_node(root, *steps, std::move(value)));
}

bool Builder::set(const Setting& setting) {
  std::string_view path = setting.path;
  File& file = file_of(path);
  const std::string place = resolved(file, path);
  if (place.empty()) return false;
  put(file.document.root, place, scalar(setting.value));
  file.comments[place] = comment_for(setting);
  std::erase_if(built_.settings,
                [&](const Setting& known) { return known.path == setting.path; });
  built_.settings.push_back(setting);
  return true;
}

void Builder::set_list(const Setting& setting, const std::vector<std::string>& values) {
  std::string_view path = setting.path;
  File& file = file_of(path);
  put(file.document.root, path, list_of(values));
  file.comments[std::string(path)] = comment_for(setting);
  built_.settings.push_back(setting);
}

void Builder::keep(const std::string& path, const std::vector<std::string>& reasons) {
  std::string_view rest = path;
  file_of(rest).kept.insert(std::string(rest));
  for (const std::string& reason : reasons) add_unique(built_.because[path], reason);
}

void Builder::add_reasons(const std::string& section, const std::vector<std::string>& reasons) {
  for (const std::string& reason : reasons) add_unique(built_.because[section], reason);
}

void Builder::add_item(const std::string& list,
                       const std::vector<std::pair<std::string, std::string>>& fields,
                       const std::vector<std::string>& reasons) {
  std::string_view path = list;
  File& file = file_of(path);
  sim::Node item;
  item.kind = sim::NodeKind::mapping;
  for (const auto& field : fields) {
    item.keys.push_back({.text = field.first});
    item.children.push_back(scalar(field.second));
  }
  const auto steps = sim::parse_path(path);
  sim::Node all = *sim::find(file.document.root, path);
  // Promises on latency stand before the others.
  const auto latencies = std::count_if(
      all.children.begin(), all.children.end(), [](const sim::Node& child) {
        const sim::Node* metric = child.child("metric");
        return metric != nullptr && metric->text == "latency";
      });
  all.children.insert(all.children.begin() + latencies, std::move(item));
  Comments moved;
  for (const auto& comment : file.comments) {
    moved[behind_insertion(comment.first, path, latencies)] = comment.second;
  }
  file.comments = std::move(moved);
  static_cast<void>(sim::set_node(file.document.root, *steps, std::move(all)));
  keep(list + "[" + fields.front().second + "]", reasons);
}

std::vector<std::string> Builder::reasons_of(const Fact& fact) const {
  if (fact.mark == Mark::implied) return {"rule:" + fact.rule};
  std::vector<std::string> ids;
  for (const std::size_t clause : fact.clauses) {
    ids.push_back(input_.sentences[clause].reading.clause.id);
  }
  return ids;
}

std::string Builder::text_at(std::string_view path) const {
  const bool scenario = path.starts_with(kScenario);
  if (scenario) path.remove_prefix(kScenario.size());
  const File& file = scenario ? scenario_ : platform_;
  const std::string place = resolved(file, path);
  const sim::Node* node = place.empty() ? nullptr : sim::find(file.document.root, place);
  return node == nullptr ? std::string{} : node->text;
}

std::string Builder::comment_for(const Setting& setting) const {
  std::string text;
  for (const std::size_t clause : setting.clauses) {
    text += (text.empty() ? "" : ", ") + input_.sentences[clause].reading.clause.id;
  }
  if (setting.rule.empty()) return text.empty() ? "default" : "stated: " + text;
  return "rule " + setting.rule + (text.empty() ? "" : ": " + text);
}

void Builder::prune(File& file, const std::vector<std::string>& lists) {
  for (const std::string& list : lists) {
    const sim::Node* node = sim::find(file.document.root, list);
    if (node == nullptr) continue;
    sim::Node left = *node;
    left.children.clear();
    Comments comments;
    for (std::size_t i = 0; i < node->children.size(); ++i) {
      const sim::Node* name = node->children[i].child("name");
      if (name == nullptr || !file.kept.contains(list + "[" + name->text + "]")) continue;
      const std::string from = list + "[" + std::to_string(i) + "]";
      const std::string to = list + "[" + std::to_string(left.children.size()) + "]";
      for (const auto& comment : file.comments) {
        if (!comment.first.starts_with(from)) continue;
        comments[to + comment.first.substr(from.size())] = comment.second;
      }
      left.children.push_back(node->children[i]);
    }
    std::erase_if(file.comments, [&](const auto& comment) {
      return comment.first.starts_with(list + "[");
    });
    file.comments.merge(comments);
    const auto steps = sim::parse_path(list);
    static_cast<void>(sim::set_node(file.document.root, *steps, std::move(left)));
  }
}

void Builder::write_reasons() {
  // Sections nobody asks for say so with an empty list.
  for (const char* section :
       {"network", "dns", "certificates", "cdn", "waf", "balancer", "web", "cache", "database",
        "object_storage", "shared_files", "keys", "secrets", "monitoring", "notifications",
        "security", "tracing", "audit", "backup", "budget"}) {
    built_.because[section];
  }
  for (const auto& [name, reasons] : built_.because) {
    std::string_view path = name;
    File& file = file_of(path);
    const std::string place = resolved(file, path);
    if (place.empty() || place == "scenario") continue;
    const std::string at = place + ".because";
    const sim::Node* owner = sim::find(file.document.root, place);
    const bool takes = owner != nullptr && owner->kind == sim::NodeKind::mapping;
    const bool listed = !place.starts_with("traffic.") && !place.starts_with("faults") &&
                        !place.starts_with("network.zones");
    if (!takes || !listed) continue;
    put(file.document.root, at, list_of(reasons));
    if (reasons.empty()) file.comments[at] = "default: nobody asks for it";
  }
}

Built Builder::finish() {
  prune(platform_, {"network.zones", "object_storage.buckets", "alarms"});
  prune(scenario_, {"traffic.spikes", "faults", "slos"});
  write_reasons();
  const std::string head =
      "# Derived by `shopsim derive` from " + input_.documents +
      ". `because` names requirements (R12)\n# and rules (rule:https-needs-certificate); trace.md "
      "shows the sentences. A value without a\n# comment is a default.\n";
  built_.platform = head + to_yaml(platform_.document.root, platform_.comments);
  built_.scenario = head + to_yaml(scenario_.document.root, scenario_.comments);
  return std::move(built_);
}

}  // namespace shopsim::requirements
