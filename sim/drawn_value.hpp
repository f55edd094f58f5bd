#pragma once
/// A number of a configuration file that is not known for sure: instead of one value it is given a
/// law, and every replication draws its own value once, before it begins.
///
///   growth: {uniform: [0.8, 1.3]}                       low, high
///   growth: {triangular: [0.8, 1, 1.5]}                 low, most likely, high
///   round_trip: {normal: {mean: 12 ms, sd: 2 ms}}       cut at 0.1 % and 99.9 %
///   timeout: {lognormal: {median: 8 s, p95: 20 s}}      cut at 0.1 % and 99.9 %
///
/// This is uncertainty of knowledge; a Distribution (quantity.hpp) is chance inside a replication,
/// drawn anew for every request. A law's parameter may be drawn: `gamma: {mean: {uniform: [10 ms,
/// 20 ms]}, cv: 0.7}`. Draws are keyed by (seed, replication, path): platforms and repetitions that
/// draw the same field see the same quantile of its law.
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/document.hpp"
#include "sim/value_kind.hpp"

namespace shopsim::sim {

enum class DrawLaw : std::uint8_t { uniform, triangular, normal, lognormal };
std::string_view to_text(DrawLaw law);

/// One drawn number. Parameters in the base unit of the field: uniform (low, high), triangular
/// (low, mode, high), normal (mean, standard deviation), lognormal (median, 95th percentile).
struct DrawnValue {
  std::string path;  ///< with indices; of a law's parameter: `promotion.lognormal.median`
  DrawLaw law = DrawLaw::uniform;
  std::array<double, 3> parameters{};
  ValueKind kind = ValueKind::real;
  Place place;

  /// Where every draw lies: the law's ends, or its quantiles at 0.1 % and 99.9 %.
  [[nodiscard]] double low() const;
  [[nodiscard]] double high() const;
  /// What stands for it where one value is needed: median of uniform, normal and lognormal, mode
  /// of triangular.
  [[nodiscard]] double centre() const;
};

/// The draw of one replication. `key` names the number among all that are drawn
/// (`scenario.traffic.growth`).
double draw(const DrawnValue& value, std::uint64_t seed, std::uint32_t replication,
            std::string_view key);

/// As written in a document, with units: `{uniform: [0.8, 1.3]}`.
std::string drawn_text(const DrawnValue& value);

/// Whether a node is written as a law that is drawn (right or wrong): a mapping whose one key is
/// the name of one. Only asked where a single number may stand.
bool is_drawn(const Node& node);

/// Reads one parameter as the plain field would be read; reports by itself and then gives none.
using ReadNumber = std::function<std::optional<double>(const Node&)>;

/// Reads a law; reports everything that is wrong with it (codes: wrong-kind, unknown-key,
/// missing-key, bad-draw). Does not look at the field's bounds.
std::optional<DrawnValue> read_drawn(const Document& document, const Node& node,
                                     const std::string& path, ValueKind kind,
                                     const ReadNumber& number, Diagnostics& diagnostics);

/// What is told where a field is drawn and one value is needed.
void refuse_drawn(const Document& document, const Node& node, const std::string& path,
                  Diagnostics& diagnostics);

}  // namespace shopsim::sim
