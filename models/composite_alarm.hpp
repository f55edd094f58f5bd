#pragma once
/// When does a composite alarm change its state, and does it act? A Boolean rule over the states of
/// other alarms, with an optional suppressor.
///
/// Leaves out: composites of composites are possible only if the caller evaluates them in order.
/// A composite alarm may notify but cannot scale. Source: facts 7.7 (S-CW-COMP).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/alarm.hpp"
#include "sim/diagnostic.hpp"
#include "sim/fields.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// One composite alarm as a user writes it.
struct CompositeAlarmConfig {
  std::string name;
  std::string rule;        ///< e.g. `ALARM("slow") AND NOT OK("errors")`
  std::string suppressor;  ///< alarm that silences the actions while in ALARM; empty: none
  sim::Duration wait_period{0};       ///< how long the actions wait for the suppressor
  sim::Duration extension_period{0};  ///< how long they stay silent after it
  AlarmSeverity severity = AlarmSeverity::warning;
  std::vector<std::string> notify;
  std::vector<std::string> because;

  void describe(sim::FieldVisitor& visitor);
};

/// A parsed rule: `ALARM(x)`, `OK(x)`, `INSUFFICIENT_DATA(x)`, `TRUE`, `FALSE`, AND, OR, NOT and
/// parentheses; names may stand in quotes. AND binds tighter than OR, NOT tightest.
class AlarmRule {
 public:
  /// At most 100 children and 10,240 characters (S-CW-COMP), parentheses 32 deep. On a mistake: no
  /// rule, and a diagnostic that says at which character and what was expected.
  static std::optional<AlarmRule> parse(std::string_view text, const sim::Place& place,
                                        sim::Diagnostics& diagnostics);

  /// Names of the children, each once, in order of appearance.
  [[nodiscard]] const std::vector<std::string>& children() const { return children_; }
  /// Whether the rule holds, given the children's states: `[child]`.
  [[nodiscard]] bool holds(std::span<const AlarmState> states) const;

 private:
  friend class AlarmRuleParser;
  enum class Operation : std::uint8_t {
    child, constant_true, constant_false, both, either, negate
  };
  struct Step {  ///< postfix order
    Operation operation;
    AlarmState wanted = AlarmState::alarm;
    std::uint16_t child = 0;
  };
  std::vector<Step> steps_;
  std::vector<std::string> children_;
};

/// What one evaluation of a composite alarm brings.
struct CompositeOutcome {
  std::optional<AlarmStateChange> change;
  bool act = false;  ///< the actions of the present state run now: not suppressed, or no longer
};

/// One composite alarm with its state. A copyable value.
class CompositeAlarm {
 public:
  CompositeAlarm(CompositeAlarmConfig config, AlarmRule rule);

  /// `states[child]` in the order of rule().children(); `suppressor` is the suppressor's state if
  /// the config names one. Call whenever a child or the suppressor changed, and at `deadline()`.
  CompositeOutcome evaluate(sim::Time now, std::span<const AlarmState> states,
                            std::optional<AlarmState> suppressor);
  /// When a waiting action must be looked at again; kNever if none waits.
  [[nodiscard]] sim::Time deadline() const;

  [[nodiscard]] AlarmState state() const { return state_; }
  [[nodiscard]] const CompositeAlarmConfig& config() const { return config_; }
  [[nodiscard]] const AlarmRule& rule() const { return rule_; }

 private:
  [[nodiscard]] bool suppressed(sim::Time now, std::optional<AlarmState> suppressor);

  CompositeAlarmConfig config_;
  AlarmRule rule_;
  AlarmState state_ = AlarmState::insufficient_data;
  bool action_pending_ = false;
  sim::Time changed_at_{};
  std::optional<sim::Time> suppressor_left_at_;
  bool suppressor_active_ = false;
};

}  // namespace shopsim::models
