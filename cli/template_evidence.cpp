#include "cli/template_evidence.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "generator/check_templates.hpp"

namespace shopsim::cli {
namespace {

namespace checker = generator::checker;
using requirements::CheckConfig;
using requirements::TemplateEvidence;
using requirements::TemplateResource;

std::string stack_name(const checker::Stack& stack) {
  const std::string name = std::filesystem::path(stack.document.file).filename().string();
  return name.substr(0, name.find('.'));
}

bool is_id(const std::string& text) {
  return text.starts_with("rule:") ||
         (text.starts_with('R') && text.size() > 1 &&
          text.find_first_not_of("0123456789", 1) == std::string::npos);
}

/// `R12, rule:x: what it is for` begins with the ids.
std::vector<std::string> ids_of(const std::string& why) {
  std::vector<std::string> ids;
  std::istringstream parts(why.substr(0, why.find(": ")));
  for (std::string part; std::getline(parts, part, ',');) {
    part.erase(0, part.find_first_not_of(' '));
    if (is_id(part)) ids.push_back(part);
  }
  return ids;
}

TemplateResource resource_of(const checker::Stack& stack, const checker::Resource& resource) {
  const checker::Value& context = resource.body.at("Metadata").at("com.aws.cloudformation.Context");
  TemplateResource result;
  result.name = stack_name(stack) + "/" + std::string(resource.id);
  result.type = resource.type;
  result.because = ids_of(context.at("why").text);
  const std::string& cite = context.at("trust").at("cite").text;
  const std::size_t place = cite.find('#');
  if (place != std::string::npos) result.component = cite.substr(place + 1);
  return result;
}

/// One `TYPE PATH VALUE` of a proof, over all resources of the type.
struct PropertyResult {
  std::size_t resources = 0;
  std::string broken;  ///< the first that has it not
};

PropertyResult look_at(const checker::StackSet& set, const std::string& wanted) {
  std::istringstream words(wanted);
  std::string type;
  std::string path;
  std::string value;
  words >> type >> path >> value;
  PropertyResult result;
  for (const checker::Resource* resource : set.of_type(type)) {
    if (!resource->present) continue;
    ++result.resources;
    const checker::Value* at = &resource->properties();
    std::istringstream steps(path);
    for (std::string step; std::getline(steps, step, '.');) at = &at->at(step);
    const bool holds = value == "*" ? at->given() : at->is(value);
    if (!holds && result.broken.empty()) {
      result.broken = std::string(resource->id) + " has not " + path +
                      (value == "*" ? "" : " " + value);
    }
  }
  return result;
}

std::string verdict_of(const CheckConfig& check, const checker::StackSet& set,
                       const sim::Diagnostics& findings) {
  if (check.rules.empty() && check.properties.empty()) {
    return "by other tools, not by shopsim: see how";
  }
  std::string rules;
  for (const std::string& rule : check.rules) {
    rules += (rules.empty() ? "" : ", ") + rule;
    for (const sim::Diagnostic& finding : findings.all()) {
      if (finding.code == rule) return "broken: " + finding.message + " [" + rule + "]";
    }
  }
  std::size_t resources = 0;
  for (const std::string& property : check.properties) {
    const PropertyResult result = look_at(set, property);
    if (!result.broken.empty()) return "broken: " + result.broken;
    resources += result.resources;
  }
  if (!check.properties.empty() && resources == 0) return "broken: no resource it speaks of";
  std::string text = "holds:";
  if (!rules.empty()) text += " nothing found by " + rules;
  if (resources > 0) {
    text += rules.empty() ? " " : "; ";
    text += std::to_string(resources) + " properties as they must be";
  }
  return text;
}

}  // namespace

std::optional<TemplateEvidence> read_evidence(const std::string& folder,
                                              const requirements::Rules& rules,
                                              sim::Diagnostics& diagnostics) {
  if (!checker::holds_templates(folder)) {
    diagnostics.error("no-templates", {folder, 0, 0}, "there are no templates here",
                      "give the folder that `shopsim generate` wrote");
    return std::nullopt;
  }
  sim::Diagnostics findings;
  checker::check_templates(folder, findings);
  const auto set = checker::read_stacks(folder, diagnostics);
  if (!set) return std::nullopt;
  TemplateEvidence evidence;
  evidence.folder = folder;
  for (const checker::Stack& stack : set->stacks()) {
    for (const checker::Resource& resource : stack.resources) {
      evidence.resources.push_back(resource_of(stack, resource));
    }
  }
  for (const CheckConfig& check : rules.checks) {
    if (check.kind == "proof") evidence.verdicts[check.id] = verdict_of(check, *set, findings);
  }
  return evidence;
}

}  // namespace shopsim::cli
