// The fuzzers' corpus of this layer: see tests/replay_corpus.hpp.
#include "fuzz/targets_models.hpp"
#include "tests/replay_corpus.hpp"

namespace shopsim::fuzz {
namespace {

TEST(FuzzCorpus, TracesAreReadOrRefused) { replay("trace", trace, 300); }

}  // namespace
}  // namespace shopsim::fuzz
