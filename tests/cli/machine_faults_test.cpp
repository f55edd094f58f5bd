// The machine fails under `shopsim run`: it is killed, the disk is full, the folder is not ours.
// There is either a whole results file or none, never a broken one.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace shopsim {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "shopsim-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::permissions(path_, fs::perms::owner_all, ignored);
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Starts `shopsim run` of a small scenario; `prepare` runs in the new process before it.
pid_t start_run(const fs::path& output, const fs::path& errors,
                const std::function<void()>& prepare = [] {}) {
  const pid_t process = fork();
  if (process != 0) return process;
  prepare();
  const std::string scenario = std::string(SHOPSIM_SOURCE_DIR) + "/scenarios/server_loss.yaml";
  std::vector<std::string> words = {SHOPSIM_PROGRAM, "run", scenario, "--output", output.string(),
                                    "--quiet", "-r", "5", "-j", "1",
                                    "--set", "traffic.sessions_per_day=3000",
                                    "--set", "catalogue.products=1000",
                                    "--set", "catalogue.images=1000"};
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  if (freopen(errors.c_str(), "wb", stderr) == nullptr) _exit(99);
  if (freopen("/dev/null", "wb", stdout) == nullptr) _exit(99);
  execv(SHOPSIM_PROGRAM, pointers.data());
  _exit(99);
}

int exit_code_of(pid_t process) {
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Met, missed or undecided: the run came to its end.
bool came_to_its_end(int exit_code) { return exit_code == 0 || exit_code == 1 || exit_code == 3; }

TEST(MachineFaults, AKilledRunLeavesNoBrokenFileHeavy) {
  const Folder folder;
  const fs::path errors = folder.path() / "errors";
  const fs::path whole = folder.path() / "whole.h5";
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(came_to_its_end(exit_code_of(start_run(whole, errors)))) << bytes_of(errors);
  const auto lasts = std::chrono::steady_clock::now() - began;
  const std::string reference = bytes_of(whole);
  ASSERT_GT(reference.size(), 1000U);
  const int kills = std::getenv("SHOPSIM_LONG") != nullptr ? 100 : 8;
  std::mt19937_64 random(4);
  int killed = 0;
  for (int i = 0; i < kills; ++i) {
    const fs::path output = folder.path() / ("out" + std::to_string(i) + ".h5");
    const bool had_old_file = i % 2 == 1;
    if (had_old_file) std::ofstream(output) << "an older file";
    const pid_t process = start_run(output, errors);
    std::this_thread::sleep_for(lasts * (random() % 1000) / 950);
    kill(process, SIGKILL);
    killed += exit_code_of(process) == 128 + SIGKILL ? 1 : 0;
    const std::string left = bytes_of(output);
    EXPECT_TRUE(left == reference || left == (had_old_file ? "an older file" : ""))
        << "run " << i << " left " << left.size() << " bytes";
  }
  EXPECT_GT(killed, kills / 4) << "most runs were over before they were killed";
}

TEST(MachineFaults, AFullDiskIsSaidAndLeavesNothingHeavy) {
  const Folder folder;
  const fs::path errors = folder.path() / "errors";
  const fs::path output = folder.path() / "out.h5";
  // No file may grow beyond 4 KiB: writing fails as it does on a full disk.
  const int code = exit_code_of(start_run(output, errors, [] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
  }));
  EXPECT_EQ(code, 70) << bytes_of(errors);
  EXPECT_FALSE(bytes_of(errors).empty());
  EXPECT_FALSE(fs::exists(output));
}

TEST(MachineFaults, AMissingFolderIsBadInputBeforeAnythingRuns) {
  const Folder folder;
  const fs::path errors = folder.path() / "errors";
  std::ofstream(folder.path() / "file") << "not a folder";
  const int code = exit_code_of(start_run(folder.path() / "file" / "out.h5", errors));
  EXPECT_EQ(code, 2) << bytes_of(errors);
  EXPECT_NE(bytes_of(errors).find("out.h5"), std::string::npos) << bytes_of(errors);
}

TEST(MachineFaults, AReadOnlyFolderIsBadInput) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const Folder folder;
  const Folder elsewhere;
  const fs::path errors = elsewhere.path() / "errors";
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(exit_code_of(start_run(folder.path() / "out.h5", errors)), 2) << bytes_of(errors);
}

}  // namespace
}  // namespace shopsim
