#pragma once
/// The fuzzers' corpus, and small random changes of it, in the usual test run. Long runs with
/// coverage: scripts/fuzz.sh.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace shopsim::fuzz {
inline std::vector<std::string> corpus(const std::string& target) {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path(SHOPSIM_SOURCE_DIR) / "fuzz" / "corpus" / target;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return texts;
}

/// Replays every text and `changes` variants of it with one to three bytes changed, removed, or
/// taken from another text.
inline void replay(const std::string& target, void (*run)(std::string_view), int changes) {
  const std::vector<std::string> texts = corpus(target);
  ASSERT_GE(texts.size(), 5U);
  std::mt19937_64 random(12);
  for (const std::string& text : texts) {
    ASSERT_NO_THROW(run(text)) << text;
    for (int i = 0; i < changes; ++i) {
      std::string changed = text;
      for (std::uint64_t n = 1 + random() % 3; n > 0 && !changed.empty(); --n) {
        const std::size_t at = random() % changed.size();
        const std::string& other = texts[random() % texts.size()];
        switch (random() % 3) {
          case 0: changed[at] = static_cast<char>(random() & 0x7fU); break;
          case 1: changed.erase(at, 1 + random() % 4); break;
          default:
            if (other.empty()) break;
            changed.insert(at, other.substr(random() % other.size(), 1 + random() % 8));
        }
      }
      ASSERT_NO_THROW(run(changed)) << changed;
    }
  }
}

}  // namespace shopsim::fuzz
