#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "shop_files.hpp"

namespace shopsim::models {
namespace {

/// Source ids in a text: S-ALB-HC, S-RDS-MAZ, ...
std::set<std::string> ids_in(const std::string& text) {
  static const std::regex pattern("\\bS-[A-Z0-9]+(-[A-Z0-9]+)*\\b");
  std::set<std::string> ids;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern);
       it != std::sregex_iterator(); ++it) {
    ids.insert(it->str());
  }
  return ids;
}

TEST(Sources, EveryIdTheModelsNameIsResolved) {
  const std::filesystem::path root(SHOPSIM_SOURCE_DIR);
  const std::set<std::string> known = ids_in(test::read_file(root / "docs" / "sources.md"));
  ASSERT_GT(known.size(), 100U);
  for (const char* folder : {"models", "scenarios"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file()) continue;
      for (const std::string& id : ids_in(test::read_file(entry.path()))) {
        EXPECT_TRUE(known.contains(id)) << id << " of " << entry.path().filename();
      }
    }
  }
}

}  // namespace
}  // namespace shopsim::models
