#pragma once
/// What is the cheapest change that removes a metastable failure? A short list of changes is tried,
/// each on the same customers: those of settings, which cost nothing, and more servers. A remedy
/// removes the failure when no replication shows it any more. What follows the traffic is left out
/// of its price: a shop that answers again pays for its answers.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/metastability.hpp"
#include "models/load.hpp"

namespace shopsim::analysis {

/// One change to the files, as `--set` takes it.
struct Remedy {
  std::string words;              ///< "a retry budget of 10 %"
  std::vector<std::string> sets;  ///< `path=value` each
};

/// What a run with some changes showed.
struct RemedyOutcome {
  std::size_t found_in = 0;     ///< replications that still show the failure
  std::size_t replications = 0;
  double orders_lost = 0;       ///< mean
  double standing_dollars = 0;  ///< mean of a month: servers, and what costs without traffic
};

struct TriedRemedy {
  Remedy remedy;
  RemedyOutcome outcome;
  [[nodiscard]] bool removes_it() const { return outcome.found_in == 0; }
};

struct Remedies {
  RemedyOutcome unchanged;
  std::vector<TriedRemedy> tried;     ///< in the order of the list
  std::optional<std::size_t> cheapest;  ///< index into `tried`; empty: none removes it
  bool interrupted = false;
};

/// The changes worth trying on this platform and scenario: those that are not in place already.
std::vector<Remedy> remedies_for(const models::Platform& platform,
                                 const models::Scenario& scenario);

/// Runs the scenario with these sets; empty when interrupted.
using RemedyTrial = std::function<std::optional<RemedyOutcome>(const std::vector<std::string>&)>;

/// Tries the list. The cheapest is the one with the least standing cost of a month, to the dollar;
/// of equally cheap ones the one that loses fewest orders, then the first.
Remedies try_remedies(const std::vector<Remedy>& list, const RemedyTrial& trial);

}  // namespace shopsim::analysis
