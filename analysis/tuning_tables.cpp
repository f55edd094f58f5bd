// What a search leaves: tables for the results file (docs/hdf5.md) and the winner's platform file.
#include <algorithm>
#include <limits>

#include "analysis/tuning_result.hpp"
#include "analysis/units.hpp"
#include "sim/config_override.hpp"
#include "sim/config_reader.hpp"
#include "sim/config_writer.hpp"
#include "sim/document_replace.hpp"

namespace shopsim::analysis {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

template <class Items, class Get>
void numbers(Table& table, std::string name, const Items& items, Get get) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(get(item));
  table.columns.push_back({std::move(name), std::move(values)});
}

template <class Items, class Get>
void texts(Table& table, std::string name, const Items& items, Get get) {
  std::vector<std::string> values;
  for (const auto& item : items) values.emplace_back(get(item));
  table.columns.push_back({std::move(name), std::move(values)});
}

template <class Items, class Get>
void counts(Table& table, std::string name, const Items& items, Get get) {
  std::vector<std::uint64_t> values;
  for (const auto& item : items) values.push_back(static_cast<std::uint64_t>(get(item)));
  table.columns.push_back({std::move(name), std::move(values)});
}

NamedTable candidate_table(const TuningProblem& problem, const TuningResult& result) {
  using C = CandidateRecord;
  const auto& all = result.candidates;
  Table table;
  std::vector<std::uint64_t> index(all.size());
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = i;
  table.columns.push_back({"candidate", std::move(index)});
  for (std::size_t t = 0; t < problem.space.tunables.size(); ++t) {
    const Tunable& tunable = problem.space.tunables[t];
    texts(table, tunable.name, all,
          [&](const C& c) { return tunable.choices[c.choices[t]].label; });
  }
  texts(table, "state", all, [](const C& c) { return to_text(c.state); });
  texts(table, "reason", all, [](const C& c) { return c.reason; });
  numbers(table, "lower_bound_usd", all, [](const C& c) { return c.lower_bound; });
  numbers(table, "estimate_usd", all, [](const C& c) { return c.estimate; });
  numbers(table, "month_usd", all,
          [](const C& c) { return c.month.samples == 0 ? kNone : c.month.mean; });
  numbers(table, "month_half_width_usd", all,
          [](const C& c) { return c.month.samples == 0 ? kNone : c.month.half_width; });
  numbers(table, "risk", all, [](const C& c) { return c.risk; });
  counts(table, "replications", all, [](const C& c) { return c.replications; });
  numbers(table, "tightest", all,
          [](const C& c) { return c.tightest > 0 ? c.tightest : kNone; });
  texts(table, "tightest_promise", all, [](const C& c) { return c.tightest_promise; });
  numbers(table, "latency", all,
          [](const C& c) { return c.is_complete ? c.latency_tightness : kNone; });
  numbers(table, "lost_share", all,
          [](const C& c) { return c.is_complete ? c.lost_share : kNone; });
  counts(table, "pareto", all, [](const C& c) { return c.is_pareto ? 1 : 0; });
  return {"tuning/candidates", std::move(table)};
}

NamedTable finalist_table(const TuningResult& result) {
  using F = Finalist;
  const auto& all = result.finalists;
  Table table;
  std::vector<std::int64_t> candidates;
  for (const F& f : all) {
    candidates.push_back(f.candidate ? static_cast<std::int64_t>(*f.candidate) : -1);
  }
  texts(table, "role", all, [](const F& f) { return f.role; });
  table.columns.push_back({"candidate", std::move(candidates)});
  texts(table, "label", all, [](const F& f) { return f.label; });
  texts(table, "verdict", all, [](const F& f) { return to_text(f.verdict); });
  counts(table, "replications", all, [](const F& f) { return f.replications; });
  numbers(table, "month_usd", all, [](const F& f) { return f.month.mean; });
  numbers(table, "low_usd", all, [](const F& f) { return f.month.low(); });
  numbers(table, "high_usd", all, [](const F& f) { return f.month.high(); });
  numbers(table, "bill_usd", all, [](const F& f) { return f.month_bill; });
  numbers(table, "orders_lost_usd", all, [](const F& f) { return f.lost_value; });
  const auto of_year = [&](std::string name, auto get) {
    numbers(table, std::move(name), all,
            [&](const F& f) { return f.year ? get(f.year->all) : kNone; });
  };
  using Y = YearlyInterval;
  of_year("unavailability", [](const Y& y) { return y.unavailability.mean; });
  of_year("unavailability_low", [](const Y& y) { return y.unavailability.low(); });
  of_year("unavailability_high", [](const Y& y) { return y.unavailability.high(); });
  of_year("orders_lost_a_year", [](const Y& y) { return y.orders_lost.mean; });
  of_year("orders_lost_a_year_low", [](const Y& y) { return y.orders_lost.low(); });
  of_year("orders_lost_a_year_high", [](const Y& y) { return y.orders_lost.high(); });
  return {"tuning/finalists", std::move(table)};
}

struct PromiseRow {
  const Finalist* finalist;
  const FinalPromise* promise;
};

