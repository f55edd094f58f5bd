#include "generator/check_dependencies.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <map>
#include <optional>
#include <set>

#include "generator/check_names.hpp"

namespace shopsim::generator::checker {
namespace {

using Edges = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = boost::graph_traits<Edges>::vertex_descriptor;

void collect_stacks(const Value& value, std::set<std::size_t>& stacks) {
  for (const Reference& reference : references_in(value.text)) stacks.insert(reference.stack);
  for (const Value& item : value.items) collect_stacks(item, stacks);
}

}  // namespace

/// Vertices: the resources of all stacks, then for each stack its begin and its end. An edge leads
/// from what waits to what it waits for.
struct Dependencies::Graph {
  const StackSet& set;
  std::vector<const Resource*> resources;
  std::map<const Resource*, Vertex> vertex_of;
  Edges edges;
  mutable std::map<Vertex, std::vector<char>> reached;

  Graph(const StackSet& given, std::size_t vertices) : set(given), edges(vertices) {}
  [[nodiscard]] Vertex begin_of(std::size_t stack) const { return resources.size() + 2 * stack; }
  [[nodiscard]] Vertex end_of(std::size_t stack) const { return begin_of(stack) + 1; }
  [[nodiscard]] std::size_t top_of(std::size_t stack) const {
    while (const auto& parent = set.stacks()[stack].parent) stack = parent->stack;
    return stack;
  }
  void connect_resource(const Resource& resource);
  void connect_imports(std::size_t stack);
  [[nodiscard]] bool reaches(Vertex from, Vertex to) const;
  [[nodiscard]] std::vector<const Resource*> circle_through(Vertex start,
                                                            const std::vector<int>& part) const;
};

void Dependencies::Graph::connect_resource(const Resource& resource) {
  const Vertex self = vertex_of.at(&resource);
  // A template that two parents use is one child here, of the first.
  const auto own = resource.child ? set.stacks()[*resource.child].parent : std::nullopt;
  const bool has_child =
      own && own->stack == resource.stack && own->resource == resource.id;
  boost::add_edge(self, begin_of(resource.stack), edges);
  boost::add_edge(end_of(resource.stack), self, edges);
  for (const NameUse& use : names_used(*resource.node)) {
    const Resource* target = set.find(resource.stack, use.name);
    if (target == nullptr) continue;
    const Vertex there = vertex_of.at(target);
    boost::add_edge(self, there, edges);
    if (has_child) boost::add_edge(begin_of(*resource.child), there, edges);
  }
  if (has_child) boost::add_edge(self, end_of(*resource.child), edges);
  if (const auto& parent = set.stacks()[resource.stack].parent) {
    const Resource* maker = set.find(parent->stack, parent->resource);
    boost::add_edge(begin_of(resource.stack), begin_of(maker->stack), edges);
  }
}

void Dependencies::Graph::connect_imports(std::size_t stack) {
  std::set<std::size_t> used;
  for (const Resource& resource : set.stacks()[stack].resources) {
    collect_stacks(resource.body, used);
  }
  for (const std::size_t other : used) {
    if (other < set.stacks().size() && top_of(other) != top_of(stack)) {
      boost::add_edge(begin_of(stack), end_of(other), edges);
    }
  }
}

bool Dependencies::Graph::reaches(Vertex from, Vertex to) const {
  auto [found, is_new] = reached.try_emplace(from);
  if (is_new) {
    found->second.assign(boost::num_vertices(edges), 0);
    std::vector<Vertex> open{from};
    while (!open.empty()) {
      const Vertex here = open.back();
      open.pop_back();
      for (const Vertex next : boost::make_iterator_range(boost::adjacent_vertices(here, edges))) {
        if (found->second[next] != 0) continue;
        found->second[next] = 1;
        open.push_back(next);
      }
    }
  }
  return found->second[to] != 0;
}

std::vector<const Resource*> Dependencies::Graph::circle_through(
    Vertex start, const std::vector<int>& part) const {
  // The shortest way from `start` back to itself inside its component.
  std::map<Vertex, Vertex> came_from;
  std::vector<Vertex> open{start};
  for (std::size_t i = 0; i < open.size(); ++i) {
    for (const Vertex next : boost::make_iterator_range(boost::adjacent_vertices(open[i], edges))) {
      if (part[next] != part[start]) continue;
      if (next == start) {
        std::vector<const Resource*> circle;
        for (Vertex at = open[i];; at = came_from.at(at)) {
          if (at < resources.size()) circle.push_back(resources[at]);
          if (at == start) break;
        }
        std::reverse(circle.begin(), circle.end());
        return circle;
      }
      if (came_from.emplace(next, open[i]).second) open.push_back(next);
    }
  }
  return {};
}

Dependencies::Dependencies(const StackSet& set) {
  std::size_t vertices = 2 * set.stacks().size();
  for (const Stack& stack : set.stacks()) vertices += stack.resources.size();
  graph_ = std::make_unique<Graph>(set, vertices);
  for (const Stack& stack : set.stacks()) {
    for (const Resource& resource : stack.resources) {
      graph_->vertex_of.emplace(&resource, graph_->resources.size());
      graph_->resources.push_back(&resource);
    }
  }
  for (const Resource* resource : graph_->resources) graph_->connect_resource(*resource);
  for (std::size_t i = 0; i < set.stacks().size(); ++i) graph_->connect_imports(i);
}

Dependencies::~Dependencies() = default;

bool Dependencies::after(const Resource& later, const Resource& earlier) const {
  if (graph_->reaches(graph_->vertex_of.at(&later), graph_->vertex_of.at(&earlier))) return true;
  const std::size_t top = graph_->top_of(later.stack);
  const std::size_t other = graph_->top_of(earlier.stack);
  return top != other && !graph_->reaches(graph_->begin_of(other), graph_->end_of(top));
}

std::vector<std::vector<const Resource*>> Dependencies::cycles() const {
  std::vector<int> part(boost::num_vertices(graph_->edges));
  const int parts = boost::strong_components(
      graph_->edges,
      boost::make_iterator_property_map(part.begin(),
                                        boost::get(boost::vertex_index, graph_->edges)));
  std::vector<char> done(static_cast<std::size_t>(parts), 0);
  std::vector<std::vector<const Resource*>> circles;
  for (Vertex v = 0; v < graph_->resources.size(); ++v) {
    const auto own = static_cast<std::size_t>(part[v]);
    if (done[own] != 0) continue;
    auto circle = graph_->circle_through(v, part);
    if (circle.empty()) continue;
    done[own] = 1;
    // Separate stacks that only seem to import from one another are no circle.
    const std::size_t top = graph_->top_of(circle.front()->stack);
    if (std::any_of(circle.begin(), circle.end(), [&](const Resource* one) {
          return graph_->top_of(one->stack) != top;
        })) {
      continue;
    }
    circles.push_back(std::move(circle));
  }
  return circles;
}

}  // namespace shopsim::generator::checker
