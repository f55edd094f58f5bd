#include "cli/derive_diff.hpp"

#include <cstdio>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "analysis/bill.hpp"
#include "cli/verbs.hpp"
#include "models/catalogue.hpp"
#include "models/run.hpp"
#include "requirements/derive.hpp"
#include "requirements/difference.hpp"
#include "sim/config_reader.hpp"
#include "sim/document.hpp"

namespace shopsim::cli {
namespace {

std::optional<requirements::Derivation> derive_file(const std::string& file,
                                                    const requirements::Rules& rules,
                                                    sim::Diagnostics& diagnostics) {
  auto source = requirements::read_source(file, diagnostics);
  if (!source) return std::nullopt;
  sim::Diagnostics own;
  auto derivation = requirements::derive({std::move(*source)}, rules, {}, own);
  for (const sim::Diagnostic& finding : own.all()) diagnostics.add(finding);
  return derivation;
}

/// Nobody looks at the periods; the bill needs the totals only.
class NoPeriods final : public models::PeriodSink {
 public:
  void close_period(const models::PeriodRecord&) override {}
};

/// A normal day of the derived scenario, without faults and sale: the days a month is made of.
std::optional<analysis::Bill> normal_day(const requirements::Derivation& derivation,
                                         sim::Diagnostics& diagnostics) {
  const auto platform_document =
      sim::parse_document(derivation.built.platform, "derived platform", diagnostics);
  const auto scenario_document =
      sim::parse_document(derivation.built.scenario, "derived scenario", diagnostics);
  if (!platform_document || !scenario_document) return std::nullopt;
  models::Platform platform;
  models::Scenario scenario;
  sim::read_fields(*platform_document, platform_document->root, platform, diagnostics);
  sim::read_fields(*scenario_document, scenario_document->root, scenario, diagnostics);
  scenario.traffic.growth = 1;
  scenario.traffic.spikes.clear();
  scenario.faults.clear();
  scenario.slos.clear();
  const auto catalogue = models::load_catalogue(platform.region, {"derived platform", 0, 0}, {},
                                                diagnostics);
  if (!catalogue || diagnostics.has_errors()) return std::nullopt;
  const auto plan = models::compile({platform, scenario, *catalogue}, diagnostics);
  if (!plan) return std::nullopt;
  NoPeriods sink;
  const models::RunSummary summary = models::run_plan(*plan, 1, 0, sink);
  return analysis::make_bill(platform, *catalogue, summary.usage);
}

std::string dollars(double amount) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", amount);
  return text;
}

std::map<std::string, double> by_service(const analysis::Bill& bill) {
  std::map<std::string, double> sums;
  for (const analysis::BillItem& item : bill.items) {
    sums[item.service] += item.month ? item.month->dollars() : 0;
  }
  return sums;
}

void print_bills(const analysis::Bill& before, const analysis::Bill& after) {
  std::cout << "bill of a month of normal days, USD (one simulated day each, known prices only)\n";
  const auto olds = by_service(before);
  const auto news = by_service(after);
  std::set<std::string> services;
  for (const auto& each : olds) services.insert(each.first);
  for (const auto& each : news) services.insert(each.first);
  const auto line = [](std::string name, double was, double is) {
    if (dollars(was) == dollars(is)) return;
    name.resize(24, ' ');
    const double change = is - was;
    std::cout << "  " << name << dollars(was) << " -> " << dollars(is) << "  ("
              << (change > 0 ? "+" : "") << dollars(change) << ")\n";
  };
  for (const std::string& service : services) {
    const auto was = olds.find(service);
    const auto is = news.find(service);
    line(service, was == olds.end() ? 0 : was->second, is == news.end() ? 0 : is->second);
  }
  const double was = before.month.dollars();
  const double is = after.month.dollars();
  if (dollars(was) == dollars(is)) std::cout << "  unchanged: " << dollars(was) << '\n';
  else line("total", was, is);
  std::set<std::string> unknown(after.unknown.begin(), after.unknown.end());
  for (const std::string& item : before.unknown) unknown.erase(item);
  for (const std::string& item : unknown) {
    std::cout << "  new, without a known price: " << item << '\n';
  }
}

}  // namespace

int derive_diff(const std::string& before, const std::string& after) {
  sim::Diagnostics diagnostics;
  const auto rules = requirements::built_in_rules(diagnostics);
  if (!rules) return report_findings(diagnostics);
  const auto old_shop = derive_file(before, *rules, diagnostics);
  const auto new_shop = derive_file(after, *rules, diagnostics);
  if (!old_shop || !new_shop) return report_findings(diagnostics);
  std::cout << requirements::to_text(requirements::compare(*old_shop, *new_shop));
  std::cout.flush();
  const auto old_bill = normal_day(*old_shop, diagnostics);
  const auto new_bill = normal_day(*new_shop, diagnostics);
  if (old_bill && new_bill) print_bills(*old_bill, *new_bill);
  return diagnostics.has_errors() ? report_findings(diagnostics) : kMet;
}

}  // namespace shopsim::cli
