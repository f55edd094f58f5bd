#pragma once
/// How to break the templates that are generated of the shipped platform so that one rule fires.
#include <ostream>
#include <span>
#include <string>
#include <vector>

/// What is at `path` becomes `value` (JSON); without a value it is taken out. A path that begins
/// with a slash is a JSON pointer into the stack's template, `stack:` before it names another
/// stack; else it is a logical id and a path below its Properties. Of a file that is no template,
/// `path` is a text that becomes `value`.
struct Edit {
  std::string path;
  std::string value;
};

struct GeneratedMutation {
  std::string rule;
  std::string stack;  ///< or the name of a file beside the templates
  std::vector<Edit> edits;
};

inline void PrintTo(const GeneratedMutation& mutation, std::ostream* out) {
  *out << mutation.rule << " in " << mutation.stack;
}

// One list for each file of mutations.
std::span<const GeneratedMutation> generated_policy_mutations();
std::span<const GeneratedMutation> generated_service_mutations();
