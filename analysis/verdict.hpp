#pragma once
/// Were the promises kept? Each promise's number over independent replications with its interval
/// against the limit: met when the whole interval keeps it, missed when none of it does, undecided
/// when the interval straddles the limit. With the first breach, the resource behind it and what to
/// try. All verdicts of a run are right together with 95 % probability
/// (docs/adr/003-uncertainty.md): the interval that decides is wider than the 95 % interval that is
/// shown.
///
/// Where files give numbers as laws to draw from, the question is another one: how likely is the
/// promise kept? Then the share of replications that keep it, with its exact interval, is compared
/// with the one that is asked for.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/promises.hpp"
#include "models/enum_names.hpp"

namespace shopsim::analysis {

enum class Verdict : std::uint8_t { met, missed, undecided };
SHOPSIM_ENUM_NAMES(Verdict, "met", "missed", "undecided")

/// The resource that was at its limit while a promise was broken.
struct Bottleneck {
  std::string resource;      ///< as in SaturationRecord: "web CPU", "database IOPS", ...
  double utilisation = 0;    ///< mean over the minutes it was seen in
  double queue_length = 0;   ///< mean number waiting in them
  double share = 0;          ///< of the minutes of the breach in which it was the one
  std::string advice;        ///< what to try, one sentence
};

/// What the verdicts take into account beside the numbers.
struct VerdictRule {
  bool may_look_again = false;  ///< the number of replications followed from their values
  bool is_drawn = false;        ///< replications draw values: the probability is judged
  double chance = 0.9;          ///< with which a promise must then be kept (as in `tune`)
};

/// The level of the interval that decides about one of `promises` promises: 1 - 0.05 / promises
/// (Bonferroni), and a third of that error when the run could look again.
double verdict_level(std::size_t promises, const VerdictRule& rule);

/// The drawn value that goes up and down with a promise's number most.
struct StrongestDraw {
  std::string key;
  double correlation = 0;  ///< of ranks; above 0: larger values make the promise's number worse
};

struct PromiseResult {
  models::SloConfig promise;
  Verdict verdict = Verdict::undecided;
  double limit = 0;
  Interval value;              ///< in the unit of PromiseValue::value
  std::vector<double> values;  ///< [replication]
  std::size_t broken_in = 0;   ///< replications whose own number is beyond the limit
  std::vector<std::optional<sim::Time>> breaches;  ///< [replication]: begin of its first breach
  std::optional<sim::Time> first_breach;  ///< the earliest of all replications
  sim::Time worst;             ///< begin of the worst window of all replications
  bool is_lower_bound = false; ///< recovery_time: not recovered in some replication
  std::optional<Bottleneck> bottleneck;
  std::string fault;  ///< the fault shortly before the worst moment; empty: none
  double level = kConfidence;  ///< of the interval that decided
  bool by_level_only = false;  ///< undecided, although the 95 % interval would decide
  /// When values are drawn: share of replications that keep it, with the 95 % interval.
  std::optional<ProportionInterval> kept;
  std::optional<StrongestDraw> strongest;  ///< set by make_report
};

/// Judges every promise of the scenario. `judged` and `replications` belong together by index.
std::vector<PromiseResult> judge(const models::Scenario& scenario,
                                 std::span<const Replication> replications,
                                 std::span<const Judged> judged, const VerdictRule& rule = {});

/// Missed if any promise is, else undecided if any is, else met.
Verdict overall(std::span<const PromiseResult> results);

/// What to try when this resource is the bottleneck; the names are those of SaturationRecord.
std::string advice_for(std::string_view resource);

/// What to say of a broken promise without a bottleneck, one sentence.
std::string no_bottleneck_text(std::string_view request_class);

/// The promise in words: "p99 of checkout in every 5 min at most 1 s".
std::string in_words(const models::SloConfig& promise);

}  // namespace shopsim::analysis
