// TRACE.md and trace.csv: requirement or promise -> component -> resources -> check -> result.
#include <algorithm>
#include <map>

#include "generator/deploy_files.hpp"

namespace shopsim::generator {

namespace {

struct TraceRow {
  std::string requirement;  ///< id, promise, or `baseline`
  std::string component;    ///< place in the platform file
  std::string stack;
  std::string resource;
  std::string type;
  std::string reason;
  std::string check;
  std::string result;
};

std::string csv_cell(const std::string& text) {
  // A cell that begins like a formula is text to a spreadsheet, not a command.
  std::string safe = text;
  if (!safe.empty() && std::string_view("=+-@\t\r").find(safe[0]) != std::string_view::npos) {
    safe.insert(safe.begin(), '\'');
  }
  if (safe.find_first_of(",\"\n\r") == std::string::npos) return safe;
  std::string result = "\"";
  for (const char c : safe) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::string page_cell(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '`' || c == '*' || c == '_' || c == '[') result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

/// What shows that the resource is as it should be: what can be checked without an account.
const char* check_of(const std::string& type) {
  if (type == "AWS::CloudWatch::Alarm") return "metric, dimensions and statistic exist";
  return "schema, lint, policy packs";
}

std::vector<TraceRow> rows(const Design& design, const std::vector<Stack>& stacks) {
  std::vector<TraceRow> result;
  for (const models::SloConfig& slo : design.slos) {
    TraceRow row{"promise " + slo.name, "slos", "observability", "", "",
                 "a promise of the scenario", "simulation", "not simulated"};
    if (design.simulated) {
      for (const SimulatedVerdict& verdict : design.simulated->verdicts) {
        if (verdict.slo == slo.name) {
          row.result = verdict.verdict + ": " + verdict.estimate + " (" +
                       design.simulated->source + ')';
        }
      }
    }
    for (const std::string& id : slo.because) row.requirement = id + ": promise " + slo.name;
    result.push_back(std::move(row));
  }
  for (const Stack& stack : stacks) {
    for (const Resource& resource : stack.resources) {
      const std::vector<std::string> none = {"baseline"};
      for (const std::string& id :
           resource.requirements.empty() ? none : resource.requirements) {
        result.push_back({id, resource.source, stack.name, resource.id, resource.type,
                          resource.why, check_of(resource.type),
                          "run `shopsim check` on the folder"});
      }
    }
  }
  return result;
}

}  // namespace

std::string trace_csv(const Design& design, const std::vector<Stack>& stacks) {
  std::string csv = "requirement,component,stack,resource,type,reason,check,result\n";
  for (const TraceRow& row : rows(design, stacks)) {
    const std::string cells[] = {row.requirement, row.component, row.stack, row.resource,
                                 row.type, row.reason, row.check, row.result};
    std::string line;
    for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
    csv += line + '\n';
  }
  return csv;
}

std::string trace_page(const Design& design, const std::vector<Stack>& stacks) {
  std::map<std::string, std::vector<TraceRow>> by_requirement;
  std::size_t stated = 0;
  std::size_t all = 0;
  for (TraceRow& row : rows(design, stacks)) {
    stated += row.requirement != "baseline" ? 1U : 0U;
    ++all;
    by_requirement[row.requirement].push_back(std::move(row));
  }
  std::string page =
      "# Trace\n\nWhy each resource is there: requirement or promise, component of `" +
      design.platform_file + "`, resource, check,\nresult. `baseline` marks what no requirement "
      "asks for but a careful platform has. " + std::to_string(stated) + " of " +
      std::to_string(all) + " rows\nfollow from a stated requirement or promise. The same as a "
                            "table: "
      "`trace.csv`.\n";
  for (const auto& [requirement, list] : by_requirement) {
    page += "\n## " + page_cell(requirement) +
            "\n\n| component | resource | reason | check | result |\n|---|---|---|---|---|\n";
    for (const TraceRow& row : list) {
      page += "| " + page_cell(row.component) + " | " +
              (row.resource.empty() ? row.stack : row.stack + '/' + row.resource) + " | " +
              page_cell(row.reason) + " | " + row.check + " | " + page_cell(row.result) + " |\n";
    }
  }
  return page;
}

}  // namespace shopsim::generator
