#include "analysis/report_labels.hpp"

#include <algorithm>
#include <filesystem>

namespace shopsim::analysis {
namespace {

using Parts = std::vector<std::string>;  ///< of a path, the file's name first

Parts parts_of(const std::string& path, bool with_ending) {
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  Parts parts = {with_ending ? whole.filename().string() : whole.stem().string()};
  for (auto folder = whole.parent_path(); folder.has_filename(); folder = folder.parent_path()) {
    parts.push_back(folder.filename().string());
  }
  return parts;
}

std::string joined(const Parts& parts, std::size_t depth) {
  std::string label = parts[0];
  for (std::size_t i = 1; i < std::min(depth, parts.size()); ++i) label = parts[i] + '/' + label;
  return label;
}

bool begins_alike(const Parts& a, const Parts& b, std::size_t depth) {
  return joined(a, depth) == joined(b, depth);
}

}  // namespace

std::vector<std::string> labels_of(std::span<const std::string> paths) {
  std::vector<Parts> all;
  for (const std::string& path : paths) all.push_back(parts_of(path, false));
  const std::vector<Parts> without_ending = all;
  for (std::size_t i = 0; i < all.size(); ++i) {  // x.h5 and x.hdf5 in one folder
    if (std::ranges::count(without_ending, all[i]) > 1) all[i] = parts_of(paths[i], true);
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto is_shared = [&](std::size_t depth) {
      for (std::size_t k = 0; k < all.size(); ++k) {
        if (k != i && begins_alike(all[i], all[k], depth)) return true;
      }
      return false;
    };
    std::size_t depth = 1;
    while (depth < all[i].size() && is_shared(depth)) ++depth;
    labels.push_back(joined(all[i], depth));
  }
  return labels;
}

}  // namespace shopsim::analysis
