// The fuzzers' corpus of this layer: see tests/replay_corpus.hpp.
#include "fuzz/targets_generator.hpp"
#include "tests/replay_corpus.hpp"

namespace shopsim::fuzz {
namespace {

TEST(FuzzCorpus, TemplatesAreCheckedOrRefused) { replay("templates", templates, 100); }

}  // namespace
}  // namespace shopsim::fuzz
