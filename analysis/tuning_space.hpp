#pragma once
/// The space file: which values of the platform `tune` may choose, what must hold between them, and
/// what a year is made of. `read_space` checks everything that can be checked without a platform;
/// tuning_candidates.hpp lays it over one.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/day_mix.hpp"
#include "models/enum_names.hpp"
#include "sim/config_reader.hpp"
#include "sim/document.hpp"
#include "sim/fields.hpp"

namespace shopsim::analysis {

/// Several values that change together, as the command line writes them: `path=value`.
struct AlternativeConfig {
  std::string name;
  std::vector<std::string> set;
  void describe(sim::FieldVisitor& v);
};

/// One thing to choose: a path with a list or a range of values, or named alternatives.
struct TunableConfig {
  std::string name;                 ///< default: the path
  std::string path;
  std::vector<std::string> values;  ///< as in the platform file, with units
  std::optional<std::string> from;  ///< with `to` and `step`: a range, ends included
  std::optional<std::string> to;
  std::optional<std::string> step;
  std::vector<std::string> also;    ///< paths that get the same value
  std::vector<AlternativeConfig> alternatives;
  void describe(sim::FieldVisitor& v);
};

/// What the mission asks for. Holds in every candidate unless it is lifted.
struct MissionConfig {
  std::int64_t servers_least = 2;
  std::int64_t servers_most = 8;
  bool multi_az = true;
  sim::Bytes storage{500'000'000'000};
  std::vector<std::string> lift;    ///< of: servers, multi_az, storage
  void describe(sim::FieldVisitor& v);
};

struct SpaceConfig {
  std::string name;
  std::vector<TunableConfig> tunables;
  std::vector<std::string> constraints;
  MissionConfig mission;
  std::vector<DayConfig> year;
  sim::Fraction chance{0.90};       ///< of a day that keeps a promise
  sim::Money indifference{20'000'000'000};  ///< a month: smaller differences do not matter
  bool count_lost_orders = true;    ///< the value of orders lost is part of the cost
  void describe(sim::FieldVisitor& v);
};

/// `left op right` of sums of products of paths and numbers: `web.scaling.minimum <= 4`,
/// `web.scaling.maximum * database.pool.connections <= 1600`, `2 min >= web.scaling.cooldown`.
struct Constraint {
  enum class Relation : std::uint8_t { less, less_equal, equal, not_equal, greater_equal,
                                       greater };
  /// A number, or the path whose value counts.
  struct Factor {
    std::string path;               ///< empty: a number
    double number = 0;
  };
  struct Term {
    double sign = 1;
    std::vector<Factor> factors;
  };
  std::vector<Term> left;
  Relation relation = Relation::less_equal;
  std::vector<Term> right;
  std::string text;
  sim::Place place;

  /// Every path that stands in it.
  [[nodiscard]] std::vector<std::string> paths() const;
};

/// Nothing, and `problem` says why, if the text is no constraint.
std::optional<Constraint> parse_constraint(std::string_view text, std::string& problem);

/// A value as a number in base units (seconds, bytes, dollars, 1; yes and no are 1 and 0).
std::optional<double> number_of(std::string_view text);

/// Whether it holds for the platform document; nothing: a path has no number there, which
/// `problem` names.
std::optional<bool> holds(const Constraint& constraint, const sim::Node& platform,
                          std::string& problem);

/// One choice of one tunable.
struct TuningChoice {
  std::string label;                ///< the value, or the alternative's name
  std::vector<std::string> sets;    ///< `path=value`
  std::vector<sim::Place> places;   ///< of each of them
};

struct Tunable {
  std::string name;
  std::string path;                 ///< empty: alternatives
  std::vector<TuningChoice> choices;
};

struct TuningSpace {
  SpaceConfig config;
  std::filesystem::path file;
  std::string text;
  sim::Places places;
  std::vector<Tunable> tunables;
  std::vector<Constraint> constraints;

  /// Before any constraint.
  [[nodiscard]] double combinations() const;
};

/// More combinations than this are refused: listing them would take minutes.
inline constexpr double kMostCombinations = 200'000;

/// What could be read of a space, whatever is wrong with the rest of it; every error is reported.
/// Nothing: the file is no document.
std::optional<TuningSpace> draft_space(const std::filesystem::path& file,
                                       sim::Diagnostics& diagnostics);

/// No value if there was any error: all of them are reported at once.
std::optional<TuningSpace> read_space(const std::filesystem::path& file,
                                      sim::Diagnostics& diagnostics);
/// The same for text in hand; `file` is only for messages and for the paths inside.
std::optional<TuningSpace> parse_space(std::string text, const std::filesystem::path& file,
                                       sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
