#pragma once
/// What is one deployability rule, and what may it look at?
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_dependencies.hpp"
#include "generator/check_network.hpp"
#include "generator/check_stacks.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator::checker {

/// A script found beside the templates, e.g. deploy.sh.
struct Script {
  std::string file;
  std::string text;
};

/// All that rules read.
struct Checked {
  const StackSet& set;
  const Dependencies& dependencies;
  const Network& network;
  std::span<const Script> scripts;
  std::span<const sim::Document* const> parameter_files;
};

class Report;

/// One entry of the list of rules; the page of rules is made of these texts.
struct Rule {
  std::string_view id;      ///< stable and greppable; the finding's code
  std::string_view title;   ///< what must hold, as a sentence
  std::string_view reason;  ///< what happens otherwise
  std::string_view source;  ///< an address, or the name of a public issue
  std::string_view fix;     ///< what to change; the finding's hint
  sim::Severity severity = sim::Severity::error;
  void (*check)(const Checked&, Report&) = nullptr;
};

/// Where a rule puts its findings; adds the rule's id, severity and fix.
class Report {
 public:
  Report(const StackSet& set, sim::Diagnostics& diagnostics)
      : set_(set), diagnostics_(diagnostics) {}
  void begin(const Rule& rule) { rule_ = &rule; }

  /// At a value; at the resource where the value is absent.
  void add(const Resource& resource, const Value& value, const std::string& message);
  /// At the resource's logical id.
  void add(const Resource& resource, const std::string& message);
  /// Anywhere else.
  void add(sim::Place place, std::string message);

 private:
  const StackSet& set_;
  sim::Diagnostics& diagnostics_;
  const Rule* rule_ = nullptr;
};

/// Every rule, in the order of the page of rules: topic by topic.
struct RuleTopic {
  std::string_view title;
  std::span<const Rule> rules;
};
std::span<const RuleTopic> rule_topics();

// One list for each file of rules.
std::span<const Rule> limit_rules();
std::span<const Rule> reference_rules();
std::span<const Rule> parameter_rules();
std::span<const Rule> nesting_rules();
std::span<const Rule> key_rules();
std::span<const Rule> log_delivery_rules();
std::span<const Rule> log_group_rules();
std::span<const Rule> notification_rules();
std::span<const Rule> identity_rules();
std::span<const Rule> edge_rules();
std::span<const Rule> alarm_rules();
std::span<const Rule> dashboard_rules();
std::span<const Rule> order_rules();
std::span<const Rule> compute_rules();
std::span<const Rule> network_rules();
std::span<const Rule> database_rules();
std::span<const Rule> storage_rules();
std::span<const Rule> account_rules();
std::span<const Rule> proof_rules();

}  // namespace shopsim::generator::checker
