#pragma once
/// Why is each resource there, and does it do what was asked? Requirement or promise -> component
/// -> resource -> check -> result, both ways, over the emitted templates.
#include <string>
#include <vector>

#include "generator/check_templates.hpp"
#include "generator/deployment.hpp"
#include "generator/stack.hpp"

namespace shopsim::generator {

/// What our own checker says of the emitted templates.
struct SelfCheck {
  checker::ReadSet read;
  checker::CheckSummary summary;
  sim::Diagnostics findings;
};
/// Reads the YAML templates among the files back and applies every rule; the
/// script and the files of parameters count as well.
SelfCheck check_own(const std::vector<DeploymentFile>& files);

/// One step from a requirement to a result.
struct TraceRow {
  std::string requirement;  ///< id, promise, or `baseline`
  std::string component;    ///< place in the platform file or the scenario
  std::string stack;
  std::string resource;     ///< logical id; empty: the platform as a whole
  std::string type;
  std::string reason;
  std::string check;
  std::string result;       ///< begins with `passed`, `failed`, `met`, `missed`, ...
};

/// Promises first, then every resource in the order of the templates.
std::vector<TraceRow> trace_rows(const Design& design, const std::vector<Stack>& stacks,
                                 const SelfCheck& check);

std::string trace_csv(const std::vector<TraceRow>& rows);
std::string trace_page(const Design& design, const std::vector<TraceRow>& rows);

/// What the platform file says of one property of one resource.
struct ValueCheck {
  std::string component;  ///< `database.storage`
  std::string stack;
  std::string resource;
  std::string property;   ///< dotted, with indices: `Rules.0.Priority`
  std::string expected;   ///< as the checker reads the emitted value
};
std::vector<ValueCheck> value_checks(const models::Platform& platform);

/// `AllocatedStorage is 500` and whether it is, in the emitted templates.
struct ValueResult {
  bool holds = false;
  std::string found;
};
ValueResult evaluate(const ValueCheck& check, const checker::StackSet& set);

}  // namespace shopsim::generator
