#pragma once
/// Bytes in a file, for readers that take a path.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "sim/check.hpp"

namespace shopsim::fuzz {

/// A file of its own for this process, removed at the end of the scope.
class InputFile {
 public:
  InputFile(std::string_view bytes, std::string_view suffix) {
    std::string name = "shopsim_fuzz_";
    name += std::to_string(getpid());
    name += suffix;
    path_ = std::filesystem::temp_directory_path() / name;
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file << bytes;
    SHOPSIM_CHECK(file.flush().good(), "cannot write ", path_.string());
  }
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace shopsim::fuzz
