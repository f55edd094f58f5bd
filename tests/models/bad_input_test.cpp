// Files that no run can come of: each ends in findings at file:line:column, in bounded time and
// memory, through the same door as every run.
#include <algorithm>

#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using test::ShopFiles;
using test::TemporaryFolder;

/// A scenario file of that text beside the shipped platform.
class BadFile {
 public:
  explicit BadFile(std::string_view text) {
    std::filesystem::create_directory(folder_.path() / "platforms");
    std::filesystem::copy_file(test::shipped_scenarios() / "platforms" / "shop.yaml",
                               folder_.path() / "platforms" / "shop.yaml");
    test::write_file(file(), text);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "scenario.yaml"; }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
  sim::Diagnostics load() const {
    sim::Diagnostics diagnostics;
    EXPECT_FALSE(load_scenario(file(), {}, diagnostics));
    return diagnostics;
  }

 private:
  TemporaryFolder folder_;
};

struct Row {
  const char* what;
  std::string text;
  const char* code;
  std::uint32_t line;
  std::uint32_t column;
};

const std::string kHead = "name: x\nplatform: platforms/shop.yaml\n";

std::string alias_bomb() {
  std::string text = kHead + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) text += ", " + before;
    text += "]\n";
  }
  return text;
}

TEST(BadInput, EveryKindIsFoundAtItsPlace) {
  const std::vector<Row> rows = {
      {"unknown key", kHead + "duratoin: 2 h\n", "unknown-key", 3, 1},
      {"missing unit", kHead + "duration: 2\n", "missing-unit", 3, 11},
      {"out of range", kHead + "duration: 1000 day\n", "out-of-range", 3, 11},
      {"duplicate key", kHead + "start: 10:00\nstart: 11:00\n", "duplicate-key", 4, 1},
      {"tabs", kHead + "traffic:\n\tgrowth: 2\n", "syntax", 4, 1},
      {"alias bomb", alias_bomb(), "alias-bomb", 6, 45},
      {"deep nesting", kHead + "x: " + std::string(5000, '[') + std::string(5000, ']') + "\n",
       "too-deep", 3, 0},
      {"binary", std::string("\x7f""ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\xff\xfe", 18),
       "binary-file", 1, 1},
      {"fault outside", kHead + "start: 10:00\nduration: 1 h\nfaults:\n  - name: late\n"
                                "    at: 11:30\n    cache_flush: {}\n",
       "fault-outside", 7, 9},
      {"reference to nothing", kHead + "faults:\n  - name: a\n    at: 10:00\n"
                                       "    zone_loss: {zone: us-east-1q}\n",
       "unknown-zone", 6, 23},
      {"no platform file", "name: x\nplatform: platforms/shpo.yaml\n", "", 0, 0},
  };
  for (const Row& row : rows) {
    const BadFile bad(row.text);
    const sim::Diagnostics found = bad.load();
    ASSERT_TRUE(found.has_errors()) << row.what;
    bool there = false;
    for (const sim::Diagnostic& finding : found.all()) {
      if (finding.severity != sim::Severity::error) continue;
      EXPECT_FALSE(finding.message.empty());
      there = there || ((*row.code == '\0' || finding.code == row.code) &&
                        (row.line == 0 || finding.place.line == row.line) &&
                        (row.column == 0 || finding.place.column == row.column));
    }
    EXPECT_TRUE(there) << row.what << "\n" << test::all_text(found);
  }
}

TEST(BadInput, AllMistakesOfAFileAreReportedAtOnce) {
  const BadFile bad(kHead + "duratoin: 2 h\nduration: 2\ntraffic:\n  growth: -1\nfaults:\n"
                            "  - name: a\n    at: 10:00\n    zone_loss: {zone: us-east-1q}\n");
  const sim::Diagnostics found = bad.load();
  std::vector<std::uint32_t> lines;
  for (const sim::Diagnostic& finding : found.all()) lines.push_back(finding.place.line);
  for (const std::uint32_t line : {3U, 4U, 6U, 10U}) {
    EXPECT_NE(std::find(lines.begin(), lines.end(), line), lines.end())
        << "line " << line << "\n" << test::all_text(found);
  }
}

/// A file of 10 GB that takes no space on the disk.
void make_huge(const std::filesystem::path& file, std::string_view begin) {
  test::write_file(file, begin);
  std::filesystem::resize_file(file, std::uintmax_t{10'000'000'000});
}

TEST(BadInput, TenGigabytesAreRefusedWithoutReadingThemWhereverTheyStand) {
  const BadFile scenario(kHead);
  make_huge(scenario.file(), kHead);
  EXPECT_EQ(test::with_code(scenario.load(), "file-too-large").size(), 1U);

  const BadFile platform(kHead);
  make_huge(platform.folder() / "platforms" / "shop.yaml", "name: shop\n");
  EXPECT_EQ(test::with_code(platform.load(), "file-too-large").size(), 1U);

  const BadFile trace(kHead + "traffic:\n  trace: {file: huge.csv, bin: 60 s}\n");
  make_huge(trace.folder() / "huge.csv", "1\n2\n");
  const auto found = test::with_code(trace.load(), "trace-unreadable");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].place.line, 4U);
  EXPECT_EQ(found[0].place.column, 17U);

  const BadFile keys(kHead + "catalogue:\n  key_trace: huge.txt\n");
  make_huge(keys.folder() / "huge.txt", "key\n");
  EXPECT_EQ(test::with_code(keys.load(), "key-trace").size(), 1U);
}

TEST(BadInput, ATraceOfOneEndlessLineIsRefusedAtItsStart) {
  const BadFile bad(kHead + "traffic:\n  trace: {file: line.csv, bin: 60 s}\n");
  const auto line = bad.folder() / "line.csv";
  test::write_file(line, "1\n");
  std::filesystem::resize_file(line, std::uintmax_t{900'000'000});  // zeros without a line end
  const auto found = test::with_code(bad.load(), "trace-line");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].place.file, line.string());
  EXPECT_EQ(found[0].place.line, 2U);
}

TEST(BadInput, APlatformThatCannotWorkIsRefused) {
  ShopFiles files;
  files.change_platform("  zones:  # each zone: one subnet for balancer and NAT, one for web "
                        "servers, one for data\n",
                        "  zones: []\n  ignored:\n");
  files.change_platform("connections: 30 ", "connections: 300 ");
  files.change_platform("workers: 64", "workers: 9000");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto zones = test::with_code(diagnostics, "list-length");
  ASSERT_FALSE(zones.empty()) << test::all_text(diagnostics);
  EXPECT_EQ(zones[0].place.line, files.platform_line("zones: []"));
  const auto pools = test::with_code(diagnostics, "pool-connections");
  ASSERT_EQ(pools.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(pools[0].place.line, files.platform_line("connections: 300 "));
  const auto memory = test::with_code(diagnostics, "web-memory");
  ASSERT_EQ(memory.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(memory[0].place.line, files.platform_line("workers: 9000"));
  EXPECT_GT(memory[0].place.column, 0U);
}

TEST(BadInput, AThinnedImageModelThatNeverEvictsIsRefused) {
  ShopFiles files;
  files.change_platform("edge_capacity: 60 GB", "edge_capacity: 1 GB");
  files.change_platform("image_model: auto", "image_model: thinned");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto found = test::with_code(diagnostics, "image-model");
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].place.line, files.platform_line("image_model: thinned"));
  EXPECT_EQ(found[0].place.file, files.platform_file().string());
}

}  // namespace
}  // namespace shopsim::models
