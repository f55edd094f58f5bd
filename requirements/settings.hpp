#pragma once
/// From facts to files: the platform and the scenario, every setting with its reason.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "requirements/facts.hpp"

namespace shopsim::requirements {

/// One value that a fact or a computation put into a file.
struct Setting {
  std::string path;    ///< as the rules name it; of the scenario: begins with `scenario.`
  std::string value;
  std::string fact;    ///< the fact behind it
  std::string rule;    ///< of a computed or implied one: the rule's id
  std::string why;
  std::vector<std::size_t> clauses;
};

struct Built {
  std::string platform;  ///< YAML
  std::string scenario;
  std::vector<Setting> settings;
  std::map<std::string, std::vector<std::string>, std::less<>> because;  ///< by section or item
};

struct BuildInput {
  const FactBase& facts;
  const std::vector<Understanding>& sentences;
  const Rules& rules;
  std::string documents;      ///< names of the documents, for the head of the files
  std::string platform_file;  ///< as the scenario names it
};

/// No value, and findings, if the facts ask for something the platform cannot be.
std::optional<Built> build(const BuildInput& input, sim::Diagnostics& diagnostics);

}  // namespace shopsim::requirements
