// What it costs that a run looks at its own intervals before it goes on: errors of a verdict about
// one promise whose true mean is at its limit, as a multiple of the level's error, for the spread
// that is worst. Numbers are normal; the stopping rule is the program's own. Counters do not depend
// on the machine; the times do.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "analysis/statistics.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

/// 5 %, and the same for seven promises, and for fourteen.
constexpr std::array kErrors = {0.05, 0.05 / 7, 0.05 / 14};
constexpr int kRuns = 60'000;
constexpr int kSpreads = 15;
constexpr double kPrecision = 0.05;

/// One run's numbers; as many as the rule asks for.
std::vector<double> numbers_of_a_run(const StoppingRule& rule, double spread,
                                     sim::Stream& draws) {
  std::vector<WatchedSeries> series(1, WatchedSeries{{}, 1});
  std::vector<double>& values = series[0].values;
  while (const std::size_t more = next_batch(rule, series, values.size())) {
    for (std::size_t i = 0; i < more; ++i) values.push_back(1 + spread * draws.normal());
  }
  return values;
}

void looking_again(benchmark::State& state) {
  const StoppingRule rule{.least = static_cast<std::size_t>(state.range(0)),
                          .most = static_cast<std::size_t>(state.range(1)),
                          .precision = kPrecision};
  std::array<double, kErrors.size()> worst{};
  for (auto _ : state) {
    for (int s = 0; s < kSpreads; ++s) {
      const double spread = 0.4 * kPrecision * std::pow(1.2, s);  // to 5.1 times the precision
      sim::Stream draws(sim::stream_key(1, 0, "looks", static_cast<std::uint64_t>(s)));
      std::array<int, kErrors.size()> wrong{};
      for (int run = 0; run < kRuns; ++run) {
        const std::vector<double> values = numbers_of_a_run(rule, spread, draws);
        for (std::size_t e = 0; e < kErrors.size(); ++e) {
          const Interval sure = mean_interval(values, 1 - kErrors[e]);
          wrong[e] += sure.low() > 1 || sure.high() < 1 ? 1 : 0;
        }
      }
      for (std::size_t e = 0; e < kErrors.size(); ++e) {
        worst[e] = std::max(worst[e], wrong[e] / (kRuns * kErrors[e]));
      }
    }
  }
  state.counters["at_5_percent"] = worst[0];
  state.counters["a_seventh"] = worst[1];
  state.counters["a_fourteenth"] = worst[2];
}

BENCHMARK(looking_again)
    ->ArgNames({"least", "most"})
    ->Args({5, 6})->Args({5, 10})->Args({5, 20})->Args({5, 100})->Args({10, 100})
    ->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace shopsim::analysis

BENCHMARK_MAIN();
