#pragma once
/// How much more traffic do the promises stand? Finds the largest factor on the traffic at which
/// every promise is met, what breaks first beyond it and what breaks next.
///
/// Assumes that more traffic never helps, which is not so for one thing: with few viewers images
/// are asked for so seldom that the edges' copies expire. Every try sees the same customers as far
/// as they exist in both (common random numbers), so that neighbouring factors compare well.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/verdict.hpp"

namespace shopsim::analysis {

/// The promises with the traffic multiplied by `factor`; nothing: it was interrupted.
using TrafficTrial = std::function<std::optional<std::vector<PromiseResult>>(double factor)>;

/// How far beyond the first break is looked for the next one.
inline constexpr double kBeyond = 1.25;

struct HeadroomOptions {
  double precision = 0.05;  ///< the bracket's ends differ by at most this share
  double least = 1.0 / 64;  ///< factors beyond these are not tried
  double most = 64;
};

/// A promise that does not hold beyond the headroom, and the resource behind it.
struct Broken {
  std::string promise;
  Verdict verdict = Verdict::missed;
  std::optional<Bottleneck> bottleneck;
  /// The bottleneck is that of the traffic beyond: at this one no replication broke the promise, or
  /// nothing was at its limit.
  bool is_seen_beyond = false;
};

struct TrafficTry {
  double factor = 1;
  Verdict verdict = Verdict::met;
};

struct Headroom {
  /// Largest factor tried at which every promise is met; 0: not even `least`.
  double met = 0;
  /// Smallest factor tried at which a promise is not met; infinite: `most` holds.
  double not_met = 0;
  /// What is not met at `not_met`; with `met` 0, at today's traffic.
  std::vector<Broken> first;
  std::vector<Broken> next;   ///< what is not met besides at kBeyond times that
  std::vector<TrafficTry> tries;  ///< in the order they were made
  bool interrupted = false;
};

/// Doubles or halves from 1 until the promises' limit is between two tries, then bisects.
Headroom find_headroom(const TrafficTrial& trial, const HeadroomOptions& options = {});

}  // namespace shopsim::analysis
