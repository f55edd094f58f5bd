// TRACE.md and trace.csv.
#include "generator/trace.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "generator/text_cells.hpp"

namespace shopsim::generator {

namespace {

constexpr std::size_t kShownRules = 4;
constexpr const char* kBaseline = "baseline";

/// Findings by `stack/Resource`.
using Findings = std::map<std::string, std::vector<const sim::Diagnostic*>>;

std::string stack_of_file(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  return name.substr(0, name.find('.'));
}

/// The resource a finding's line belongs to: the last one that begins before it.
Findings findings_by_resource(const SelfCheck& check) {
  Findings result;
  for (const sim::Diagnostic& finding : check.findings.all()) {
    for (const checker::Stack& stack : check.read.set.stacks()) {
      if (stack.document.file != finding.place.file) continue;
      const checker::Resource* owner = nullptr;
      for (const checker::Resource& resource : stack.resources) {
        if (resource.key->span.line <= finding.place.line) owner = &resource;
      }
      if (owner == nullptr) continue;
      result[stack_of_file(stack.document.file) + '/' + std::string(owner->id)].push_back(&finding);
    }
  }
  return result;
}

std::string rules_text(const SelfCheck& check, const std::string& type) {
  const auto rules = check.summary.rules_of_type.find(type);
  if (rules == check.summary.rules_of_type.end()) {
    return "rules about every resource";
  }
  const std::size_t count = rules->second.size();
  std::string text = std::to_string(count) + (count == 1 ? " rule (" : " rules (");
  std::size_t shown = 0;
  for (const std::string_view id : rules->second) {
    if (shown == kShownRules) {
      text += ", ...";
      break;
    }
    text += (shown++ == 0 ? "" : ", ") + std::string(id);
  }
  return text + ')';
}

/// Appends one row for each requirement the resource follows from.
void add_rows(std::vector<TraceRow>& rows, const std::vector<std::string>& requirements,
              const TraceRow& row) {
  const std::vector<std::string> none = {kBaseline};
  for (const std::string& id : requirements.empty() ? none : requirements) {
    rows.push_back(row);
    rows.back().requirement = id;
  }
}

std::vector<std::string> requirements_of(const models::SloConfig& promise) {
  std::vector<std::string> result;
  for (const std::string& id : promise.because) result.push_back(id + ": promise " + promise.name);
  if (result.empty()) result.push_back("promise " + promise.name);
  return result;
}

void add_promise(std::vector<TraceRow>& rows, const Design& design,
                 const models::SloConfig& promise, const std::vector<Stack>& stacks) {
  TraceRow row{.component = "the whole platform",
               .reason = "a promise of the scenario",
               .check = "simulation",
               .result = "not simulated"};
  bool simulated = false;
  if (design.simulated) {
    for (const SimulatedRun& run : design.simulated->runs) {
      for (const SimulatedVerdict& verdict : run.verdicts) {
        if (verdict.slo != promise.name) continue;
        simulated = true;
        row.check = "simulation of " + run.scenario + " (" + run.source() + ')';
        row.result = verdict.verdict + ": " + verdict.estimate;
        add_rows(rows, requirements_of(promise), row);
      }
    }
  }
  if (!simulated) add_rows(rows, requirements_of(promise), row);
  for (const Stack& stack : stacks) {
    for (const Resource& resource : stack.resources) {
      if (resource.source != "slos." + promise.name) continue;
      add_rows(rows, requirements_of(promise),
               {.component = resource.source, .stack = stack.name, .resource = resource.id,
                .type = resource.type, .reason = "watches the promise",
                .check = "replayed on simulated runs",
                .result = design.simulated ? "see ALARMS.md" : "not simulated"});
    }
  }
}

/// The requirements of the platform's section that a place such as `keys.rotation` lies in.
std::vector<std::string> requirements_of_section(const models::Platform& platform,
                                                 std::string_view source) {
  const std::pair<std::string_view, const models::Because*> sections[] = {
      {"network", &platform.network.because},
      {"dns", &platform.dns.because},
      {"certificates", &platform.certificates.because},
      {"cdn", &platform.cdn.because},
      {"waf", &platform.waf.because},
      {"balancer", &platform.balancer.because},
      {"web", &platform.web.because},
      {"cache", &platform.cache.because},
      {"database", &platform.database.because},
      {"object_storage", &platform.object_storage.because},
      {"shared_files", &platform.shared_files.because},
      {"keys", &platform.keys.because},
      {"secrets", &platform.secrets.because},
      {"monitoring", &platform.monitoring.because},
      {"notifications", &platform.notifications.because},
      {"security", &platform.security.because},
      {"tracing", &platform.tracing.because},
      {"audit", &platform.audit.because},
      {"backup", &platform.backup.because},
      {"budget", &platform.budget.because}};
  const std::string_view section = source.substr(0, source.find_first_of(".["));
  for (const auto& [name, because] : sections) {
    if (name == section) return *because;
  }
  return {};
}

void add_resource(std::vector<TraceRow>& rows, const models::Platform& platform,
                  const Stack& stack, const Resource& resource,
                  const std::vector<ValueCheck>& values, const SelfCheck& check,
                  const Findings& findings) {
  TraceRow row{.component = resource.source, .stack = stack.name, .resource = resource.id,
               .type = resource.type, .reason = resource.why,
               .check = rules_text(check, resource.type), .result = "passed"};
  const auto found = findings.find(stack.name + '/' + resource.id);
  if (found != findings.end()) {
    row.result = "failed:";
    for (const sim::Diagnostic* one : found->second) {
      row.result += ' ' + one->code + " (" + one->message + ')';
    }
  }
  // A key or a role serves its section, and with it whatever asks for the section.
  const std::vector<std::string> requirements =
      resource.requirements.empty() ? requirements_of_section(platform, resource.source)
                                    : resource.requirements;
  add_rows(rows, requirements, row);
  for (const ValueCheck& value : values) {
    if (value.stack != stack.name || value.resource != resource.id) continue;
    const ValueResult result = evaluate(value, check.read.set);
    row.component = value.component;
    row.check = value.property + " is " + value.expected;
    row.result = result.holds ? "passed" : "failed: it is " + result.found;
    add_rows(rows, requirements, row);
  }
}

std::string resource_cell(const TraceRow& row) {
  return row.resource.empty() ? "-" : row.stack + '/' + row.resource;
}

void section(std::string& page, const std::string& title, const std::vector<TraceRow>& rows) {
  page += "\n### " + page_cell(title) +
          "\n\n| component | resource | reason | check | result |\n|---|---|---|---|---|\n";
  for (const TraceRow& row : rows) {
    page += "| " + page_cell(row.component) + " | " + resource_cell(row) + " | " +
            page_cell(row.reason) + " | " + page_cell(row.check) + " | " + page_cell(row.result) +
            " |\n";
  }
}

/// Every resource with its cause: nothing is there without one.
std::string reverse_table(const std::vector<TraceRow>& rows) {
  struct Cause {
    std::string component;
    std::set<std::string> requirements;
    std::string worst = "passed";
  };
  std::vector<std::string> order;
  std::map<std::string, Cause> causes;
  for (const TraceRow& row : rows) {
    if (row.resource.empty() || row.reason == "watches the promise") continue;
    const std::string id = resource_cell(row);
    if (!causes.contains(id)) order.push_back(id);
    Cause& cause = causes[id];
    if (cause.component.empty()) cause.component = row.component;
    cause.requirements.insert(row.requirement);
    if (row.result.starts_with("failed")) cause.worst = row.result;
  }
  std::string page =
      "\n## From each resource back\n\n| resource | component | because of | result |\n"
      "|---|---|---|---|\n";
  for (const std::string& id : order) {
    const Cause& cause = causes.at(id);
    std::string because;
    for (const std::string& requirement : cause.requirements) {
      because += (because.empty() ? "" : ", ") + requirement;
    }
    page += "| " + id + " | " + page_cell(cause.component) + " | " + page_cell(because) + " | " +
            page_cell(cause.worst) + " |\n";
  }
  return page;
}

}  // namespace

SelfCheck check_own(const std::vector<DeploymentFile>& files) {
  SelfCheck check;
  std::vector<checker::NamedText> texts;
  for (const DeploymentFile& file : files) {
    const bool is_read = file.path.ends_with(".template.yaml") || file.path.ends_with(".sh") ||
                         file.path.starts_with("parameters.");
    if (is_read) texts.push_back({file.path, file.content});
  }
  auto read = checker::join_texts(texts, check.findings);
  if (!read) return check;  // a bug of ours; the findings say where
  check.read = std::move(*read);
  check.summary = checker::check_set(check.read, check.findings);
  return check;
}

std::vector<TraceRow> trace_rows(const Design& design, const std::vector<Stack>& stacks,
                                 const SelfCheck& check) {
  std::vector<TraceRow> rows;
  for (const models::SloConfig& slo : design.slos) add_promise(rows, design, slo, stacks);
  const std::vector<ValueCheck> values = value_checks(design.platform);
  const Findings findings = findings_by_resource(check);
  for (const Stack& stack : stacks) {
    for (const Resource& resource : stack.resources) {
      add_resource(rows, design.platform, stack, resource, values, check, findings);
    }
  }
  return rows;
}

std::string trace_csv(const std::vector<TraceRow>& rows) {
  std::string csv = "requirement,component,stack,resource,type,reason,check,result\n";
  for (const TraceRow& row : rows) {
    const std::string cells[] = {row.requirement, row.component, row.stack, row.resource,
                                 row.type, row.reason, row.check, row.result};
    std::string line;
    for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
    csv += line + '\n';
  }
  return csv;
}

std::string trace_page(const Design& design, const std::vector<TraceRow>& rows) {
  std::map<std::string, std::vector<TraceRow>> by_requirement;
  std::size_t stated = 0;
  std::size_t failed = 0;
  for (const TraceRow& row : rows) {
    stated += row.requirement != kBaseline ? 1U : 0U;
    failed += row.result.starts_with("failed") || row.result.starts_with("missed") ? 1U : 0U;
    by_requirement[row.requirement].push_back(row);
  }
  std::string page =
      "# Trace\n\nWhy each resource is there: requirement or promise, component of `" +
      design.platform_file + "`, resource, check,\nresult. A resource without a requirement of its "
      "own stands with those of its section.\n`baseline` marks what no requirement asks for but a "
      "careful platform has. " + std::to_string(stated) + " of " +
      std::to_string(rows.size()) + " rows\nfollow from a stated requirement or promise; " +
      std::to_string(failed) + " failed or were missed. The same as a table: `trace.csv`.\n\n"
      "Rules are those of `shopsim check`, applied to these templates when they were written; the "
      "same call\non this folder does it again. Nothing was deployed.\n"
      "\n## From each requirement and promise\n";
  for (const auto& [requirement, list] : by_requirement) {
    if (requirement != kBaseline) section(page, requirement, list);
  }
  if (by_requirement.contains(kBaseline)) section(page, kBaseline, by_requirement.at(kBaseline));
  return page + reverse_table(rows);
}

}  // namespace shopsim::generator
