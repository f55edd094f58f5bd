#pragma once
/// Is a share of failures small, or were only few requests looked at? Where no replication saw a
/// failure, every replication's number is the same and the interval over replications has no width,
/// whether they had a hundred requests or a million. The number of requests then bounds the share
/// that may still fail: the rule of three.
///
/// Leaves out that failures come together (an overload fails hundreds): the bound is that of
/// requests that fail each by itself, so the least that cannot be excluded. Verdicts do not use it.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/promises.hpp"

namespace shopsim::analysis {

/// A promise about a share that no request of any replication failed, though more than it allows
/// may fail.
struct UnseenFailures {
  std::string promise;       ///< its name
  std::string counted;       ///< "requests" or "orders"
  std::uint64_t trials = 0;  ///< so many of them, over all replications
  double possible = 0;       ///< possible_share(trials)
  double allowed = 0;        ///< share of failures the promise allows, below `possible`
};

/// The largest share of failures that goes with none in n independent trials at 95 % confidence:
/// 1 - 0.05^(1/n), about 3/n; 1 without trials. Hanley and Lippman-Hand 1983 (S-RULE3).
double possible_share(std::uint64_t trials);

/// In the order of the scenario's promises. `judged` and `replications` belong together by index.
std::vector<UnseenFailures> unseen_failures(const models::Scenario& scenario,
                                            const std::vector<std::string>& class_names,
                                            std::span<const Replication> replications,
                                            std::span<const Judged> judged);

}  // namespace shopsim::analysis
