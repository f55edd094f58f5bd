// Work to know an unavailability of 1e-5 to within 20 % (half-width of the 95 % interval), on a
// chain whose exact answer is known: jumps of the chain, by plain regenerative simulation and by
// failure biasing. Jumps do not depend on the machine; the times do.
#include <benchmark/benchmark.h>

#include "analysis/markov_examples.hpp"

namespace shopsim::analysis {
namespace {

void known_to_a_fifth(benchmark::State& state, CycleSampling sampling) {
  const MarkovModel model = markov_examples::shop();
  const double exact = exact_unavailability(model);
  double transitions = 0;
  double within = 0;
  double covered = 0;
  std::uint64_t seed = 1;
  for (auto _ : state) {
    const auto estimate = estimate_unavailability(
        model, {.sampling = sampling, .seed = seed++, .precision = 0.2});
    transitions += static_cast<double>(estimate.transitions);
    within += std::abs(estimate.value.mean - exact) <= 0.2 * exact ? 1 : 0;
    covered += estimate.value.low() <= exact && exact <= estimate.value.high() ? 1 : 0;
  }
  const auto runs = static_cast<double>(state.iterations());
  state.counters["exact"] = exact;
  state.counters["jumps"] = transitions / runs;
  state.counters["within_a_fifth"] = within / runs;
  state.counters["covered"] = covered / runs;
}

BENCHMARK_CAPTURE(known_to_a_fifth, failure_biasing, CycleSampling::failure_biasing)
    ->Iterations(400)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(known_to_a_fifth, plain, CycleSampling::plain)
    ->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shopsim::analysis

BENCHMARK_MAIN();
