// The results reader and the report over damaged files: the corpus, and a file of the program
// itself with bytes changed, cut off or moved. See tests/replay_corpus.hpp.
#include "fuzz/targets_analysis.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/replay_corpus.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

TEST(FuzzCorpus, ForeignFilesAreRefused) { fuzz::replay("results", fuzz::results, 40); }

TEST(FuzzCorpus, DamagedResultsAreReportedOrRefused) {
  const Folder folder;
  const Outcome run = shopsim(
      folder.path(), "run '" SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml' -r 5 -q -o run.h5"
                     " --set duration='5 min' --set warm_up='1 min' --set traffic.growth=0.02"
                     " --set catalogue.products=2000 --set catalogue.images=1000");
  ASSERT_NE(run.code, 2) << run.err;
  std::ifstream stream(std::filesystem::path(folder.path()) / "run.h5", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(stream), {}};
  ASSERT_GT(whole.size(), 10'000U);
  ASSERT_NO_THROW(fuzz::results(whole));
  std::mt19937_64 random(5);
  for (int i = 0; i < 32; ++i) {
    std::string changed = whole;
    for (std::uint64_t n = 1 + random() % 20; n > 0; --n) {
      // Half of them near the front, where the file's frame stands.
      const std::size_t at = random() % (random() % 2 == 0 ? changed.size() : 4096);
      changed[at] = static_cast<char>(random());
    }
    if (i % 4 == 0) changed.resize(random() % changed.size());
    if (i % 4 == 1) changed.erase(random() % changed.size(), 1 + random() % 64);
    ASSERT_NO_THROW(fuzz::results(changed)) << "variant " << i;
  }
}

}  // namespace
}  // namespace shopsim::cli
