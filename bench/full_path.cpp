// The whole shop, one day from the shipped Black Friday: dynamic requests per second of CPU on one
// core, with the images thinned and exact, with every switch that is off by default on, and with
// the calendar in a plain 4-ary heap; then two replications on one and on two threads. Counters
// state what was simulated, so that a figure can be judged: events per request, share answered
// well, miss ratios. SHOPSIM_BENCH_DURATION (24 h) shortens the day; the caches are then colder and
// the figures lower.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "models/load.hpp"
#include "models/run.hpp"

namespace shopsim::models {
namespace {

/// The books are closed as in a real run and then dropped.
class DropPeriods : public PeriodSink {
 public:
  void close_period(const PeriodRecord& record) override { benchmark::DoNotOptimize(&record); }
};

enum class ImageCase : std::uint8_t { thinned, exact, exact_bounded, thinned_everything_on };

/// Everything that is off by default and touches requests, clients, data or control loops.
constexpr const char* kEverythingOn[] = {
    "platform.web.protection.deadlines=true",
    "platform.web.protection.shed_above=90 %",
    "platform.web.protection.database_breaker.enabled=true",
    "platform.web.instances.speed_spread=0.05",
    "platform.web.instances.neighbours.every=2 h",
    "platform.web.instances.cold_start.slowdown=3",
    "platform.web.scaling.warm_pool.enabled=true",
    "platform.cache.stampede.locking=true",
    "platform.cache.stampede.stale_while_revalidate=30 s",
    "platform.database.proxy.enabled=true",
    "platform.database.replicas.count=1",
    "platform.database.growth.per_order=20 kB",
    "platform.database.failover.unresponsive_after=1 min",
    "platform.object_storage.throttling=true",
    "platform.shared_files.throughput_limits=true",
    "platform.keys.throttling=true",
    "platform.secrets.read_per_connection=true",
    "platform.secrets.throttling=true",
    "platform.payment.enabled=true",
    "platform.payment.circuit_breaker.enabled=true",
    "platform.network.nat.limits=true",
    "platform.cdn.origin_shield.enabled=true",
    "platform.cdn.origin_failover.enabled=true",
    "platform.tracing.rules=central",
    "clients.retries.circuit_breaker.enabled=true",
    "clients.hedge_after=1 s",
};

/// The plan of scenarios/black_friday.yaml below the working directory.
std::optional<Plan> load_plan(ImageCase images) {
  LoadOptions options;
  const char* duration = std::getenv("SHOPSIM_BENCH_DURATION");
  if (duration != nullptr) options.sets.push_back("scenario.duration=" + std::string(duration));
  const bool everything = images == ImageCase::thinned_everything_on;
  const bool is_thinned = images == ImageCase::thinned || everything;
  options.sets.push_back("platform.cdn.image_model=" +
                         std::string(is_thinned ? "thinned" : "exact"));
  // All images together have 8.2 GB; this is about 60 % of it.
  if (images == ImageCase::exact_bounded) options.sets.push_back("platform.cdn.edge_capacity=5 GB");
  if (everything) {
    options.sets.insert(options.sets.end(), std::begin(kEverythingOn), std::end(kEverythingOn));
  }
  sim::Diagnostics diagnostics;
  const auto loaded = load_scenario("scenarios/black_friday.yaml", options, diagnostics);
  std::optional<Plan> plan;
  if (loaded) {
    plan = compile({loaded->platform, loaded->scenario, loaded->catalogue,
                    loaded->trace ? &*loaded->trace : nullptr, &loaded->key_counts},
                   diagnostics);
  }
  if (!plan) std::fputs(sim::to_text(diagnostics).c_str(), stderr);
  return plan;
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

using Run = RunSummary (*)(const Plan&, std::uint64_t, std::uint32_t, PeriodSink&,
                           const RunControl&);

void one_day(benchmark::State& state, ImageCase images, Run run) {
  const auto plan = load_plan(images);
  if (!plan) {
    state.SkipWithError("run it from the root of the repository");
    return;
  }
  RunSummary day;
  std::uint64_t requests = 0;
  DropPeriods sink;
  for (auto _ : state) {
    day = run(*plan, 1, 0, sink, {});
    requests += day.conservation.requests;  // those of the warm-up cost as much
  }
  const Conservation& books = day.conservation;
  state.counters["requests"] =
      benchmark::Counter(static_cast<double>(requests), benchmark::Counter::kIsRate);
  state.counters["events_per_request"] = ratio(day.events, books.requests);
  state.counters["images_per_request"] = ratio(day.image_requests, day.dynamic_requests);
  state.counters["answered_well"] = ratio(books.succeeded, books.succeeded + books.failed);
  state.counters["image_miss"] = ratio(day.image_misses, day.image_requests);
  state.counters["cache_miss"] = ratio(day.cache_misses, day.cache_hits + day.cache_misses);
}

BENCHMARK_CAPTURE(one_day, thinned_wheel, ImageCase::thinned, run_plan)
    ->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(one_day, thinned_everything_on, ImageCase::thinned_everything_on, run_plan)
    ->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(one_day, thinned_heap, ImageCase::thinned, run_plan_on_heap)
    ->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(one_day, exact_wheel, ImageCase::exact, run_plan)
    ->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(one_day, exact_bounded_wheel, ImageCase::exact_bounded, run_plan)
    ->Iterations(1)->Unit(benchmark::kSecond);

double seconds_for_two_days(const Plan& plan, std::uint32_t threads) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> workers;
  for (std::uint32_t t = 0; t < threads; ++t) {
    workers.emplace_back([&plan, t, threads] {
      DropPeriods sink;
      for (std::uint32_t r = t; r < 2; r += threads) run_plan(plan, 1, r, sink);
    });
  }
  for (std::thread& worker : workers) worker.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Two replications one after the other and side by side: needs two cores with nothing else on.
void two_threads(benchmark::State& state) {
  const auto plan = load_plan(ImageCase::thinned);
  if (!plan) {
    state.SkipWithError("run it from the root of the repository");
    return;
  }
  double one = 0;
  double two = 0;
  for (auto _ : state) {
    one += seconds_for_two_days(*plan, 1);
    two += seconds_for_two_days(*plan, 2);
  }
  state.counters["speed_up"] = one / two;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_memory_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK(two_threads)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
}  // namespace shopsim::models

BENCHMARK_MAIN();
