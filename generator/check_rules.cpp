// The list of all rules, topic by topic, and the page made of it.
#include <array>

#include "generator/check_rule.hpp"
#include "generator/check_templates.hpp"

namespace shopsim::generator::checker {
namespace {

std::string_view severity_word(sim::Severity severity) {
  switch (severity) {
    case sim::Severity::error: return "error";
    case sim::Severity::warning: return "warning";
    case sim::Severity::note: return "note";
  }
  return "?";
}

/// Prose for Markdown: what stands in backquotes stays, `<` outside of them is escaped.
std::string markdown(std::string_view text) {
  std::string result;
  bool in_code = false;
  for (const char c : text) {
    if (c == '`') in_code = !in_code;
    if (!in_code && (c == '<' || c == '*' || c == '_')) result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

std::span<const RuleTopic> rule_topics() {
  static const std::array topics{
      RuleTopic{"Size and shape of a template", limit_rules()},
      RuleTopic{"Names, conditions and parameters", reference_rules()},
      RuleTopic{"Files of parameters", parameter_rules()},
      RuleTopic{"Nested stacks, exports and imports", nesting_rules()},
      RuleTopic{"Keys", key_rules()},
      RuleTopic{"Logs that services deliver", log_delivery_rules()},
      RuleTopic{"Log groups, WAF, flow and Config logs", log_group_rules()},
      RuleTopic{"Topics", notification_rules()},
      RuleTopic{"Roles, secrets and capabilities", identity_rules()},
      RuleTopic{"CloudFront, WAF and us-east-1", edge_rules()},
      RuleTopic{"Alarms", alarm_rules()},
      RuleTopic{"Dashboards and composite alarms", dashboard_rules()},
      RuleTopic{"Order of creation", order_rules()},
      RuleTopic{"Instances and Auto Scaling groups", compute_rules()},
      RuleTopic{"Network", network_rules()},
      RuleTopic{"Databases and caches", database_rules()},
      RuleTopic{"Buckets, file systems and backups", storage_rules()},
      RuleTopic{"What an account has once", account_rules()},
      RuleTopic{"Proofs on the network", proof_rules()},
  };
  return topics;
}

std::string rules_page() {
  std::size_t count = 0;
  for (const RuleTopic& topic : rule_topics()) count += topic.rules.size();
  std::string page =
      "# What `shopsim check` looks for in templates\n\n"
      "Made from the list of rules by `shopsim check --rules-page > docs/rules.md`; a test "
      "compares."
      "\n\n" +
      std::to_string(count) +
      " rules. An error makes the exit code 2, a warning does not. Templates are read from disk,\n"
      "whoever wrote them: YAML with short tags or JSON. Values are followed through Ref, GetAtt,\n"
      "Sub, Join, If, FindInMap, ImportValue, Select, Split, GetAZs and Cidr, from parents into\n"
      "nested stacks and back through outputs. A parameter has the value that a file of "
      "parameters\n"
      "beside the templates gives it (the one for production, or the only one), else its default,\n"
      "else the output of the same name of another template that nobody nests. What cannot be "
      "known\n"
      "before deployment is not held against a template.\n\n"
      "\"Checked\" means these rules. Nothing here was deployed; AWS's own validation of schemas "
      "is\n"
      "another tool's work.\n";
  for (const RuleTopic& topic : rule_topics()) {
    page += "\n## " + std::string(topic.title) + "\n";
    for (const Rule& rule : topic.rules) {
      page += "\n### " + std::string(rule.id) + "\n\n";
      page += "**" + markdown(rule.title) + "** (" + std::string(severity_word(rule.severity)) +
              ")\n\n";
      page += markdown(rule.reason) + "\n\n";
      page += "Fix: " + markdown(rule.fix) + ".\n\n";
      page += "Source: <" + std::string(rule.source) + ">\n";
    }
  }
  return page;
}

void Report::add(const Resource& resource, const Value& value, const std::string& message) {
  if (value.node == nullptr) {
    add(resource, message);
  } else {
    add(set_.place(value), message);
  }
}

void Report::add(const Resource& resource, const std::string& message) {
  add(set_.place(resource), message);
}

void Report::add(sim::Place place, std::string message) {
  diagnostics_.add({rule_->severity, std::string(rule_->id), std::move(place), std::move(message),
                    std::string(rule_->fix)});
}

}  // namespace shopsim::generator::checker
