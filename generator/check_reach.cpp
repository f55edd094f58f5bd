#include "generator/check_reach.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/filtered_graph.hpp>

namespace shopsim::generator::checker {
namespace {

using Edges = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = boost::graph_traits<Edges>::vertex_descriptor;

/// Keeps the vertices that are not closed.
struct Open {
  const std::vector<bool>* closed = nullptr;
  bool operator()(Vertex vertex) const { return closed == nullptr || !(*closed)[vertex]; }
};

}  // namespace

struct ReachGraph::Graph {
  explicit Graph(std::size_t vertices) : edges(vertices) {}
  Edges edges;
};

ReachGraph::ReachGraph(std::size_t vertices)
    : graph_(std::make_unique<Graph>(vertices)) {}

ReachGraph::~ReachGraph() = default;

void ReachGraph::connect(std::size_t from, std::size_t to) {
  boost::add_edge(from, to, graph_->edges);
}

std::vector<std::size_t> ReachGraph::path(std::size_t from, std::size_t to,
                                          const std::vector<bool>& closed) const {
  if (closed[from] || closed[to]) return {};
  const boost::filtered_graph<Edges, boost::keep_all, Open> open(graph_->edges, boost::keep_all{},
                                                                 Open{&closed});
  std::vector<Vertex> before(boost::num_vertices(graph_->edges));
  for (Vertex v = 0; v < before.size(); ++v) before[v] = v;
  boost::breadth_first_search(
      open, from,
      boost::visitor(boost::make_bfs_visitor(
          boost::record_predecessors(before.data(), boost::on_tree_edge()))));
  if (to != from && before[to] == to) return {};
  std::vector<std::size_t> path{to};
  while (path.back() != from) path.push_back(before[path.back()]);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace shopsim::generator::checker
