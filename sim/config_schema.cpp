#include "sim/config_schema.hpp"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/amount.hpp"

namespace shopsim::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kNumber = R"([-+]?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?)";

/// Matches a number and one of the units; those that begin with a letter need a space.
std::string unit_pattern(std::string_view units) {
  return "^" + std::string(kNumber) + " +(" + std::string(units) + ")$";
}

Json text_with(std::string pattern) {
  return {{"type", "string"}, {"pattern", std::move(pattern)}};
}

Json amount_schema(Measure measure) {
  switch (measure) {
    case Measure::seconds: return text_with(unit_pattern("ns|us|\u00b5s|ms|s|min|h|day"));
    case Measure::bytes: return text_with(unit_pattern("[kMGT]?B|[KMGT]iB"));
    case Measure::dollars: return text_with(unit_pattern("USD"));
    case Measure::count: return {{"type", "number"}};
  }
  return {{"type", "number"}};
}

/// A number may be a law to draw from once a replication (drawn_value.hpp) instead. The keywords
/// of `$defs/drawn` and those of the plain value say nothing about each other's type.
Json or_drawn(Json plain) {
  if (plain.contains("anyOf")) {
    plain["anyOf"].push_back({{"type", "object"}, {"$ref", "#/$defs/drawn"}});
    return plain;
  }
  plain["type"] = Json::array({plain["type"], "object"});
  plain["$ref"] = "#/$defs/drawn";
  return plain;
}

/// The units of parameters are those of the field, which only the reader knows.
Json drawn_schema() {
  const Json any = {{"type", Json::array({"number", "string"})}};
  const auto list = [&any](int count) {
    return Json{{"type", "array"}, {"items", any}, {"minItems", count}, {"maxItems", count}};
  };
  const auto named = [&any](const char* first, const char* second) {
    return Json{{"type", "object"},
                {"properties", {{first, any}, {second, any}}},
                {"required", Json::array({first, second})},
                {"additionalProperties", false}};
  };
  return {{"properties", {{"uniform", list(2)}, {"triangular", list(3)},
                          {"normal", named("mean", "sd")},
                          {"lognormal", named("median", "p95")}}},
          {"minProperties", 1},
          {"maxProperties", 1},
          {"additionalProperties", false}};
}

Json distribution_schema(Measure measure) {
  Json forms = Json::array({amount_schema(measure)});
  for (const LawForm& form : law_forms()) {
    Json parameters = {{std::string(form.first), or_drawn(amount_schema(measure))}};
    Json required = Json::array({std::string(form.first)});
    if (!form.second.empty()) {
      const Measure second = form.second_is_amount ? measure : Measure::count;
      parameters[std::string(form.second)] = or_drawn(amount_schema(second));
      required.push_back(std::string(form.second));
    }
    const Json law = {{"type", "object"},
                      {"properties", parameters},
                      {"required", required},
                      {"additionalProperties", false}};
    forms.push_back({{"type", "object"},
                     {"properties", {{std::string(form.name), law}}},
                     {"required", Json::array({std::string(form.name)})},
                     {"additionalProperties", false}});
  }
  return {{"anyOf", forms}};
}

Json fraction_schema() {
  Json percent = text_with("^" + std::string(kNumber) + " *%$");
  return {{"anyOf", Json::array({{{"type", "number"}}, std::move(percent)})}};
}

void add_bounds(Json& schema, const FieldNode& node, const char* least, const char* most) {
  if (std::isfinite(node.least)) schema[least] = node.least;
  if (std::isfinite(node.most)) schema[most] = node.most;
}

void add_whole_bounds(Json& schema, const FieldNode& node, const char* least, const char* most) {
  if (std::isfinite(node.least)) schema[least] = static_cast<std::int64_t>(std::ceil(node.least));
  if (std::isfinite(node.most)) schema[most] = static_cast<std::int64_t>(std::floor(node.most));
}

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// Writes schemas of fields; knows the defaults.
class SchemaWriter {
 public:
  explicit SchemaWriter(const FieldTree& tree) : tree_(tree) {}

  Json field(const FieldNode& node, const std::string& path) const {
    Json schema = value(node, path);
    if (node.optional) {
      schema = {{"anyOf", Json::array({std::move(schema), {{"type", "null"}}})}};
    }
    const std::string text = description(node);
    if (!text.empty()) schema["description"] = text;
    const Node* written = path.empty() ? nullptr : find(tree_.defaults.root, path);
    const bool has_default = !node.required && written != nullptr &&
                             written->kind != NodeKind::mapping &&
                             node.kind != ValueKind::section;
    const auto json = has_default ? json_of(*written, node) : std::nullopt;
    if (json) schema["default"] = *json;
    return schema;
  }

 private:
  static std::string description(const FieldNode& node) {
    std::string text = node.meaning;
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    const bool value = node.kind != ValueKind::section && node.kind != ValueKind::list &&
                       node.kind != ValueKind::alternatives;
    if (value && node.kind != ValueKind::choice) add(std::string(accepted_form(node.kind)));
    const std::string range = range_text(node.kind, {.least = node.least, .most = node.most});
    if (!range.empty()) add(range);
    if (!node.source.empty()) add("source " + node.source);
    return text;
  }

