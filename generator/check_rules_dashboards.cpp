// Rules about dashboards and composite alarms.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "generator/check_metrics.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"
#include "models/composite_alarm.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kBody =
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
    "CloudWatch-Dashboard-Body-Structure.html";
constexpr std::string_view kComposite =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-cloudwatch-compositealarm.html";
constexpr double kColumns = 24;
constexpr double kMostHeight = 1000;
constexpr std::size_t kMostWidgets = 500;

std::string named(const Resource& resource) { return sim::shown(resource.id); }

/// The body as JSON text: references become `${Name}`, and 0 where they stand outside of strings.
std::string body_text(const Value& body) {
  std::string text = readable(body.text);
  std::string result;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\' && i + 1 < text.size()) {
      result += c;
      result += text[++i];
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (!in_string && c == '$' && i + 1 < text.size() && text[i + 1] == '{') {
      const std::size_t end = text.find('}', i);
      if (end != std::string::npos) {
        result += '0';
        i = end;
        continue;
      }
    }
    result += c;
  }
  return result;
}

/// The scalar that holds a body, through Fn::Sub; nullptr if it is put together of pieces.
const sim::Node* block_of(const sim::Node* node) {
  while (node != nullptr && node->kind != sim::NodeKind::scalar) {
    if (node->kind == sim::NodeKind::mapping && node->keys.size() == 1 &&
        node->keys[0].text == "Fn::Sub") {
      node = &node->children[0];
    } else if (node->kind == sim::NodeKind::sequence && !node->children.empty()) {
      node = &node->children[0];
    } else {
      return nullptr;
    }
  }
  return node;
}

/// Where a line of a body stands in the file: a block scalar begins on the line after its `|`.
sim::Place place_in(const Checked& checked, const Value& body, std::uint32_t line) {
  sim::Place place = checked.set.place(body);
  const sim::Node* block = block_of(body.node);
  if (block == nullptr || block->style != sim::ScalarStyle::block || line == 0) return place;
  place.line = block->span.line + line;
  place.column = 1;
  return place;
}

/// One dashboard with its body parsed with positions.
struct Dashboard {
  const Resource* resource;
  const Value* body;
  sim::Document document;
};

std::vector<Dashboard> dashboards(const StackSet& set) {
  std::vector<Dashboard> result;
  for (const Resource* one : set.of_type("AWS::CloudWatch::Dashboard")) {
    const Value& body = one->property("DashboardBody");
    if (!body.is_text()) continue;
    const std::string text = body_text(body);
    if (!nlohmann::json::accept(text)) continue;
    sim::Diagnostics ignored;
    auto document = sim::parse_document(text, "", ignored);
    if (document) result.push_back({one, &body, std::move(*document)});
  }
  return result;
}

