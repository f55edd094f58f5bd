#pragma once
/// In which order are resources made? The graph of Ref, GetAtt, Sub and DependsOn inside each
/// template, of nested stacks, and of stacks that import from one another.
#include <cstddef>
#include <memory>
#include <vector>

#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

class Dependencies {
 public:
  explicit Dependencies(const StackSet& set);
  Dependencies(const Dependencies&) = delete;
  Dependencies& operator=(const Dependencies&) = delete;
  ~Dependencies();

  /// Whether `later` is surely made after `earlier`. Stacks that nothing connects count as deployed
  /// in the right order, since no template can say otherwise.
  [[nodiscard]] bool after(const Resource& later, const Resource& earlier) const;
  /// Circles of resources that wait for one another, each once, in the order of waiting.
  [[nodiscard]] std::vector<std::vector<const Resource*>> cycles() const;

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace shopsim::generator::checker
