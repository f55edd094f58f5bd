// The fuzzers' corpus of this layer: see tests/replay_corpus.hpp.
#include "fuzz/targets_sim.hpp"
#include "tests/replay_corpus.hpp"

namespace shopsim::fuzz {
namespace {

TEST(FuzzCorpus, DocumentsAreReadOrRefused) { replay("document", document, 600); }

TEST(FuzzCorpus, QuantitiesAreUnderstoodOrRefused) { replay("quantity", quantity, 1500); }

}  // namespace
}  // namespace shopsim::fuzz
