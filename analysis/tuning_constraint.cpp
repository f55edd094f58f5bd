// Constraints of a space file: a small grammar of sums of products, read once and evaluated against
// the document of each candidate platform.
//   constraint = side relation side      side = ["-"] term (("+" | "-") term)*
//   term = factor ("*" factor)*          factor = path | number with an optional unit
#include <algorithm>
#include <cctype>

#include "analysis/tuning_space.hpp"
#include "sim/decimal.hpp"

namespace shopsim::analysis {
namespace {

constexpr std::pair<std::string_view, Constraint::Relation> kRelations[] = {
    {"<=", Constraint::Relation::less_equal}, {">=", Constraint::Relation::greater_equal},
    {"==", Constraint::Relation::equal},      {"!=", Constraint::Relation::not_equal},
    {"<", Constraint::Relation::less},        {">", Constraint::Relation::greater}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool begins_path(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
}

std::optional<Constraint::Factor> parse_factor(std::string_view text, std::string& problem) {
  Constraint::Factor factor;
  if (begins_path(text)) {
    const auto steps = sim::parse_path(text);
    if (!steps || text.find(' ') != std::string_view::npos) {
      problem = sim::shown(text) + " is no path";
      return std::nullopt;
    }
    factor.path = text;
    return factor;
  }
  const auto number = number_of(text);
  if (!number) {
    problem = text.empty() ? "a path or a number is missing" : sim::shown(text) + " is no number";
    return std::nullopt;
  }
  factor.number = *number;
  return factor;
}

/// Cuts at every one of `marks` that stands behind a space (others belong to a word or a number);
/// the marks begin the pieces after the first.
std::vector<std::string_view> cut(std::string_view text, std::string_view marks) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool is_mark = marks.find(text[i]) != std::string_view::npos;
    if (!is_mark || text[i - 1] != ' ') continue;
    pieces.push_back(text.substr(begin, i - begin));
    begin = i;
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

std::optional<std::vector<Constraint::Term>> parse_side(std::string_view text,
                                                        std::string& problem) {
  std::vector<Constraint::Term> terms;
  for (std::string_view piece : cut(trimmed(text), "+-")) {
    Constraint::Term term;
    if (!piece.empty() && (piece.front() == '-' || piece.front() == '+')) {
      term.sign = piece.front() == '-' ? -1 : 1;
      piece.remove_prefix(1);
    }
    for (std::string_view part : cut(trimmed(piece), "*")) {
      if (!part.empty() && part.front() == '*') part.remove_prefix(1);
      auto factor = parse_factor(trimmed(part), problem);
      if (!factor) return std::nullopt;
      term.factors.push_back(std::move(*factor));
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

std::optional<double> value_of(const std::vector<Constraint::Term>& terms, const sim::Node& root,
                               std::string& problem) {
  double sum = 0;
  for (const Constraint::Term& term : terms) {
    double product = term.sign;
    for (const Constraint::Factor& factor : term.factors) {
      if (factor.path.empty()) {
        product *= factor.number;
        continue;
      }
      const sim::Node* node = sim::find(root, factor.path);
      const auto number = node != nullptr && node->kind == sim::NodeKind::scalar
                              ? number_of(node->text)
                              : std::nullopt;
      if (!number) {
        problem = "`" + factor.path + "` has no number";
        return std::nullopt;
      }
      product *= *number;
    }
    sum += product;
  }
  return sum;
}

}  // namespace

std::optional<double> number_of(std::string_view text) {
  if (text == "true" || text == "yes") return 1;
  if (text == "false" || text == "no") return 0;
  std::string_view rest = text;
  const auto decimal = sim::take_decimal(rest);
  if (!decimal) return std::nullopt;
  if (rest.empty()) return sim::to_double(*decimal);
  if (const auto duration = sim::parse_duration(text)) {
    return static_cast<double>(duration->nanoseconds) / 1e9;
  }
  if (const auto bytes = sim::parse_bytes(text)) return static_cast<double>(bytes->count);
  if (const auto rate = sim::parse_rate(text)) return rate->per_second;
  if (const auto rate = sim::parse_bit_rate(text)) return rate->bits_per_second;
  if (const auto share = sim::parse_fraction(text)) return share->value;
  if (const auto money = sim::parse_money(text)) return money->dollars();
  return std::nullopt;
}

std::optional<Constraint> parse_constraint(std::string_view text, std::string& problem) {
  for (const auto& [sign, relation] : kRelations) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    auto left = parse_side(text.substr(0, at), problem);
    if (!left) return std::nullopt;
    auto right = parse_side(text.substr(at + sign.size()), problem);
    if (!right) return std::nullopt;
    Constraint constraint;
    constraint.left = std::move(*left);
    constraint.relation = relation;
    constraint.right = std::move(*right);
    constraint.text = text;
    return constraint;
  }
  problem = sim::shown(text) + " compares nothing: one of <= >= == != < > is missing";
  return std::nullopt;
}

std::optional<bool> holds(const Constraint& constraint, const sim::Node& platform,
                          std::string& problem) {
  const auto left = value_of(constraint.left, platform, problem);
  if (!left) return std::nullopt;
  const auto right = value_of(constraint.right, platform, problem);
  if (!right) return std::nullopt;
  switch (constraint.relation) {
    case Constraint::Relation::less: return *left < *right;
    case Constraint::Relation::less_equal: return *left <= *right;
    case Constraint::Relation::equal: return *left == *right;
    case Constraint::Relation::not_equal: return *left != *right;
    case Constraint::Relation::greater_equal: return *left >= *right;
    case Constraint::Relation::greater: return *left > *right;
  }
  return std::nullopt;
}

std::vector<std::string> Constraint::paths() const {
  std::vector<std::string> found;
  for (const auto* side : {&left, &right}) {
    for (const Term& term : *side) {
      for (const Factor& factor : term.factors) {
        if (!factor.path.empty()) found.push_back(factor.path);
      }
    }
  }
  return found;
}

}  // namespace shopsim::analysis
