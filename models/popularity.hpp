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

namespace shopsim::models {

/// A popularity law over `objects()` objects with an alias table: one 64-bit draw and one 8-byte
/// slot per object drawn (Walker 1977, built as in Vose 1991, in integers).
class Popularity {
 public:
  /// Most objects a law can have; leaves room for flag bits beside an id.
  static constexpr std::uint32_t kMostObjects = 1U << 28;

  /// Zipf: the weight of rank i (from 1) is i^-alpha. `alpha` in [0, 4], `objects` in
  /// [1, kMostObjects]; values outside are moved to the nearest bound.
  static Popularity zipf(double alpha, std::uint32_t objects);

  /// Empirical: weights as counted (0 is taken as 1), put in order of rank. An empty span gives one
  /// object. The sum must stay below 2^63.
  static Popularity from_counts(std::span<const std::uint64_t> counts);

  [[nodiscard]] std::uint32_t objects() const { return static_cast<std::uint32_t>(slots_.size()); }
  [[nodiscard]] std::uint64_t weight(std::uint32_t object) const { return weights_[object]; }
  [[nodiscard]] std::span<const std::uint64_t> weights() const { return weights_; }
  [[nodiscard]] std::uint64_t total_weight() const { return total_weight_; }
  [[nodiscard]] double probability(std::uint32_t object) const {
    return static_cast<double>(weights_[object]) / static_cast<double>(total_weight_);
  }

  /// The object that 64 uniform random bits stand for. Off the exact weights by less than
  /// 2^-32 / objects() in probability.
  [[nodiscard]] std::uint32_t object_for(std::uint64_t bits) const {
    const sim::Uint128 product = static_cast<sim::Uint128>(bits) * slots_.size();
    const auto index = static_cast<std::uint32_t>(product >> 64);
    const auto fraction = static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32);
    const Slot slot = slots_[index];
    return fraction < slot.threshold ? index : slot.alias;
  }

  /// Starts loading the slot that object_for(bits) will read.
  void prefetch(std::uint64_t bits) const {
    const auto index = sim::multiply_high(bits, slots_.size());
    __builtin_prefetch(&slots_[index]);
  }

 private:
  /// Below `threshold` (of 2^32) the slot's own index, else `alias`.
  struct Slot {
    std::uint32_t threshold = 0;
    std::uint32_t alias = 0;
  };

  explicit Popularity(std::vector<std::uint64_t> weights);

  std::vector<std::uint64_t> weights_;  ///< [object], most popular first
  std::vector<Slot> slots_;             ///< [object]
  std::uint64_t total_weight_ = 0;
};

}  // namespace shopsim::models
