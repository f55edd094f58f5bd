#include "analysis/html_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "analysis/report_labels.hpp"

namespace shopsim::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(HtmlReport, TextCannotBeginMarkup) {
  EXPECT_EQ(escaped("<b a=\"1\" c='2'>&amp;"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
}

TEST(HtmlReport, JsonCannotEndItsScriptElement) {
  EXPECT_EQ(escaped_json(R"({"a":"</script><!--&"})"),
            R"({"a":"\u003c/script\u003e\u003c!--\u0026"})");
}

TEST(HtmlReport, ABandReachesFromTheLeastToTheMostAndLeavesOutWhatIsMissing) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const Band band = band_of({{1, none, none}, {3, 5, none}, {8, 6, none}});
  EXPECT_THAT(std::vector(band.low.begin(), band.low.end() - 1), ElementsAre(1, 5));
  EXPECT_THAT(std::vector(band.mean.begin(), band.mean.end() - 1), ElementsAre(4, 5.5));
  EXPECT_THAT(std::vector(band.high.begin(), band.high.end() - 1), ElementsAre(8, 6));
  EXPECT_TRUE(std::isnan(band.mean.back()));
}

TEST(HtmlReport, LabelsTakeAsManyFoldersAsTellThemApart) {
  const auto of = [](std::vector<std::string> paths) { return labels_of(paths); };
  EXPECT_THAT(of({"results/one.h5", "results/two.h5"}), ElementsAre("one", "two"));
  EXPECT_THAT(of({"d1/x.h5", "d2/x.h5", "d2/y.h5"}), ElementsAre("d1/x", "d2/x", "y"));
  EXPECT_THAT(of({"a/d/x.h5", "b/d/x.h5"}), ElementsAre("a/d/x", "b/d/x"));
  EXPECT_THAT(of({"d/../x.h5", "d/x.h5"}).back(), "d/x");
  EXPECT_THAT(of({"x.h5", "x.hdf5"}), ElementsAre("x.h5", "x.hdf5"));
}

TEST(ResultsReader, RefusesWhatIsNoResultsFileWithOneFindingEach) {
  const auto file = std::filesystem::temp_directory_path() / "shopsim_not_results.h5";
  std::ofstream(file) << "name: a\n";
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(ResultsReader::open(file.string(), diagnostics));
  EXPECT_FALSE(ResultsReader::open(file.string() + ".none", diagnostics));
  EXPECT_FALSE(ResultsReader::open(file.parent_path().string(), diagnostics));
  std::filesystem::remove(file);
  ASSERT_EQ(diagnostics.all().size(), 3U);
  EXPECT_THAT(sim::to_text(diagnostics), HasSubstr("this is no HDF5 file"));
  EXPECT_THAT(sim::to_text(diagnostics), HasSubstr("there is no such file"));
  EXPECT_THAT(sim::to_text(diagnostics), HasSubstr("this is a folder"));
}

}  // namespace
}  // namespace shopsim::analysis
