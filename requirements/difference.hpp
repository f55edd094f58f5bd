#pragma once
/// What a changed requirement changes: sentences, components and settings.
#include <string>
#include <vector>

#include "requirements/derive.hpp"

namespace shopsim::requirements {

struct ChangedSentence {
  bool added = false;  ///< else removed
  Clause clause;
  Status status = Status::no_demand;
};

/// A value, or a whole list item, that is not the same in both.
struct ChangedValue {
  std::string path;    ///< of the scenario: begins with `scenario.`
  std::string before;  ///< empty: was not there
  std::string after;   ///< empty: is no longer there
  std::string reason;  ///< requirements and rules behind the new value, or else behind the old
};

struct Difference {
  std::vector<ChangedSentence> sentences;
  std::vector<ChangedValue> values;
};

/// Sentences are the same when their words are; order, lines and ids do not matter.
[[nodiscard]] Difference compare(const Derivation& before, const Derivation& after);

/// The difference as lines for people.
[[nodiscard]] std::string to_text(const Difference& difference);

}  // namespace shopsim::requirements
