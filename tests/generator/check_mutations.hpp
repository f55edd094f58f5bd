#pragma once
/// How to break the good shop in fixtures/shop so that one rule fires: one row for each way.
#include <ostream>
#include <span>
#include <string_view>

/// `from` occurs once in `file` and becomes `to`; then the rule reports a line of `file` (or of
/// `at_file`) that holds `at`.
struct Mutation {
  std::string_view rule;
  std::string_view file;
  std::string_view from;
  std::string_view to;
  std::string_view at;
  std::string_view at_file = {};
};

inline void PrintTo(const Mutation& mutation, std::ostream* out) {
  *out << mutation.rule << " by `" << mutation.to.substr(0, 60) << "`";
}

// One list for each file of mutations.
std::span<const Mutation> template_mutations();
std::span<const Mutation> policy_mutations();
std::span<const Mutation> service_mutations();
std::span<const Mutation> network_mutations();
