#pragma once
/// Runs the built program as a user would and looks at what comes back.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace shopsim::cli::testing {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "shopsim-cli-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// `arguments` go through the shell; the program runs in `folder`.
inline Outcome shopsim(const std::filesystem::path& folder, const std::string& arguments) {
  const auto out = folder / ".out";
  const auto err = folder / ".err";
  const std::string command = "cd '" + folder.string() + "' && '" SHOPSIM_PROGRAM "' " +
                              arguments + " >'" + out.string() + "' 2>'" + err.string() + "'";
  const int status = std::system(command.c_str());
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(out), content(err)};
  std::filesystem::remove(out);
  std::filesystem::remove(err);
  return outcome;
}

/// A shipped scenario, shortened: 20 minutes at a hundredth of the traffic, small catalogues.
inline std::string short_run(const std::string& scenario) {
  return "run '" SHOPSIM_SOURCE_DIR "/scenarios/" + scenario +
         ".yaml' --set duration='20 min' --set warm_up='5 min' --set traffic.growth=0.3"
         " --set catalogue.products=5000 --set catalogue.images=2000 ";
}

}  // namespace shopsim::cli::testing
