#pragma once
/// From requirements documents to a platform, a scenario and a trace. Pure: texts in, texts out.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "requirements/facts.hpp"
#include "requirements/settings.hpp"
#include "requirements/source_text.hpp"

namespace shopsim::requirements {

/// How many sentences of each kind.
struct Coverage {
  std::size_t sentences = 0;
  std::size_t demanding = 0;       ///< understood + partly + not understood + conditional
  std::size_t understood = 0;
  std::size_t partly = 0;
  std::size_t not_understood = 0;
  std::size_t conditional = 0;
  std::size_t wishes = 0;
  std::size_t questions = 0;
  std::size_t without_demand = 0;  ///< background and prose
};

/// A question to the customer.
struct OpenQuestion {
  std::string id;
  std::string text;
  std::string place;  ///< requirement and line; empty: about what is missing
};

struct Derivation {
  std::vector<Understanding> sentences;
  FactBase facts;
  Built built;
  Coverage coverage;
  std::vector<OpenQuestion> questions;
  std::string trace;  ///< Markdown
};

/// A resource of the emitted templates and what is known of why it is there.
struct TemplateResource {
  std::string name;       ///< `data/Database`: stack and logical id
  std::string type;
  std::string component;  ///< place in the platform file: `keys.rotation`
  std::vector<std::string> because;  ///< requirements and rules that the template names
};

/// What was found on the templates of `shopsim generate`.
struct TemplateEvidence {
  std::string folder;
  std::vector<TemplateResource> resources;
  std::map<std::string, std::string> verdicts;  ///< by proof: `holds: ...`, `broken: ...`
};

struct DeriveOptions {
  std::string platform_file = "shop.yaml";      ///< as the scenario names it
  std::string scenario_file = "from_requirements.yaml";  ///< for the commands in the trace
  /// Of a run of the scenario, by promise: `met`, `missed`, `undecided`. Empty: not run yet.
  std::map<std::string, std::string> verdicts = {};
  std::optional<TemplateEvidence> templates = {};  ///< none: not generated yet
};

/// The rules that are built into the program.
std::optional<Rules> built_in_rules(sim::Diagnostics& diagnostics);

/// No value if the documents contradict themselves, demand the impossible, or demand nothing that
/// is understood. The platform and the scenario have passed the checks of models/.
std::optional<Derivation> derive(const std::vector<SourceText>& sources, const Rules& rules,
                                 const DeriveOptions& options, sim::Diagnostics& diagnostics);

}  // namespace shopsim::requirements
