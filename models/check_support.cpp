/// Small things all checks share.
#include <algorithm>

#include "models/check.hpp"

namespace shopsim::models {

std::string item_path(std::string_view list, std::size_t index, std::string_view member) {
  std::string path = std::string(list) + "[" + std::to_string(index) + "]";
  if (!member.empty()) path += "." + std::string(member);
  return path;
}

void check_unique(const std::vector<std::string>& names, std::string_view list,
                  std::string_view member, const CheckSink& sink) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(i);
    if (names[i].empty() || std::find(names.begin(), end, names[i]) == end) continue;
    sink.error("duplicate-name", item_path(list, i, member),
               "the name '" + names[i] + "' stands twice in `" + std::string(list) + "`",
               "give each its own name");
  }
}

std::string suggest(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view nearest = sim::nearest_word(word, known);
  if (!nearest.empty()) return "did you mean '" + std::string(nearest) + "'?";
  std::string all = "known:";
  for (const std::string_view name : known) {
    if (all.size() > 400) return all + " ...";
    all += " " + std::string(name);
  }
  return all;
}

}  // namespace shopsim::models
