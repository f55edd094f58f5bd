#include "models/weighted_subset.hpp"

#include <bit>
#include <numeric>

namespace shopsim::models {

namespace {

/// The weight in units of the next power of two above it, as a fraction of 2^32.
std::uint32_t share_of(std::uint64_t weight) {
  const int width = static_cast<int>(std::bit_width(weight));
  return static_cast<std::uint32_t>(width > 32 ? weight >> (width - 32) : weight << (32 - width));
}

}  // namespace

WeightClasses::WeightClasses(const Popularity& law) {
  for (std::uint32_t object = 0; object < law.objects(); ++object) {
    const int width = static_cast<int>(std::bit_width(law.weight(object)));
    if (classes.empty() || classes.back().width != width) {
      by_width[static_cast<std::size_t>(width)] = static_cast<std::uint8_t>(classes.size());
      classes.push_back({object, object, width});
    }
    classes.back().end = object + 1;
  }
}

WeightedSubset::WeightedSubset(const Popularity& law, const WeightClasses& classes)
    : law_(&law),
      classes_(&classes),
      order_(law.objects()),
      place_(law.objects()),
      parts_(classes.classes.size()) {
  for (std::uint32_t object = 0; object < law.objects(); ++object) {
    order_[object] = {object, share_of(law.weight(object))};
  }
  std::iota(place_.begin(), place_.end(), 0U);
  fill();
}

std::size_t WeightedSubset::class_of(std::uint32_t object) const {
  return classes_->by_width[static_cast<std::size_t>(std::bit_width(law_->weight(object)))];
}

void WeightedSubset::fill() {
  for (std::size_t c = 0; c < parts_.size(); ++c) {
    const auto& members = classes_->classes[c];
    const auto weights = law_->weights().subspan(members.first, members.end - members.first);
    parts_[c].count = members.end - members.first;
    parts_[c].weight = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  }
  total_ = law_->total_weight();
}

std::uint32_t WeightedSubset::size() const {
  std::uint32_t sum = 0;
  for (const Part& part : parts_) sum += part.count;
  return sum;
}

std::uint32_t WeightedSubset::draw(sim::Stream& draws) const {
  // From the rare end: in a warm cache most of what is stale is there.
  std::uint64_t left = draws.below(total_);
  std::size_t c = parts_.size() - 1;
  while (left >= parts_[c].weight) left -= parts_[c--].weight;
  const auto& members = classes_->classes[c];
  const std::uint32_t count = parts_[c].count;
  if (count == 1) return order_[members.first].object;
  for (;;) {
    const Member member = order_[members.first + draws.below(count)];
    if ((draws.next() >> 32) < member.share) return member.object;
  }
}

}  // namespace shopsim::models
