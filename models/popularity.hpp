#pragma once
/// How often is each object (image, cache key) asked for? Ids are dense and ordered by rank: object
/// 0 is the most popular one. Requests are independent of each other (the independent reference
/// model); real streams have more locality, so look-aside caches hit more often than this says
/// (validated against key traces: see KeyTraceReplay in key_trace.hpp for the alternative).
/// Weights are integers, so sums are exact and every compiler draws the same objects.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/int128.hpp"
#include "sim/random.hpp"
#include "sim/table.hpp"

namespace shopsim::models {

/// A popularity law over `objects()` objects. Objects of nearly equal weight form a class: an alias
/// table (Walker 1977, built as in Vose 1991, in integers) gives the class, a second word the place
/// in it, and one draw in fifty is tried again so that the weights come out exact. The few hundred
/// classes stay in the nearest cache, where an alias table over all objects costs a cache miss.
class Popularity {
 public:
  /// Most objects a law can have; leaves room for flag bits beside an id.
  static constexpr std::uint32_t kMostObjects = 1U << 28;

  /// Zipf: the weight of rank i (from 1) is i^-alpha. `alpha` in [0, 4], `objects` in
  /// [1, kMostObjects]; values outside are moved to the nearest bound.
  static Popularity zipf(double alpha, std::uint32_t objects);

  /// Empirical: weights as counted (0 is taken as 1), put in order of rank. An empty span gives one
  /// object. The sum must stay below 2^62.
  static Popularity from_counts(std::span<const std::uint64_t> counts);

  [[nodiscard]] std::uint32_t objects() const {
    return static_cast<std::uint32_t>(weights_.size());
  }
  [[nodiscard]] std::uint64_t weight(std::uint32_t object) const { return weights_[object]; }
  [[nodiscard]] std::span<const std::uint64_t> weights() const { return weights_; }
  [[nodiscard]] std::uint64_t total_weight() const { return total_weight_; }
  [[nodiscard]] double probability(std::uint32_t object) const {
    return static_cast<double>(weights_[object]) / static_cast<double>(total_weight_);
  }

  /// The object that 64 uniform random bits stand for. Off the exact weights by less than 2^-31
  /// of a class's probability.
  [[nodiscard]] std::uint32_t object_for(std::uint64_t bits) const {
    for (;;) {
      const Class& chosen = classes_[class_for(bits)];
      bits = sim::mix64(bits + sim::kGolden);
      const std::uint32_t object =
          chosen.first + static_cast<std::uint32_t>(sim::multiply_high(bits, chosen.count));
      const auto fraction = static_cast<std::uint32_t>((bits * chosen.count) >> 32);
      if (fraction < chosen.sure || keeps(chosen, object, fraction)) [[likely]] return object;
      bits = sim::mix64(bits + sim::kGolden);
    }
  }

 private:
  /// Below `threshold` (of 2^32) the slot's own index, else `alias`.
  struct Slot {
    std::uint32_t threshold = 0;
    std::uint32_t alias = 0;
  };
  /// Objects of nearly equal weight. Every one is drawn as if it had the weight of the first, and
  /// kept with probability weight / weight of the first: `sure` (of 2^32) is the least of these.
  struct Class {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t sure = 0;
  };

  explicit Popularity(sim::Table<std::uint64_t> weights);
  void make_classes();
  void make_slots();

  [[nodiscard]] std::uint32_t class_for(std::uint64_t bits) const {
    const sim::Uint128 product = static_cast<sim::Uint128>(bits) * slots_.size();
    const auto index = static_cast<std::uint32_t>(product >> 64);
    const auto fraction = static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32);
    const Slot slot = slots_[index];
    // Masks instead of a branch, which would be wrong half of the time.
    const std::uint32_t own = 0U - static_cast<std::uint32_t>(fraction < slot.threshold);
    return slot.alias ^ ((slot.alias ^ index) & own);
  }
  [[nodiscard]] bool keeps(const Class& chosen, std::uint32_t object,
                           std::uint32_t fraction) const {
    return static_cast<sim::Uint128>(weights_[chosen.first]) * fraction <
           static_cast<sim::Uint128>(weights_[object]) << 32;
  }

  sim::Table<std::uint64_t> weights_;  ///< [object], most popular first
  std::vector<Class> classes_;          ///< most popular first
  std::vector<Slot> slots_;             ///< [class]
  std::uint64_t total_weight_ = 0;
};

}  // namespace shopsim::models
