#include "models/composite_alarm.hpp"

#include <algorithm>
#include <utility>

#include "models/number_text.hpp"

namespace shopsim::models {

using namespace sim::literals;

namespace {
constexpr std::size_t kMostChildren = 100;    // S-CW-COMP
constexpr std::size_t kLongestRule = 10'240;  // PutCompositeAlarm, AlarmRule
constexpr int kDeepest = 32;                  // ours: a bound on recursion
}  // namespace

void CompositeAlarmConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "name", .meaning = "name of the alarm, unique", .required = true}, name);
  field(visitor, {.key = "rule", .meaning = "Boolean rule over alarms, e.g. ALARM(a) AND OK(b)",
                  .source = "S-CW-COMP", .confidence = Confidence::documented, .required = true},
        rule);
  field(visitor, {.key = "suppressor", .meaning = "alarm that silences the actions; empty: none",
                  .source = "S-CW-COMP", .confidence = Confidence::documented}, suppressor);
  field(visitor, {.key = "wait_period", .meaning = "how long actions wait for the suppressor",
                  .least = 0, .most = 86400, .source = "S-CW-COMP",
                  .confidence = Confidence::documented}, wait_period);
  field(visitor, {.key = "extension_period", .meaning = "how long they stay silent after it",
                  .least = 0, .most = 86400, .source = "S-CW-COMP",
                  .confidence = Confidence::documented}, extension_period);
  field(visitor, {.key = "severity", .meaning = "how urgent a person should take it"}, severity);
  field(visitor, {.key = "notify", .meaning = "topics told when the alarm goes to ALARM"}, notify);
  field(visitor, {.key = "because", .meaning = "requirement ids this alarm follows from"},
        because);
}

/// Recursive descent over the rule; each level appends its steps in postfix order.
class AlarmRuleParser {
 public:
  explicit AlarmRuleParser(std::string_view text) : text_(text) {}

  bool parse() {
    if (text_.size() > kLongestRule) return fail("a rule of at most 10240 characters");
    if (!either(0)) return false;
    skip_spaces();
    return at_ == text_.size() || fail("AND, OR or the end of the rule");
  }
  AlarmRule take() { return std::move(rule_); }
  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] const std::string& expected() const { return expected_; }

 private:
  using Operation = AlarmRule::Operation;

  bool either(int depth) {
    if (!both(depth)) return false;
    while (word("OR")) {
      if (!both(depth)) return false;
      rule_.steps_.push_back({.operation = Operation::either});
    }
    return true;
  }
  bool both(int depth) {
    if (!unary(depth)) return false;
    while (word("AND")) {
      if (!unary(depth)) return false;
      rule_.steps_.push_back({.operation = Operation::both});
    }
    return true;
  }
  bool unary(int depth) {
    if (depth > kDeepest) return fail("at most 32 levels of parentheses and NOT");
    if (word("NOT")) {
      if (!unary(depth + 1)) return false;
      rule_.steps_.push_back({.operation = Operation::negate});
      return true;
    }
    if (symbol('(')) return either(depth + 1) && (symbol(')') || fail("a closing parenthesis"));
    if (word("TRUE")) return constant(Operation::constant_true);
    if (word("FALSE")) return constant(Operation::constant_false);
    if (word("ALARM")) return child(AlarmState::alarm);
    if (word("OK")) return child(AlarmState::ok);
    if (word("INSUFFICIENT_DATA")) return child(AlarmState::insufficient_data);
    return fail("ALARM(name), OK(name), INSUFFICIENT_DATA(name), TRUE, FALSE, NOT or (");
  }
  bool constant(Operation operation) {
    rule_.steps_.push_back({.operation = operation});
    return true;
  }
  bool child(AlarmState wanted) {
    if (!symbol('(')) return fail("( and the name of an alarm");
    skip_spaces();
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) ++at_;
    const std::size_t end = text_.find(quoted ? '"' : ')', at_);
    if (end == std::string_view::npos) return fail(quoted ? "a closing quote" : ")");
    std::string_view name = text_.substr(at_, end - at_);
    while (!quoted && !name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name.empty()) return fail("the name of an alarm");
    at_ = quoted ? end + 1 : end;
    if (!symbol(')')) return fail("a closing parenthesis");
    return add_child(name, wanted);
  }
  bool add_child(std::string_view name, AlarmState wanted) {
    auto& children = rule_.children_;
    const auto found = std::find(children.begin(), children.end(), name);
    const auto index = static_cast<std::size_t>(found - children.begin());
    if (found == children.end()) {
      if (children.size() == kMostChildren) return fail("at most 100 child alarms");
      children.emplace_back(name);
    }
    rule_.steps_.push_back({.operation = Operation::child, .wanted = wanted,
                            .child = static_cast<std::uint16_t>(index)});
    return true;
  }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool symbol(char wanted) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  /// A keyword that is not the beginning of a longer word.
  bool word(std::string_view wanted) {
    skip_spaces();
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    const std::size_t next = at_ + wanted.size();
    const char after = next < text_.size() ? text_[next] : ' ';
    if (after == '_' || (after >= 'A' && after <= 'Z') || (after >= 'a' && after <= 'z')) {
      return false;
    }
    at_ = next;
    return true;
  }
  bool fail(std::string expected) {
    if (expected_.empty()) expected_ = std::move(expected);
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string expected_;
  AlarmRule rule_;
};

