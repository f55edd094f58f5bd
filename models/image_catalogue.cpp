#include "models/image_catalogue.hpp"

#include <utility>

#include "models/object_sizes.hpp"

namespace shopsim::models {

ImageCatalogue::ImageCatalogue(const ImageCatalogueOptions& options)
    : ImageCatalogue(Popularity::zipf(options.zipf_alpha, options.images), options.size,
                     options.size_key) {}

ImageCatalogue::ImageCatalogue(Popularity popularity, const sim::SizeDistribution& size,
                               sim::StreamKey size_key)
    : popularity_(std::move(popularity)), bytes_(popularity_.objects()) {
  const ObjectSizes sizes(size, size_key);
  double weighted = 0;
  // From the rare end, so that small terms are not lost in the sum.
  for (std::uint32_t image = images(); image-- > 0;) {
    bytes_[image] = sizes.bytes_of(image);
    total_bytes_ += bytes_[image];
    weighted += popularity_.probability(image) * static_cast<double>(bytes_[image]);
  }
  mean_object_bytes_ = weighted;
}

}  // namespace shopsim::models