void check_body(const Checked& checked, Report& report) {
  for (const Resource* one : checked.set.of_type("AWS::CloudWatch::Dashboard")) {
    const Value& body = one->property("DashboardBody");
    if (!body.is_text()) continue;
    const std::string text = body_text(body);
    try {
      const auto parsed = nlohmann::json::parse(text);
      if (!parsed.is_object() || !parsed.contains("widgets") || !parsed["widgets"].is_array()) {
        report.add(*one, body, "a dashboard's body is an object with a list of widgets");
      }
    } catch (const nlohmann::json::parse_error& error) {
      const std::size_t at = std::min<std::size_t>(error.byte, text.size());
      const auto line = static_cast<std::uint32_t>(
          1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      report.add(place_in(checked, body, line),
                 "the body of " + named(*one) + " is no JSON, at byte " + std::to_string(at));
    }
  }
}

std::optional<double> number_of(const sim::Node* node) {
  if (node == nullptr || node->quoted()) return std::nullopt;
  return Value{ValueKind::text, node->text}.number();
}

/// A widget's place on the grid.
struct Box {
  double x = 0;
  double y = 0;
  double width = 6;
  double height = 6;
  std::uint32_t line = 0;
};

std::optional<Box> box_of(const sim::Node& widget) {
  const auto x = number_of(widget.child("x"));
  const auto y = number_of(widget.child("y"));
  const auto width = number_of(widget.child("width"));
  const auto height = number_of(widget.child("height"));
  if (!x || !y) return std::nullopt;  // CloudWatch places it itself
  return Box{*x, *y, width.value_or(6), height.value_or(6), widget.span.line};
}

const std::vector<sim::Node>& widgets_of(const Dashboard& dashboard) {
  static const std::vector<sim::Node> kNone;
  const sim::Node* widgets = dashboard.document.root.child("widgets");
  return widgets == nullptr ? kNone : widgets->children;
}

void check_grid(const Checked& checked, Report& report) {
  for (const Dashboard& one : dashboards(checked.set)) {
    const auto& widgets = widgets_of(one);
    if (widgets.size() > kMostWidgets) {
      report.add(*one.resource, *one.body, "a dashboard has 500 widgets at most, given " +
                                               std::to_string(widgets.size()));
    }
    std::vector<Box> boxes;
    for (const sim::Node& widget : widgets) {
      const auto box = box_of(widget);
      if (!box) continue;
      const sim::Place place = place_in(checked, *one.body, box->line);
      if (box->x < 0 || box->width < 1 || box->x + box->width > kColumns) {
        report.add(place, "the widget reaches from column " +
                              std::to_string(static_cast<int>(box->x)) + " to " +
                              std::to_string(static_cast<int>(box->x + box->width)) + " of 24");
      }
      if (box->height < 1 || box->height > kMostHeight) {
        report.add(place, "a widget is 1 to 1000 units high");
      }
      for (const Box& other : boxes) {
        const bool apart = box->x + box->width <= other.x || other.x + other.width <= box->x ||
                           box->y + box->height <= other.y || other.y + other.height <= box->y;
        if (!apart) report.add(place, "the widget overlaps another one");
      }
      boxes.push_back(*box);
    }
  }
}

/// A row of a widget's metrics, with `.` and `...` replaced by what stands above.
std::vector<std::string> written_out(const sim::Node& row, const std::vector<std::string>& above) {
  std::vector<std::string> words;
  for (const sim::Node& item : row.children) {
    if (item.kind != sim::NodeKind::scalar) continue;
    if (item.text == "..." && words.empty()) {
      words = above;
      const std::size_t rest = row.children.size() -
                               (row.children.back().kind == sim::NodeKind::mapping ? 2 : 1);
      words.resize(words.size() > rest ? words.size() - rest : 0);
    } else if (item.text == "." && words.size() < above.size()) {
      words.push_back(above[words.size()]);
    } else {
      words.push_back(item.text);
    }
  }
  return words;
}

std::string metric_objection(const std::vector<std::string>& words) {
  if (words.size() < 2 || words.size() % 2 != 0) {
    return "a metric is a namespace, a name, and pairs of dimensions and values";
  }
  if (!knows_namespace(words[0])) return {};
  if (words[1].find("${") != std::string::npos) return {};
  if (!knows_metric(words[0], words[1])) {
    return sim::shown(words[0]) + " has no metric " + sim::shown(words[1]);
  }
  std::vector<std::string_view> names;
  for (std::size_t i = 2; i < words.size(); i += 2) names.push_back(words[i]);
  std::sort(names.begin(), names.end());
  const auto sets = dimension_sets(words[0], words[1]);
  if (sets.empty() || std::find(sets.begin(), sets.end(), names) != sets.end()) return {};
  return words[1] + " is not published under these dimensions";
}

void check_metrics(const Checked& checked, Report& report) {
  for (const Dashboard& one : dashboards(checked.set)) {
    for (const sim::Node& widget : widgets_of(one)) {
      const sim::Node* properties = widget.child("properties");
      const sim::Node* metrics = properties == nullptr ? nullptr : properties->child("metrics");
      if (metrics == nullptr) continue;
      std::vector<std::string> above;
      for (const sim::Node& row : metrics->children) {
        const bool is_expression =
            row.children.size() == 1 && row.children[0].kind == sim::NodeKind::mapping;
        if (is_expression) continue;
        auto words = written_out(row, above);
        if (const std::string wrong = metric_objection(words); !wrong.empty()) {
          report.add(place_in(checked, *one.body, row.span.line), wrong);
        }
        above = std::move(words);
        if (row.children.empty() || row.children.back().kind != sim::NodeKind::mapping) continue;
        const sim::Node* statistic = row.children.back().child("stat");
        if (statistic != nullptr && !is_statistic(statistic->text)) {
          report.add(place_in(checked, *one.body, statistic->span.line),
                     sim::shown(statistic->text) + " is no statistic");
        }
      }
    }
  }
}

void check_widgets(const Checked& checked, Report& report) {
  const std::set<std::string_view> kinds{"metric", "text", "log", "alarm", "explorer", "custom"};
  for (const Dashboard& one : dashboards(checked.set)) {
    for (const sim::Node& widget : widgets_of(one)) {
      const sim::Place place = place_in(checked, *one.body, widget.span.line);
      const sim::Node* kind = widget.child("type");
      const sim::Node* properties = widget.child("properties");
      if (kind == nullptr || !kinds.contains(kind->text)) {
        report.add(place, "a widget's type is metric, text, log, alarm, explorer or custom");
      } else if (properties == nullptr) {
        report.add(place, "the widget has no properties");
      } else if (kind->text == "metric" || kind->text == "log") {
        if (properties->child("region") == nullptr) {
          report.add(place, "a " + kind->text + " widget names its region");
        }
        const bool shows = properties->child("metrics") != nullptr ||
                           properties->child("annotations") != nullptr || kind->text == "log";
        if (!shows) report.add(place, "the widget shows no metrics");
      } else if (kind->text == "text" && properties->child("markdown") == nullptr) {
        report.add(place, "a text widget has markdown");
      }
    }
  }
}

void check_composites(const Checked& checked, Report& report) {
  const auto alarms = alarms_of(checked.set);
  for (const Resource* composite : checked.set.of_type("AWS::CloudWatch::CompositeAlarm")) {
    const Value& rule = composite->property("AlarmRule");
    if (!rule.is_text()) continue;
    sim::Diagnostics found;
    const auto parsed =
        models::AlarmRule::parse(readable(rule.text), checked.set.place(rule), found);
    if (!parsed) {
      for (const sim::Diagnostic& one : found.all()) report.add(*composite, rule, one.message);
      continue;
    }
    for (const std::string& child : parsed->children()) {
      const Resource* target = nullptr;
      for (const Resource* alarm : alarms) {
        const Value& name = alarm->property("AlarmName");
        const std::string by_id = "${" + std::string(alarm->id);
        const bool is_named = name.is_text() && readable(name.text) == child;
        if (is_named || child == by_id + "}" || child == by_id + ".Arn}") target = alarm;
      }
      // Somebody else's alarm, or one whose name a parameter gives.
      if (target == nullptr && (child.starts_with("arn:") || child.find("${") != child.npos)) {
        continue;
      }
      if (target == nullptr) {
        report.add(*composite, rule, "no alarm here is called " + sim::shown(child));
      } else if (!checked.dependencies.after(*composite, *target)) {
        report.add(*composite, rule, named(*composite) + " may be made before " + named(*target));
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"dashboard-body", "A dashboard's body is JSON with widgets, after all substitutions",
     "`The dashboard body is invalid`, as the last resource of the stack.", kBody,
     "correct the JSON", sim::Severity::error, check_body},
    {"dashboard-widget", "Widgets have a type, properties, and a region where they need one",
     "`The dashboard body is invalid`, or an empty widget.", kBody, "complete the widget",
     sim::Severity::error, check_widgets},
    {"dashboard-grid", "Widgets lie on 24 columns and do not overlap",
     "CloudWatch refuses them or pushes them about.", kBody, "correct x, y, width or height",
     sim::Severity::error, check_grid},
    {"dashboard-metric", "Widgets show metrics that exist",
     "The graph is empty when it is needed.", kBody, "correct the metric's row",
     sim::Severity::error, check_metrics},
    {"composite-rule", "A composite alarm's rule is one, over alarms made before it",
     "`AlarmRule must not contain children that do not exist`.", kComposite,
     "correct the rule; give the composite DependsOn its children", sim::Severity::error,
     check_composites},
};

}  // namespace

std::span<const Rule> dashboard_rules() { return kRules; }

}  // namespace shopsim::generator::checker