std::optional<AlarmRule> AlarmRule::parse(std::string_view text, const sim::Place& place,
                                          sim::Diagnostics& diagnostics) {
  AlarmRuleParser parser(text);
  if (parser.parse()) return parser.take();
  diagnostics.error("alarm-rule", place,
                    "alarm rule '" + std::string(text.substr(0, 80)) + "' is wrong at character " +
                        std::to_string(parser.position() + 1),
                    "expected " + parser.expected());
  return std::nullopt;
}

bool AlarmRule::holds(std::span<const AlarmState> states) const {
  std::vector<bool> stack;
  const auto pop = [&stack] {
    const bool top = stack.back();
    stack.pop_back();
    return top;
  };
  for (const auto& step : steps_) {
    switch (step.operation) {
      case Operation::child: stack.push_back(states[step.child] == step.wanted); break;
      case Operation::constant_true: stack.push_back(true); break;
      case Operation::constant_false: stack.push_back(false); break;
      case Operation::negate: stack.back() = !stack.back(); break;
      case Operation::both: {
        const bool right = pop();
        stack.back() = stack.back() && right;
        break;
      }
      case Operation::either: {
        const bool right = pop();
        stack.back() = stack.back() || right;
        break;
      }
    }
  }
  return !stack.empty() && stack.back();
}

CompositeAlarm::CompositeAlarm(CompositeAlarmConfig config, AlarmRule rule)
    : config_(std::move(config)), rule_(std::move(rule)) {}

CompositeOutcome CompositeAlarm::evaluate(sim::Time now, std::span<const AlarmState> states,
                                          std::optional<AlarmState> suppressor) {
  CompositeOutcome outcome;
  const AlarmState next = rule_.holds(states) ? AlarmState::alarm : AlarmState::ok;
  if (next != state_) {
    std::string reason = "rule " + config_.rule +
                         (next == AlarmState::alarm ? " holds" : " does not hold") + ":";
    for (std::size_t i = 0; i < rule_.children().size(); ++i) {
      reason += (i == 0 ? " " : ", ") + rule_.children()[i] + " is " +
                std::string(to_text(states[i]));
    }
    outcome.change = AlarmStateChange{.time = now, .from = state_, .to = next,
                                      .reason = std::move(reason), .points = {}};
    state_ = next;
    changed_at_ = now;
    action_pending_ = true;
  }
  const bool silent = suppressed(now, suppressor);
  if (action_pending_ && !silent) {
    action_pending_ = false;
    outcome.act = true;
  }
  return outcome;
}

bool CompositeAlarm::suppressed(sim::Time now, std::optional<AlarmState> suppressor) {
  if (!suppressor) return false;
  const bool active = *suppressor == AlarmState::alarm;
  if (suppressor_active_ && !active) suppressor_left_at_ = now;
  if (active) suppressor_left_at_.reset();
  suppressor_active_ = active;
  if (active) return true;
  if (suppressor_left_at_ && now < *suppressor_left_at_ + config_.extension_period) return true;
  suppressor_left_at_.reset();
  // The suppressor may be on its way: wait for it before acting on ALARM.
  return state_ == AlarmState::alarm && now < changed_at_ + config_.wait_period;
}

sim::Time CompositeAlarm::deadline() const {
  if (!action_pending_ || suppressor_active_) return sim::kNever;
  if (suppressor_left_at_) return *suppressor_left_at_ + config_.extension_period;
  return changed_at_ + config_.wait_period;
}

}  // namespace shopsim::models
