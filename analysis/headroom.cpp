#include "analysis/headroom.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shopsim::analysis {
namespace {

std::vector<Broken> broken(const std::vector<PromiseResult>& results) {
  std::vector<Broken> list;
  for (const PromiseResult& result : results) {
    if (result.verdict == Verdict::met) continue;
    list.push_back({result.promise.name, result.verdict, result.bottleneck, false});
  }
  return list;
}

class Search {
 public:
  Search(const TrafficTrial& trial, const HeadroomOptions& options)
      : trial_(trial), options_(options) {}

  Headroom run() {
    found_.met = 0;
    found_.not_met = std::numeric_limits<double>::infinity();
    if (!bracket() || !bisect()) found_.interrupted = true;
    if (found_.met == 0) {
      found_.first = today_;  // what to mend is what is broken today
    } else if (!found_.interrupted && !look_beyond()) {
      found_.interrupted = true;
    }
    return found_;
  }

 private:
  /// Tries a factor and moves the bracket. False: interrupted.
  bool attempt(double factor) {
    const auto results = trial_(factor);
    if (!results) return false;
    const Verdict verdict = overall(*results);
    found_.tries.push_back({factor, verdict});
    if (verdict == Verdict::met) {
      found_.met = std::max(found_.met, factor);
    } else if (factor < found_.not_met) {
      found_.not_met = factor;
      found_.first = broken(*results);
      if (factor == 1) today_ = found_.first;
    }
    return true;
  }

  bool bracket() {
    if (!attempt(1)) return false;
    double factor = 1;
    while (std::isinf(found_.not_met) && factor < options_.most) {
      factor = std::min(options_.most, factor * 2);
      if (!attempt(factor)) return false;
    }
    while (found_.met == 0 && factor > options_.least) {
      factor = std::max(options_.least, factor / 2);
      if (!attempt(factor)) return false;
    }
    return true;
  }

  bool bisect() {
    if (found_.met == 0 || std::isinf(found_.not_met)) return true;
    while (found_.not_met / found_.met > 1 + options_.precision) {
      if (!attempt(std::sqrt(found_.met * found_.not_met))) return false;
    }
    return true;
  }

  /// What breaks besides, somewhat beyond the first break, and what is behind those promises that
  /// broke first without a resource at its limit.
  bool look_beyond() {
    if (std::isinf(found_.not_met)) return true;
    const auto results = trial_(found_.not_met * kBeyond);
    if (!results) return false;
    for (Broken& later : broken(*results)) {
      const auto known =
          std::find_if(found_.first.begin(), found_.first.end(),
                       [&later](const Broken& b) { return b.promise == later.promise; });
      if (known == found_.first.end()) {
        found_.next.push_back(std::move(later));
      } else if (!known->bottleneck && later.bottleneck) {
        known->bottleneck = std::move(later.bottleneck);
        known->is_seen_beyond = true;
      }
    }
    return true;
  }

  const TrafficTrial& trial_;
  const HeadroomOptions& options_;
  Headroom found_;
  std::vector<Broken> today_;
};

}  // namespace

Headroom find_headroom(const TrafficTrial& trial, const HeadroomOptions& options) {
  return Search(trial, options).run();
}

}  // namespace shopsim::analysis
