#pragma once
/// Is there a way from here to there when some places are closed? A small graph over Boost.Graph.
#include <cstddef>
#include <memory>
#include <vector>

namespace shopsim::generator::checker {

class ReachGraph {
 public:
  explicit ReachGraph(std::size_t vertices);
  ReachGraph(const ReachGraph&) = delete;
  ReachGraph& operator=(const ReachGraph&) = delete;
  ~ReachGraph();

  void connect(std::size_t from, std::size_t to);
  /// The shortest path from `from` to `to` through vertices that are not closed, both included;
  /// empty: there is none. `closed` has an entry for each vertex.
  [[nodiscard]] std::vector<std::size_t> path(std::size_t from, std::size_t to,
                                              const std::vector<bool>& closed) const;

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace shopsim::generator::checker
