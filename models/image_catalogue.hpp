#pragma once
/// Which images does the shop have, how often is each looked at and how large is it? Fixed for a
/// run and shared by every cache that holds some of them.
#include <cstdint>
#include <vector>

#include "models/popularity.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"
#include "sim/table.hpp"

namespace shopsim::models {

struct ImageCatalogueOptions {
  std::uint32_t images = 1;
  double zipf_alpha = 0.9;
  sim::SizeDistribution size;
  sim::StreamKey size_key{};  ///< names the draw of the sizes
};

/// Immutable after construction; 20 bytes per image.
class ImageCatalogue {
 public:
  explicit ImageCatalogue(const ImageCatalogueOptions& options);
  /// With another law of popularity, e.g. that of a trace.
  ImageCatalogue(Popularity popularity, const sim::SizeDistribution& size, sim::StreamKey size_key);

  [[nodiscard]] const Popularity& popularity() const { return popularity_; }
  [[nodiscard]] std::uint32_t images() const { return popularity_.objects(); }
  [[nodiscard]] std::uint32_t bytes_of(std::uint32_t image) const { return bytes_[image]; }
  [[nodiscard]] std::int64_t total_bytes() const { return total_bytes_; }
  /// Mean size of a requested image: weighted by popularity.
  [[nodiscard]] double mean_object_bytes() const { return mean_object_bytes_; }

 private:
  Popularity popularity_;
  sim::Table<std::uint32_t> bytes_;  ///< [image]
  std::int64_t total_bytes_ = 0;
  double mean_object_bytes_ = 0;
};

}  // namespace shopsim::models