NamedTable promise_table(const TuningResult& result) {
  std::vector<PromiseRow> rows;
  for (const Finalist& finalist : result.finalists) {
    for (const FinalPromise& promise : finalist.promises) rows.push_back({&finalist, &promise});
  }
  using R = PromiseRow;
  Table table;
  texts(table, "role", rows, [](const R& r) { return r.finalist->role; });
  texts(table, "name", rows, [](const R& r) { return r.promise->name; });
  texts(table, "promise", rows, [](const R& r) { return in_words(r.promise->promise); });
  texts(table, "verdict", rows, [](const R& r) { return to_text(r.promise->kept.verdict); });
  numbers(table, "limit", rows, [](const R& r) { return r.promise->limit; });
  numbers(table, "mean", rows, [](const R& r) { return r.promise->kept.value.mean; });
  numbers(table, "low", rows, [](const R& r) { return r.promise->kept.value.low(); });
  numbers(table, "high", rows, [](const R& r) { return r.promise->kept.value.high(); });
  numbers(table, "day_bound", rows, [](const R& r) { return r.promise->kept.day_bound; });
  counts(table, "kept_in", rows, [](const R& r) { return r.promise->kept.kept_in; });
  numbers(table, "margin", rows, [](const R& r) { return r.promise->margin; });
  texts(table, "bottleneck", rows, [](const R& r) { return r.promise->bottleneck; });
  return {"tuning/promises", std::move(table)};
}

NamedTable step_table(const TuningResult& result) {
  using S = SearchStep;
  Table table;
  texts(table, "candidate", result.steps, [](const S& s) { return s.candidate; });
  texts(table, "outcome", result.steps, [](const S& s) { return s.outcome; });
  numbers(table, "pages", result.steps, [](const S& s) { return s.pages; });
  numbers(table, "best_usd", result.steps, [](const S& s) { return s.best > 0 ? s.best : kNone; });
  return {"tuning/steps", std::move(table)};
}

NamedTable relaxation_table(const TuningResult& result) {
  using R = Relaxation;
  Table table;
  texts(table, "promise", result.relaxations, [](const R& r) { return r.promise; });
  numbers(table, "limit", result.relaxations, [](const R& r) { return r.limit; });
  numbers(table, "needed", result.relaxations, [](const R& r) { return r.needed; });
  texts(table, "configuration", result.relaxations, [](const R& r) { return r.label; });
  numbers(table, "month_usd", result.relaxations, [](const R& r) { return r.month; });
  return {"tuning/relaxations", std::move(table)};
}

/// The platform that a document means.
std::string platform_of(const sim::Document& document) {
  models::Platform platform;
  sim::Diagnostics none;  // it has been checked
  sim::read_fields(document, document.root, platform, none);
  return sim::to_canonical_yaml(platform);
}

}  // namespace

std::vector<RootText> tuning_texts(const TuningProblem& problem, const TuningResult& result,
                                   const std::string& program_version) {
  std::vector<RootText> texts = {{"format", "shopsim tuning"},
                                 {"program_version", program_version},
                                 {"identity", problem.identity},
                                 {"verdict", std::string(to_text(result.verdict))},
                                 {"why", result.why},
                                 {"overturn", result.overturn},
                                 {"seed", std::to_string(problem.seed())},
                                 {"space_yaml", problem.space.text},
                                 {"platform_yaml", sim::to_canonical_yaml(problem.today)}};
  for (std::size_t d = 0; d < problem.days.size(); ++d) {
    texts.push_back({"scenario_" + std::to_string(d) + "_yaml",
                     sim::to_canonical_yaml(problem.days[d]->loaded.scenario)});
  }
  return texts;
}

std::vector<NamedTable> tuning_tables(const TuningProblem& problem, const TuningResult& result) {
  std::vector<NamedTable> tables;
  tables.push_back(candidate_table(problem, result));
  tables.push_back(finalist_table(result));
  tables.push_back(promise_table(result));
  tables.push_back(step_table(result));
  tables.push_back(relaxation_table(result));
  return tables;
}

std::optional<std::string> winner_text(const TuningProblem& problem, const Choices& choices,
                                       const std::vector<std::string>& changes,
                                       sim::Diagnostics& diagnostics) {
  std::vector<std::string> sets = changes;
  for (std::string& set : problem.maker->sets(choices)) sets.push_back(std::move(set));
  const std::string winner = sim::to_canonical_yaml(problem.maker->platform(choices));
  auto document =
      sim::parse_document(problem.platform_text, problem.platform_file, diagnostics);
  for (const std::string& set : sets) {
    if (!document) return std::nullopt;
    std::string path = set.substr(0, set.find('='));
    sim::Document changed = *document;
    sim::Diagnostics missing;
    if (!sim::apply_override(changed, set, missing)) {
      // A list that the file leaves at its default has no items to change: all of it is written.
      path.resize(std::min(path.find('['), path.size()));
      changed = *sim::parse_document(winner, problem.platform_file, missing);
    }
    const sim::Node* const value = sim::find(changed.root, path);
    if (value == nullptr || platform_of(changed) == platform_of(*document)) continue;
    auto text = sim::edit_node(*document, path, *value, diagnostics);
    if (!text) return std::nullopt;
    document = sim::parse_document(std::move(*text), problem.platform_file, diagnostics);
  }
  if (!document) return std::nullopt;
  return document->text;
}

}  // namespace shopsim::analysis
