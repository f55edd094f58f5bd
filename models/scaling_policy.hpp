#pragma once
/// What does a scaling policy ask for, and what follows from several of them? The one type every
/// policy (target tracking, later step, simple, scheduled, predictive) answers with.
///
/// Rules: any policy may scale out, all that may scale in must agree (S-ASG-TT); the final size is
/// the largest one asked for (S-ASG-PRED).
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/enum_names.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// The sizes of a group that policies decide on. Unit: instances.
struct GroupSizes {
  std::int64_t desired = 0;
  std::int64_t in_metric = 0;  ///< in service with the warm-up over: those the metric speaks of
  std::int64_t warming = 0;    ///< pending or in warm-up: counted in desired, not in the metric
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
};

enum class ScalingWish : std::uint8_t { stay, out, in };
SHOPSIM_ENUM_NAMES(ScalingWish, "stay", "out", "in")

/// One decision with everything a person needs to understand it.
struct ScalingDecision {
  sim::Time time;
  ScalingWish wish = ScalingWish::stay;
  bool may_scale_in = true;  ///< takes part in "all must agree"; false if scale-in is disabled
  std::int64_t from = 0;     ///< desired capacity before
  std::int64_t to = 0;       ///< desired capacity asked for, within minimum and maximum
  std::string policy;
  std::string alarm;         ///< the alarm behind it; empty if none
  std::string metric;
  std::optional<double> metric_value;
  std::string reason;        ///< a sentence with metric values, alarm, from and to
};

/// The one decision that follows from all policies' decisions at one moment: the largest `out`;
/// else the largest `in` if every policy that may scale in wants it; else `stay`. Ties go to the
/// first.
ScalingDecision combine(std::span<const ScalingDecision> decisions);

}  // namespace shopsim::models
