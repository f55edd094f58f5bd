// Question: how does a new version get onto the instances of the group, and how does it come back?
// CloudFormation's rolling update as our templates ask for it: a batch is terminated, replaced, and
// waited for, and so on (S-CFN-REF). Left out: a share of failed signals that is put up with.
#include <algorithm>
#include <utility>

#include "models/auto_scaling.hpp"

namespace shopsim::models {

namespace {

/// A version is told by its number; 0 is what the run begins with.
std::string named(std::uint32_t version) { return "version " + std::to_string(version); }

}  // namespace

void AutoScalingGroup::note_update(sim::Time now, std::string description, std::string cause,
                                   ActivityStatus status, GroupOutput& output) {
  output.activities.push_back({.id = next_activity_++, .time = now, .status = status,
                               .description = std::move(description), .cause = std::move(cause),
                               .from = desired_, .to = desired_});
}

void AutoScalingGroup::start_update(sim::Time now, const VersionPlan& version,
                                    const UpdateRules& rules, GroupOutput& output) {
  before_ = target_;
  target_ = version;
  update_rules_ = rules;
  update_state_ = UpdateState::updating;
  signals_by_ = sim::kNever;
  note_update(now, "rolling update to " + named(version.version), "a deployment",
              ActivityStatus::in_progress, output);
  tick(now, output);
}

void AutoScalingGroup::roll_back(sim::Time now, std::string cause, GroupOutput& output) {
  if (update_state_ == UpdateState::rolling_back || target_.version == before_.version) return;
  std::swap(target_, before_);
  update_state_ = UpdateState::rolling_back;
  signals_by_ = sim::kNever;
  note_update(now, "rolling back to " + named(target_.version), std::move(cause),
              ActivityStatus::in_progress, output);
  tick(now, output);
}

/// Waits for the signals of the last batch, then replaces the next one.
void AutoScalingGroup::continue_update(sim::Time now, GroupOutput& output) {
  if (update_state_ == UpdateState::none) return;
  bool waits = false;
  bool is_mixed = false;
  for (const GroupInstance& instance : instances_) {
    if (!counts(instance.lifecycle)) continue;
    const bool is_new = instance.version == target_.version;
    is_mixed = is_mixed || !is_new;
    // The signal comes when the application answers. A batch on its way out is waited for as well.
    waits = waits || (is_new && now < instance.ready_at);
  }
  if (counting() < desired_) waits = true;  // a replacement could not be launched yet
  if (!waits && !is_mixed) {
    finish_update(now, update_state_ == UpdateState::rolling_back ? "rolled back to " : "all run ",
                  output);
  } else if (!waits) {
    replace_batch(now, output);
  } else if (now >= signals_by_ && update_state_ == UpdateState::updating) {
    roll_back(now, "no signal of the new servers in time", output);
  } else if (now >= signals_by_) {
    finish_update(now, "the rollback failed; wanted ", output);
  }
}

/// Terminates as many old instances as may be missed; those that do not answer go first, then the
/// oldest. Where none may be missed, the group grows by a batch first.
void AutoScalingGroup::replace_batch(sim::Time now, GroupOutput& output) {
  signals_by_ = now + update_rules_.signal_timeout;
  std::vector<GroupInstance*> old;
  for (GroupInstance& instance : instances_) {
    if (serves(instance.lifecycle) && instance.version != target_.version) {
      old.push_back(&instance);
    }
  }
  if (old.empty()) return;
  const std::int64_t spare = counting() - update_rules_.minimum_in_service;
  if (spare <= 0 && update_surge_ == 0 && desired_ < config_.maximum) {
    update_surge_ = std::min(update_rules_.max_batch, config_.maximum - desired_);
    desired_ += update_surge_;
    shortfall_cause_ = {.cause = "more servers while a batch of a rolling update is replaced"};
    reconcile(now, output);
    return;
  }
  std::stable_sort(old.begin(), old.end(), [now](const GroupInstance* a, const GroupInstance* b) {
    return (a->ready_at > now) > (b->ready_at > now);
  });
  const std::int64_t batch = std::clamp<std::int64_t>(
      std::min(update_rules_.max_batch, spare), 1, static_cast<std::int64_t>(old.size()));
  const ScalingActivity cause{.cause = "replaced by " + named(target_.version),
                              .from = desired_, .to = desired_};
  shortfall_cause_ = cause;
  for (std::int64_t i = 0; i < batch; ++i) {
    drain(now, *old[static_cast<std::size_t>(i)], cause, output);
  }
  reconcile(now, output);
}

void AutoScalingGroup::finish_update(sim::Time now, std::string_view end, GroupOutput& output) {
  std::string description(end);
  description += named(target_.version);
  note_update(now, std::move(description), "the rolling update is over",
              update_state_ == UpdateState::updating ? ActivityStatus::successful
                                                     : ActivityStatus::failed,
              output);
  if (update_state_ == UpdateState::rolling_back) before_ = target_;  // nothing to go back to
  update_state_ = UpdateState::none;
  signals_by_ = sim::kNever;
  if (update_surge_ > 0) {
    surplus_cause_ = {.cause = "the rolling update is over"};
    desired_ -= update_surge_;
    update_surge_ = 0;
    reconcile(now, output);
  }
}

}  // namespace shopsim::models
