#pragma once
/// Units of a tuner's work that leave the process: other processes that run them as they come
/// (mpirun), and the share of them that one of several separate calls takes (`--shard k/n`).
#include <cstddef>
#include <optional>
#include <string>

#include "analysis/tuning_unit.hpp"

namespace shopsim::analysis {

struct TuningUnit;

/// Other processes with the same problem. All calls come from one thread.
class UnitHelpers {
 public:
  struct Answer {
    std::size_t helper = 0;
    std::string text;
  };

  UnitHelpers() = default;
  UnitHelpers(const UnitHelpers&) = delete;
  UnitHelpers& operator=(const UnitHelpers&) = delete;
  virtual ~UnitHelpers() = default;

  [[nodiscard]] virtual std::size_t count() const = 0;
  /// Hands a question (`unit_question`) to a helper that has none; does not wait.
  virtual void ask(std::size_t helper, const std::string& question) = 0;
  /// An answer that has come in; does not wait.
  [[nodiscard]] virtual std::optional<Answer> answered() = 0;
};

/// Units 0, 1, 2 ... of a batch go to shards 1, 2, ... `of` in turn.
struct Shard {
  std::size_t number = 1;  ///< 1 to `of`
  std::size_t of = 1;
  [[nodiscard]] bool takes(std::size_t unit) const { return unit % of == number - 1; }
};

/// A unit as one line of text, and back; nothing: the text is none.
std::string unit_question(const TuningUnit& unit);
std::optional<TuningUnit> question_unit(const std::string& text);

}  // namespace shopsim::analysis
