/// Clients: pages and rows of the page graph, retries.
#include <algorithm>
#include <string>

#include "models/check.hpp"
#include "models/page_graph.hpp"
#include "models/page_table.hpp"

namespace shopsim::models {

namespace {

std::vector<std::string_view> page_names(const PageGraph& graph) {
  std::vector<std::string_view> names;
  for (const PageConfig& page : graph.pages) names.push_back(page.name);
  return names;
}

bool has_row(const ClientsConfig& clients, std::string_view page) {
  return std::any_of(clients.transitions.begin(), clients.transitions.end(),
                     [&](const TransitionConfig& row) { return row.from == page; });
}

void check_pages(const ClientsConfig& clients, const CheckSink& sink) {
  const std::vector<std::string_view> classes(kRequestClasses.begin(), kRequestClasses.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < clients.pages.size(); ++i) {
    const PageConfig& page = clients.pages[i];
    names.push_back(page.name);
    if (std::find(classes.begin(), classes.end(), page.request_class) == classes.end()) {
      sink.error("unknown-class", item_path("clients.pages", i, "request_class"),
                 "page '" + page.name + "' has the unknown request class '" +
                     page.request_class + "'",
                 suggest(page.request_class, classes));
    }
    if (!find_builtin_page(page.name) && !has_row(clients, page.name)) {
      sink.error("page-row", item_path("clients.pages", i, "name"),
                 "nothing says what follows the new page '" + page.name + "'",
                 "add a row `from: " + page.name + "` to clients.transitions");
    }
  }
  check_unique(names, "clients.pages", "name", sink);
}

void check_weights(const TransitionConfig& row, const std::string& path, const CheckSink& sink) {
  if (row.to.size() != row.weights.size()) {
    sink.error("page-weights", path + ".weights",
               "`to` names " + std::to_string(row.to.size()) + " pages, but there are " +
                   std::to_string(row.weights.size()) + " weights");
    return;
  }
  double sum = 0;
  bool negative = false;
  for (const double weight : row.weights) {
    negative = negative || !(weight >= 0);
    sum += weight;
  }
  if (negative || !(sum > 0)) {
    sink.error("page-weights", path + ".weights",
               "weights must not be negative and not all be 0");
  }
}

void check_rows(const ClientsConfig& clients, const PageGraph& graph, const CheckSink& sink) {
  const std::vector<std::string_view> names = page_names(graph);
  const auto known = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> from;
  for (std::size_t i = 0; i < clients.transitions.size(); ++i) {
    const TransitionConfig& row = clients.transitions[i];
    const std::string path = item_path("clients.transitions", i);
    from.push_back(row.from);
    if (!known(row.from)) {
      sink.error("unknown-page", path + ".from", "there is no page '" + row.from + "'",
                 suggest(row.from, names));
    }
    for (std::size_t k = 0; k < row.to.size(); ++k) {
      if (known(row.to[k])) continue;
      sink.error("unknown-page", item_path(path + ".to", k),
                 "there is no page '" + row.to[k] + "'", suggest(row.to[k], names));
    }
    check_weights(row, path, sink);
  }
  check_unique(from, "clients.transitions", "from", sink);
}

/// A row is locked by a page that writes.
void check_locks(const ClientsConfig& clients, const CheckSink& sink) {
  for (std::size_t i = 0; i < clients.pages.size(); ++i) {
    const PageConfig& page = clients.pages[i];
    if (page.lock.empty() || page.database_writes > 0) continue;
    sink.error("lock-nothing", item_path("clients.pages", i, "lock"),
               "page '" + page.name + "' never writes: it locks no row",
               "give it database_writes, or remove `lock`");
  }
}

}  // namespace

void check_clients(const ClientsConfig& clients, const CheckSink& sink) {
  const PageGraph graph = build_page_graph(clients);
  check_pages(clients, sink);
  check_rows(clients, graph, sink);
  check_locks(clients, sink);
  for (const std::string& page : unreachable_pages(graph)) {
    sink.error("unreachable-page", "clients.transitions",
               "no way leads from 'home' to page '" + page + "'",
               "name it in the `to` of a page that is visited");
  }
  if (clients.hedge_after.nanoseconds > 0 && clients.hedge_after >= clients.timeout) {
    sink.error("hedge", "clients.hedge_after",
               "nobody asks a second time after " + sim::to_text(clients.hedge_after) +
                   ": the first request is given up after " + sim::to_text(clients.timeout),
               "write less than clients.timeout, or 0 s");
  }
  if (clients.retries.base > clients.retries.cap) {
    sink.error("backoff", "clients.retries.base",
               "the first backoff " + sim::to_text(clients.retries.base) +
                   " is longer than the longest, " + sim::to_text(clients.retries.cap));
  }
}

}  // namespace shopsim::models
