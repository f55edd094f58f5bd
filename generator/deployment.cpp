#include "generator/deployment.hpp"

#include <algorithm>
#include <string_view>

#include "generator/alarm_limits.hpp"
#include "generator/alarm_page.hpp"
#include "generator/cloudformation.hpp"
#include "generator/cost_sheet.hpp"
#include "generator/deploy_files.hpp"
#include "generator/diagram.hpp"
#include "generator/stacks.hpp"
#include "generator/trace.hpp"
#include "sim/quantity.hpp"

namespace shopsim::generator {

namespace {

bool is_domain(std::string_view domain) {
  std::size_t labels = 0;
  while (!domain.empty()) {
    const std::size_t dot = std::min(domain.find('.'), domain.size());
    const std::string_view label = domain.substr(0, dot);
    const bool plain = std::all_of(label.begin(), label.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (label.empty() || label.size() > 63 || !plain) return false;
    ++labels;
    domain.remove_prefix(std::min(dot + 1, domain.size()));
    if (domain.empty() && dot < label.size()) return false;
  }
  return labels >= 2;
}

bool is_time_of_day(const std::string& text) {
  return text.size() == 5 && sim::parse_clock_time(text).has_value();
}

bool is_version(std::string_view text) {
  return !text.empty() && text.front() >= '1' && text.front() <= '9' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace

void check_design(const Design& design, const sim::Places& places,
                  sim::Diagnostics& diagnostics) {
  const models::Platform& platform = design.platform;
  const auto error = [&](const char* path, const std::string& message, const char* hint) {
    diagnostics.error("no-template", places.place_of(path), message, hint);
  };
  if (!is_domain(platform.dns.domain)) {
    error("dns.domain", "no template can be made for the domain " + sim::shown(platform.dns.domain),
          "write a domain in lower case, such as shop.example.com");
  }
  if (!is_time_of_day(platform.backup.daily_at)) {
    error("backup.daily_at", sim::shown(platform.backup.daily_at) + " is no time of day",
          "write HH:MM, such as 05:00");
  }
  if (!is_version(platform.database.engine_version)) {
    error("database.engine_version",
          sim::shown(platform.database.engine_version) + " is no version of PostgreSQL",
          "write major.minor, such as 16.13");
  }
  if (platform.cache.enabled && !is_version(platform.cache.engine_version)) {
    error("cache.engine_version", sim::shown(platform.cache.engine_version) + " is no version",
          "write major.minor, such as 8.0");
  }
  if (platform.database.replicas.count > 0) {
    error("database.replicas.count", "no templates are made for read replicas",
          "write count: 0 and add the replicas to the templates by hand");
  }
  if (platform.database.cluster.enabled) {
    error("database.cluster.enabled", "no templates are made for Multi-AZ DB clusters",
          "write enabled: false, or write the cluster's template by hand");
  }
  if (platform.cdn.origin_failover.enabled) {
    error("cdn.origin_failover.enabled",
          "no template is made for a second bucket in another region and its replication",
          "write enabled: false and add the origin group to the templates by hand");
  }
  if (platform.network.zones.size() > 6) {
    error("network.zones", "templates are made for at most 6 zones", "take fewer zones");
  }
  if (platform.cache.enabled && platform.cache.authentication &&
      !platform.cache.encryption_in_transit) {
    error("cache.authentication", "the cache takes a token only with encryption in transit",
          "set cache.encryption_in_transit: true");
  }
}

Deployment make_deployment(const Design& design) {
  Deployment deployment;
  std::vector<DeploymentFile>& files = deployment.files;
  const TemplateOrigin origin{design.platform_file, "the owner of " + design.platform_file};
  const std::vector<Stack> stacks = all_stacks(design);
  for (const Stack& stack : stacks) {
    files.push_back({"templates/" + stack.name + ".template.yaml",
                     to_yaml_template(stack, origin)});
  }
  files.push_back({"deploy.sh", deploy_script(design, stacks), true});
  for (const char* environment : {"dev", "stage", "prod"}) {
    files.push_back({std::string("parameters.") + environment + ".json",
                     parameter_file(design, stacks, environment)});
  }
  const SelfCheck check = check_own(files);
  for (const Stack& stack : stacks) {
    files.push_back({"templates/json/" + stack.name + ".template.json",
                     to_json_template(stack, origin)});
  }
  const Diagram diagram = layout_diagram(design);
  const std::vector<AlarmLine> alarms = alarm_lines(design);
  const std::vector<TraceRow> trace = trace_rows(design, stacks, check);
  const std::vector<DeploymentFile> others = {
      {"README.md", deployment_guide(design, stacks)},
      {"RUNBOOK.md", runbook(design)},
      {"ALARMS.md", alarm_page(design, alarms)},
      {"alarms.csv", alarm_csv(design, alarms)},
      {"TRACE.md", trace_page(design, trace)},
      {"trace.csv", trace_csv(trace)},
      {"stack-policy.json", stack_policy()},
      {"database.sql", database_sql(design.platform.database)},
      {"cost.csv", cost_csv(design)},
      {"infracost-usage.yml", infracost_usage(design)},
      {"diagram.svg", to_svg(diagram)},
      {"diagram.drawio", to_drawio(diagram)},
      {"diagram.mmd", to_mermaid(diagram)},
  };
  files.insert(files.end(), others.begin(), others.end());
  std::sort(files.begin(), files.end(),
            [](const DeploymentFile& a, const DeploymentFile& b) { return a.path < b.path; });
  check_alarm_limits(design, deployment.findings);
  add_simulation_findings(design, alarms, deployment.findings);
  for (sim::Diagnostic finding : check.findings.all()) {
    if (finding.severity == sim::Severity::error) finding.severity = sim::Severity::warning;
    deployment.findings.add(std::move(finding));
  }
  return deployment;
}

}  // namespace shopsim::generator
