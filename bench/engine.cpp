// The engine's yardsticks. Rates are customers (requests) per second of CPU on one core; every
// workload runs once with the engine's layout and once with everything in one 4-ary heap.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/example_networks.hpp"
#include "sim/calendar.hpp"
#include "sim/fcfs_station.hpp"
#include "sim/histogram.hpp"
#include "sim/network.hpp"
#include "sim/random.hpp"
#include "sim/timer_ring.hpp"

namespace shopsim::sim {
namespace {

constexpr std::uint64_t kCustomers = 2'000'000;

void run_plan(benchmark::State& state, const NetworkPlan& plan, NetworkCalendar calendar) {
  std::uint64_t seed = 1;
  std::uint64_t events = 0;
  for (auto _ : state) {
    const NetworkResult result = run_network(
        plan, {.seed = seed++, .arrivals = kCustomers, .calendar = calendar});
    events += result.events;
    benchmark::DoNotOptimize(result.number_integral);
  }
  const auto customers = static_cast<double>(state.iterations()) * double{kCustomers};
  state.counters["customers"] = benchmark::Counter(customers, benchmark::Counter::kIsRate);
  state.counters["events_per_customer"] = static_cast<double>(events) / customers;
}

constexpr NetworkCalendar kWheel = NetworkCalendar::sources_and_wheel;
constexpr NetworkCalendar kHeap = NetworkCalendar::everything_in_a_heap;

BENCHMARK_CAPTURE(run_plan, mm1_wheel, example_networks::many_servers(1, 0.8), kWheel);
BENCHMARK_CAPTURE(run_plan, mm1_heap, example_networks::many_servers(1, 0.8), kHeap);
BENCHMARK_CAPTURE(run_plan, mm8_wheel, example_networks::many_servers(8, 0.8), kWheel);
BENCHMARK_CAPTURE(run_plan, mm8_heap, example_networks::many_servers(8, 0.8), kHeap);
BENCHMARK_CAPTURE(run_plan, net_wheel, example_networks::shop(), kWheel);
BENCHMARK_CAPTURE(run_plan, net_heap, example_networks::shop(), kHeap);

/// The floor: the same random draws and the histogram, without any engine.
void recursion(benchmark::State& state) {
  const auto servers = static_cast<std::uint32_t>(state.range(0));
  const double gap = 0.01 / (0.8 * servers) * 1e9;
  for (auto _ : state) {
    Stream arrivals(stream_key(1, 0, "arrivals"));
    Stream services(stream_key(1, 0, "services"));
    FcfsRecursion station(servers);
    Histogram histogram;
    Time now{};
    for (std::uint64_t i = 0; i < kCustomers; ++i) {
      now += Duration{static_cast<std::int64_t>(gap * arrivals.exponential())};
      const Duration service{static_cast<std::int64_t>(1e7 * services.exponential())};
      histogram.record(station.arrive(now, service).departure - now);
    }
    benchmark::DoNotOptimize(histogram.count());
  }
  state.counters["customers"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * double{kCustomers}, benchmark::Counter::kIsRate);
}
BENCHMARK(recursion)->Arg(1)->Arg(8);

/// PHOLD: pop the first event, push one an exponential delay later; time is per pop + push + draw.
template <class Calendar>
void hold(benchmark::State& state) {
  Stream draws(stream_key(1, 0, "hold"));
  Calendar calendar;
  std::uint64_t number = 0;
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  const auto delay = [&] { return Duration{static_cast<std::int64_t>(1e7 * draws.exponential())}; };
  for (std::uint64_t i = 0; i < pending; ++i) {
    calendar.push(make_event(Time{} + delay(), number++, 0, 0));
  }
  const auto step = [&] {
    const Event event = calendar.pop();
    calendar.push(make_event(event.time + delay(), number++, 0, 0));
  };
  for (std::uint64_t i = 0; i < 4 * pending; ++i) step();
  for (auto _ : state) step();
}
BENCHMARK(hold<WheelCalendar>)->Arg(16)->Arg(64)->Arg(1000)->Arg(10'000)->Arg(100'000);
BENCHMARK(hold<HeapCalendar>)->Arg(16)->Arg(64)->Arg(1000)->Arg(10'000)->Arg(100'000);

/// The same with delays of 1 ms (services) and 30 s (think times): each thinker has 9 services
/// between two thoughts.
template <class Calendar>
void hold_bimodal(benchmark::State& state) {
  Stream draws(stream_key(1, 0, "hold"));
  Calendar calendar;
  std::uint64_t number = 0;
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  const auto delay = [&] {
    const double mean = draws.below(10) == 0 ? 3e10 : 1e6;
    return Duration{static_cast<std::int64_t>(mean * draws.exponential())};
  };
  for (std::uint64_t i = 0; i < pending; ++i) {
    const Duration start{static_cast<std::int64_t>(3e10 * draws.exponential())};
    calendar.push(make_event(Time{} + start, number++, 0, 0));
  }
  const auto step = [&] {
    const Event event = calendar.pop();
    calendar.push(make_event(event.time + delay(), number++, 0, 0));
  };
  for (std::uint64_t i = 0; i < 20 * pending; ++i) step();
  for (auto _ : state) step();
}
BENCHMARK(hold_bimodal<WheelCalendar>)->Arg(1000)->Arg(10'000)->Arg(100'000);
BENCHMARK(hold_bimodal<HeapCalendar>)->Arg(1000)->Arg(10'000)->Arg(100'000);

void stream_exponential(benchmark::State& state) {
  Stream draws(stream_key(1, 0, "bench"));
  for (auto _ : state) benchmark::DoNotOptimize(draws.exponential());
}
BENCHMARK(stream_exponential);

void stream_normal(benchmark::State& state) {
  Stream draws(stream_key(1, 0, "bench"));
  for (auto _ : state) benchmark::DoNotOptimize(draws.normal());
}
BENCHMARK(stream_normal);

void keyed_exponential(benchmark::State& state) {
  const KeyedDraws draws(entity_base(stream_key(1, 0, "bench"), 1));
  std::uint32_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(draws.exponential(3, index++));
}
BENCHMARK(keyed_exponential);

void stream_lognormal(benchmark::State& state) {
  Stream draws(stream_key(1, 0, "bench"));
  const Distribution law{Law::lognormal, 0.008, 0.6};
  for (auto _ : state) benchmark::DoNotOptimize(sample(law, draws));
}
BENCHMARK(stream_lognormal);

void histogram_record(benchmark::State& state) {
  Stream draws(stream_key(1, 0, "bench"));
  std::vector<Duration> durations(4096);
  for (Duration& one : durations) {
    one = Duration{static_cast<std::int64_t>(2e7 * draws.exponential())};
  }
  Histogram histogram;
  std::size_t i = 0;
  for (auto _ : state) {
    histogram.record(durations[i & 4095U]);
    ++i;
  }
  benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(histogram_record);

void timer_ring(benchmark::State& state) {
  TimerRing ring(1_s);
  Time now{};
  for (std::uint32_t i = 0; i < 1200; ++i) ring.arm(now += 1_us, i, 0);
  for (auto _ : state) {
    ring.arm(now += 1_us, 1, 0);
    benchmark::DoNotOptimize(ring.pop());
  }
}
BENCHMARK(timer_ring);

}  // namespace
}  // namespace shopsim::sim

BENCHMARK_MAIN();
