#pragma once
/// A changing subset of the objects of a popularity law, from which one is drawn with probability
/// proportional to its weight. Insert and erase are O(1); a draw takes a scan over the classes of
/// equal powers of two (about log2 of the largest over the smallest weight) and less than two tries
/// on average: in its class an object is kept with probability weight / next power of two >= 1/2.
/// About half the cost of a Fenwick tree: docs/performance.md, Caches.
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/popularity.hpp"
#include "sim/random.hpp"
#include "sim/table.hpp"

namespace shopsim::models {

/// The objects of a law in classes [2^(w-1), 2^w) of weight. Ids are in order of weight, so a class
/// is a range of ids. Shared by the subsets of one law.
struct WeightClasses {
  struct Class {
    std::uint32_t first = 0;  ///< first object
    std::uint32_t end = 0;    ///< one past the last
    int width = 0;            ///< weights are below 2^width
  };

  explicit WeightClasses(const Popularity& law);

  std::vector<Class> classes;                  ///< most popular first
  std::array<std::uint8_t, 65> by_width{};     ///< index in `classes` by bit width of the weight
};

/// A copyable value of 12 bytes per object; law and classes must outlive it.
class WeightedSubset {
 public:
  /// Starts with all objects in it.
  WeightedSubset(const Popularity& law, const WeightClasses& classes);

  [[nodiscard]] bool contains(std::uint32_t object) const {
    return contains_in(class_of(object), object);
  }
  /// Adds an object; nothing happens if it is in already.
  void insert(std::uint32_t object) {
    const std::size_t c = class_of(object);
    if (contains_in(c, object)) return;
    swap_to(object, classes_->classes[c].first + parts_[c].count);
    ++parts_[c].count;
    add_weight(c, law_->weight(object));
  }
  /// Removes an object; nothing happens if it is not in.
  void erase(std::uint32_t object) {
    const std::size_t c = class_of(object);
    if (!contains_in(c, object)) return;
    --parts_[c].count;
    swap_to(object, classes_->classes[c].first + parts_[c].count);
    add_weight(c, 0 - law_->weight(object));
  }
  /// Adds all objects.
  void fill();

  /// Sum of the weights inside, exact.
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::uint32_t size() const;

  /// An object drawn by weight; total() must not be 0.
  [[nodiscard]] std::uint32_t draw(sim::Stream& draws) const;

 private:
  /// The weight stands beside the object, so that a try loads one cache line instead of two (a draw
  /// was half the cost of a page). Cut to 32 bits: off by less than 2^-31 of itself.
  struct Member {
    std::uint32_t object = 0;
    std::uint32_t share = 0;  ///< weight * 2^32 / 2^(width of its class)
  };
  struct Part {
    std::uint64_t weight = 0;
    std::uint32_t count = 0;
  };

  [[nodiscard]] std::size_t class_of(std::uint32_t object) const;
  [[nodiscard]] bool contains_in(std::size_t c, std::uint32_t object) const {
    return place_[object] < classes_->classes[c].first + parts_[c].count;
  }
  void add_weight(std::size_t c, std::uint64_t weight) {
    parts_[c].weight += weight;
    total_ += weight;
  }
  void swap_to(std::uint32_t object, std::uint32_t place) {
    const std::uint32_t from = place_[object];
    std::swap(order_[from], order_[place]);
    place_[order_[from].object] = from;
    place_[object] = place;
  }

  const Popularity* law_;
  const WeightClasses* classes_;
  sim::Table<Member> order_;         ///< [place]: in every class those inside come first
  sim::Table<std::uint32_t> place_;  ///< [object]
  std::vector<Part> parts_;           ///< [class]
  std::uint64_t total_ = 0;
};

}  // namespace shopsim::models
