#pragma once
/// Fuzzed: CloudFormation templates, scripts and files of parameters.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_templates.hpp"
#include "sim/check.hpp"

namespace shopsim::fuzz {

/// The text as a template, YAML and JSON, with itself as a script beside it: findings, whatever
/// they are, stand in the files that were given.
inline void templates(std::string_view input) {
  for (const std::string name : {"stack.yaml", "stack.json"}) {
    sim::Diagnostics diagnostics;
    const std::string text(input);
    const std::vector<generator::checker::NamedText> texts{{name, text}, {"deploy.sh", text}};
    const auto summary = generator::checker::check_texts(texts, diagnostics);
    SHOPSIM_CHECK(summary.templates <= 1, "more templates than files");
    for (const sim::Diagnostic& finding : diagnostics.all()) {
      const bool given = std::any_of(texts.begin(), texts.end(), [&finding](const auto& text_file) {
        return text_file.file == finding.place.file;
      });
      SHOPSIM_CHECK(given, "a finding in ", finding.place.file);
    }
    static_cast<void>(sim::to_text(diagnostics));
  }
}

}  // namespace shopsim::fuzz
