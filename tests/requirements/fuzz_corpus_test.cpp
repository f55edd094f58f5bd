// The fuzzers' corpus of this layer: see tests/replay_corpus.hpp.
#include "fuzz/targets_requirements.hpp"
#include "tests/replay_corpus.hpp"

namespace shopsim::fuzz {
namespace {

TEST(FuzzCorpus, WishesLeadToAPlatformOrARefusal) { replay("requirements", requirements, 40); }

}  // namespace
}  // namespace shopsim::fuzz
