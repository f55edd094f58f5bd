#include "models/page_graph.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "models/page_table.hpp"

namespace shopsim::models {

namespace {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

struct Detour {
  std::string_view page;
  double share;
};

std::size_t index_of(const std::vector<PageConfig>& pages, std::string_view name) {
  const auto found = std::find_if(pages.begin(), pages.end(),
                                  [&](const PageConfig& page) { return page.name == name; });
  return static_cast<std::size_t>(found - pages.begin());
}

/// Built-in pages with the scenario's in their places; new pages come last.
std::vector<PageConfig> resolve_pages(const ClientsConfig& clients) {
  std::vector<PageConfig> pages = builtin_pages();
  for (const PageConfig& page : clients.pages) {
    const std::size_t index = index_of(pages, page.name);
    if (index < pages.size()) {
      pages[index] = page;
    } else {
      pages.push_back(page);
    }
  }
  return pages;
}

Row row_of_thresholds(const std::array<std::int16_t, kTpcwPages>& thresholds, std::size_t pages) {
  Row row(pages, 0.0);
  std::int16_t previous = 0;
  for (std::size_t to = 0; to < kTpcwPages; ++to) {
    if (thresholds[to] == 0) continue;
    row[to] = static_cast<double>(thresholds[to] - previous) / 9999.0;
    previous = thresholds[to];
  }
  return row;
}

/// Sends shares of the visits of `from` through other pages that lead on as `from` did.
void add_detours(Rows& rows, const std::vector<PageConfig>& pages, std::string_view from,
                 std::initializer_list<Detour> detours) {
  const std::size_t source = index_of(pages, from);
  const Row original = rows[source];
  double left = 1.0;
  for (const Detour& detour : detours) left -= detour.share;
  for (double& probability : rows[source]) probability *= left;
  for (const Detour& detour : detours) {
    const std::size_t via = index_of(pages, detour.page);
    rows[source][via] = detour.share;
    rows[via] = original;
  }
}

/// A share of the steps `from` -> `to` passes through `via`.
void add_stop(Rows& rows, const std::vector<PageConfig>& pages, std::string_view from,
              std::string_view to, const Detour& stop) {
  const std::size_t source = index_of(pages, from);
  const std::size_t target = index_of(pages, to);
  const std::size_t via = index_of(pages, stop.page);
  const double step = rows[source][target];
  rows[source][target] = step * (1 - stop.share);
  rows[source][via] = step * stop.share;
  rows[via].assign(pages.size(), 0.0);
  rows[via][target] = 1.0;
}

void replace_row(Rows& rows, const std::vector<PageConfig>& pages,
                 const TransitionConfig& transition) {
  const std::size_t from = index_of(pages, transition.from);
  if (from == pages.size()) return;
  Row row(pages.size(), 0.0);
  const std::size_t length = std::min(transition.to.size(), transition.weights.size());
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t to = index_of(pages, transition.to[i]);
    if (to < pages.size() && transition.weights[i] > 0) row[to] += transition.weights[i];
  }
  rows[from] = std::move(row);
}

/// Cumulative and scaled to end at 1; a row without weight leads to the entry.
Row accumulate(const Row& row, std::size_t entry) {
  double total = 0;
  for (const double weight : row) total += weight;
  Row cumulative(row.size(), 1.0);
  double sum = 0;
  for (std::size_t to = 0; to < row.size(); ++to) {
    sum += total > 0 ? row[to] / total : (to == entry ? 1.0 : 0.0);
    cumulative[to] = std::min(sum, 1.0);
  }
  // The last page that can follow must take what rounding left of 1.
  for (std::size_t to = row.size(); to-- > 0;) {
    cumulative[to] = 1.0;
    if (total > 0 ? row[to] > 0 : to == entry) break;
  }
  return cumulative;
}

/// One step of the chain that goes on with probability `go_on` and starts again otherwise.
std::vector<double> step(const PageGraph& graph, const std::vector<double>& mix, double go_on) {
  std::vector<double> next(mix.size(), 0.0);
  for (std::size_t from = 0; from < mix.size(); ++from) {
    double previous = 0;
    for (std::size_t to = 0; to < mix.size(); ++to) {
      next[to] += go_on * mix[from] * (graph.cumulative[from][to] - previous);
      previous = graph.cumulative[from][to];
    }
  }
  next[graph.entry] += 1 - go_on;
  return next;
}

/// Power iteration. 4,000 steps: the second eigenvalue of the shipped graphs is below 0.9.
std::vector<double> limit_mix(const PageGraph& graph, double go_on) {
  std::vector<double> mix(graph.pages.size(), 0.0);
  mix[graph.entry] = 1;
  for (int i = 0; i < 4000; ++i) {
    std::vector<double> next = step(graph, mix, go_on);
    double change = 0;
    for (std::size_t page = 0; page < mix.size(); ++page) {
      change += next[page] > mix[page] ? next[page] - mix[page] : mix[page] - next[page];
    }
    mix = std::move(next);
    if (change < 1e-14) break;
  }
  return mix;
}

}  // namespace

PageGraph build_page_graph(const ClientsConfig& clients) {
  PageGraph graph;
  graph.pages = resolve_pages(clients);
  Rows rows(graph.pages.size(), Row(graph.pages.size(), 0.0));
  const TransitionThresholds& thresholds = transition_thresholds(clients.mix);
  for (std::size_t from = 0; from < kTpcwPages; ++from) {
    rows[from] = row_of_thresholds(thresholds[from], graph.pages.size());
  }
  add_detours(rows, graph.pages, "product_detail",
              {{"profile_picture", kProfilePictureShare}, {"review", kReviewShare}});
  add_detours(rows, graph.pages, "order_display", {{"receipt", kReceiptShare}});
  add_stop(rows, graph.pages, "customer_registration", "buy_request", {"login", kLoginShare});
  for (const TransitionConfig& transition : clients.transitions) {
    replace_row(rows, graph.pages, transition);
  }
  graph.entry = index_of(graph.pages, "home");
  graph.order_page = index_of(graph.pages, "buy_confirm");
  for (const Row& row : rows) graph.cumulative.push_back(accumulate(row, graph.entry));
  return graph;
}

std::size_t find_page(const PageGraph& graph, std::string_view name) {
  return index_of(graph.pages, name);
}

std::vector<double> stationary_mix(const PageGraph& graph) { return limit_mix(graph, 1.0); }

std::vector<double> session_mix(const PageGraph& graph, double pages_per_session) {
  return limit_mix(graph, pages_per_session > 1 ? 1 - 1 / pages_per_session : 0.0);
}

std::vector<std::string> unreachable_pages(const PageGraph& graph) {
  std::vector<bool> seen(graph.pages.size(), false);
  std::vector<std::size_t> open{graph.entry};
  seen[graph.entry] = true;
  while (!open.empty()) {
    const std::size_t from = open.back();
    open.pop_back();
    double previous = 0;
    for (std::size_t to = 0; to < graph.pages.size(); ++to) {
      const bool leads = graph.cumulative[from][to] > previous;
      previous = graph.cumulative[from][to];
      if (!leads || seen[to]) continue;
      seen[to] = true;
      open.push_back(to);
    }
  }
  std::vector<std::string> names;
  for (std::size_t page = 0; page < seen.size(); ++page) {
    if (!seen[page]) names.push_back(graph.pages[page].name);
  }
  return names;
}

}  // namespace shopsim::models
