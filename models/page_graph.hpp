#pragma once
/// Which page follows which: a Markov chain over pages, entered at `home`. A session ends after a
/// geometric number of pages whatever the page; that is the clients' business, not the graph's.
/// Source: page_table.hpp. Rows and pages of the scenario replace built-in ones by name.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.hpp"

namespace shopsim::models {

struct PageGraph {
  std::vector<PageConfig> pages;
  /// [from][to], cumulative probabilities along a row; the last is exactly 1. A row of which
  /// nothing is known leads to the entry.
  std::vector<std::vector<double>> cumulative;
  std::size_t entry = 0;
  std::size_t order_page = 0;  ///< buy_confirm: seeing it served is an order

  [[nodiscard]] bool is_order_page(std::size_t page) const { return page == order_page; }
};

/// The graph of a scenario's clients. Names that check.hpp refuses (unknown pages in rows, weights
/// that do not match) are left out, so this never fails.
[[nodiscard]] PageGraph build_page_graph(const ClientsConfig& clients);

/// Index of a page by name; pages.size() when there is none.
[[nodiscard]] std::size_t find_page(const PageGraph& graph, std::string_view name);

/// Probability of each page in the long run of one endless session. Sums to 1.
[[nodiscard]] std::vector<double> stationary_mix(const PageGraph& graph);

/// Share of each page over sessions of `pages_per_session` pages in the mean (geometric, at least
/// 1), all entered at `entry`: what the servers see. Sums to 1.
[[nodiscard]] std::vector<double> session_mix(const PageGraph& graph, double pages_per_session);

/// Pages that cannot be reached from the entry. Empty is good.
[[nodiscard]] std::vector<std::string> unreachable_pages(const PageGraph& graph);

}  // namespace shopsim::models
