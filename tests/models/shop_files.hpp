#pragma once
/// Copies of the shipped files in a folder of their own, changed as a test needs them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "models/load.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::models::test {

inline std::filesystem::path shipped_scenarios() {
  return std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios";
}

inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// A folder that is gone after the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "shopsim-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// `server_loss.yaml` and `platforms/shop.yaml`, to be changed and loaded.
class ShopFiles {
 public:
  ShopFiles()
      : scenario_(read_file(shipped_scenarios() / "server_loss.yaml")),
        platform_(read_file(shipped_scenarios() / "platforms" / "shop.yaml")) {
    std::filesystem::create_directory(folder_.path() / "platforms");
  }

  /// Replaces the first occurrence; the test fails if there is none.
  void change_scenario(std::string_view from, std::string_view to) {
    change(scenario_, from, to);
  }
  void change_platform(std::string_view from, std::string_view to) {
    change(platform_, from, to);
  }

  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path scenario_file() const {
    return folder_.path() / "scenario.yaml";
  }
  [[nodiscard]] std::filesystem::path platform_file() const {
    return folder_.path() / "platforms" / "shop.yaml";
  }

  std::optional<LoadedScenario> load(sim::Diagnostics& diagnostics,
                                     const LoadOptions& options = {}) const {
    write_file(scenario_file(), scenario_);
    write_file(platform_file(), platform_);
    return load_scenario(scenario_file(), options, diagnostics);
  }

  /// Line, from 1, of the first occurrence of a text.
  [[nodiscard]] std::uint32_t scenario_line(std::string_view text) const {
    return line_of(scenario_, text);
  }
  [[nodiscard]] std::uint32_t platform_line(std::string_view text) const {
    return line_of(platform_, text);
  }

 private:
  static void change(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << "not in the shipped file: " << from;
    text.replace(at, from.size(), to);
  }
  static std::uint32_t line_of(const std::string& whole, std::string_view text) {
    const std::size_t at = whole.find(text);
    EXPECT_NE(at, std::string::npos) << text;
    const auto end = whole.begin() + static_cast<std::ptrdiff_t>(std::min(at, whole.size()));
    return static_cast<std::uint32_t>(1 + std::count(whole.begin(), end, '\n'));
  }

  TemporaryFolder folder_;
  std::string scenario_;
  std::string platform_;
};

inline std::string all_text(const sim::Diagnostics& diagnostics) {
  return sim::to_text(diagnostics, 1000);
}

/// Findings with this code.
inline std::vector<sim::Diagnostic> with_code(const sim::Diagnostics& diagnostics,
                                              std::string_view code) {
  std::vector<sim::Diagnostic> found;
  for (const sim::Diagnostic& d : diagnostics.all()) {
    if (d.code == code) found.push_back(d);
  }
  return found;
}

}  // namespace shopsim::models::test