  Json value(const FieldNode& node, const std::string& path) const {
    switch (node.kind) {
      case ValueKind::boolean: return {{"type", "boolean"}};
      case ValueKind::integer:
      case ValueKind::real: return or_drawn(number(node));
      case ValueKind::text: return text(node);
      case ValueKind::duration: return or_drawn(amount_schema(Measure::seconds));
      case ValueKind::bytes: return or_drawn(amount_schema(Measure::bytes));
      case ValueKind::money: return or_drawn(amount_schema(Measure::dollars));
      case ValueKind::rate:
        return or_drawn(text_with("^" + std::string(kNumber) + " */(s|min|h|day)$"));
      case ValueKind::bit_rate:
        return or_drawn(text_with(unit_pattern("[kMGT]?bps|[kMGT]?B/s|[KMGT]iB/s")));
      case ValueKind::fraction: return or_drawn(fraction_schema());
      case ValueKind::clock_time:
        return or_drawn(text_with(
            R"(^([-+]\d{1,6}d )?([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$)"));
      case ValueKind::duration_distribution: return distribution_schema(Measure::seconds);
      case ValueKind::size_distribution: return distribution_schema(Measure::bytes);
      case ValueKind::money_distribution: return distribution_schema(Measure::dollars);
      case ValueKind::count_distribution: return distribution_schema(Measure::count);
      case ValueKind::choice: return {{"enum", node.names}};
      case ValueKind::section: return section(node, path);
      case ValueKind::list: return list(node, path);
      case ValueKind::alternatives: return alternatives(node, path);
    }
    return Json::object();
  }

  static Json number(const FieldNode& node) {
    const bool whole = node.kind == ValueKind::integer;
    Json schema = {{"type", whole ? "integer" : "number"}};
    if (whole) {
      add_whole_bounds(schema, node, "minimum", "maximum");
    } else {
      add_bounds(schema, node, "minimum", "maximum");
    }
    return schema;
  }

  /// A text; the reader takes a bare number or word for a text as well.
  static Json text(const FieldNode& node) {
    Json schema = {{"type", Json::array({"string", "number", "boolean"})}};
    add_whole_bounds(schema, node, "minLength", "maxLength");
    return schema;
  }

  Json list(const FieldNode& node, const std::string& path) const {
    Json schema = {{"type", "array"}};
    if (!node.children.empty()) schema["items"] = field(node.children[0], path + "[]");
    add_whole_bounds(schema, node, "minItems", "maxItems");
    return schema;
  }

  Json section(const FieldNode& node, const std::string& path) const {
    Json parts = {{"properties", Json::object()}, {"required", Json::array()},
                  {"allOf", Json::array()}};
    for (const FieldNode& child : node.children) add_child(parts, child, path);
    Json schema = {{"type", "object"}, {"properties", parts["properties"]}};
    if (!parts["required"].empty()) schema["required"] = parts["required"];
    if (!parts["allOf"].empty()) schema["allOf"] = parts["allOf"];
    schema["additionalProperties"] = false;
    // A section without required keys may be written as a key with nothing behind it.
    if (!path.empty() && parts["required"].empty() && parts["allOf"].empty()) {
      schema["type"] = Json::array({"object", "null"});
    }
    return schema;
  }

  /// Adds one field to its section; a variant's alternatives are keys of the section itself.
  void add_child(Json& parts, const FieldNode& child, const std::string& path) const {
    if (child.kind != ValueKind::alternatives) {
      parts["properties"][child.key] = field(child, joined(path, child.key));
      if (child.required) parts["required"].push_back(child.key);
      return;
    }
    Json choices = Json::array();
    Json any = Json::array();
    for (const FieldNode& alternative : child.children) {
      parts["properties"][alternative.key] = field(alternative, joined(path, alternative.key));
      choices.push_back({{"required", Json::array({alternative.key})}});
      any.push_back({{"required", Json::array({alternative.key})}});
    }
    if (!child.required) choices.push_back({{"not", {{"anyOf", any}}}});
    parts["allOf"].push_back({{"oneOf", choices}});
  }

  /// A variant that is an element of a list: a section with one of the alternatives.
  Json alternatives(const FieldNode& node, const std::string& path) const {
    FieldNode around;
    around.children.push_back(node);
    around.children[0].required = true;
    return section(around, path);
  }

  /// The written default as JSON: numbers and truth values bare, everything else text.
  std::optional<Json> json_of(const Node& node, const FieldNode& field) const {
    if (node.is_null()) return Json(nullptr);
    if (node.kind == NodeKind::sequence) {
      Json items = Json::array();
      if (!node.children.empty() && field.children.empty()) return std::nullopt;
      for (const Node& child : node.children) {
        auto item = json_of(child, field.children[0]);
        if (!item) return std::nullopt;
        items.push_back(std::move(*item));
      }
      return items;
    }
    if (node.kind == NodeKind::mapping) return std::nullopt;
    const bool bare = field.kind == ValueKind::boolean || field.kind == ValueKind::integer ||
                      field.kind == ValueKind::real || field.kind == ValueKind::count_distribution;
    if (!bare) return Json(node.text);
    return Json::parse(node.text, nullptr, false);
  }

  const FieldTree& tree_;
};

}  // namespace

std::string json_schema_of(const FieldTree& tree, std::string_view title) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", std::string(title)}};
  schema.update(SchemaWriter(tree).field(tree.root, {}));
  schema["$defs"] = {{"drawn", drawn_schema()}};
  // Text that is not UTF-8 (there should be none) is replaced rather than thrown about.
  return schema.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shopsim::sim
