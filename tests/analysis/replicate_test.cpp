#include "analysis/replicate.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "tests/analysis/sample_periods.hpp"

namespace shopsim::analysis {
namespace {

using models::RunControl;
using models::RunSummary;

/// A pretended model: a few random periods; `events` is a noisy number around 1000.
RunSummary pretend(std::uint32_t replication, models::PeriodSink& sink,
                   const RunControl& control) {
  sim::Stream stream(sim::stream_key(11, replication, "pretend"));
  for (std::uint32_t i = 0; i < 20; ++i) {
    sink.close_period(
        testing::random_period(stream, i, sim::Duration{60'000'000'000}, false, 2, 5));
    *control.simulated_nanoseconds = (i + 1) * 60'000'000'000;
    *control.requests += 10;
  }
  RunSummary summary;
  summary.replication = replication;
  summary.events = 900 + stream.below(201);
  summary.fingerprint = stream.next();
  return summary;
}

std::vector<WatchedValue> watch_events(const Replication& replication) {
  return {{static_cast<double>(replication.summary.events), 0}};
}

std::string bytes_of(const ReplicationSet& set) {
  std::string all;
  for (const auto& replication : set.replications) {
    all += std::to_string(replication.summary.fingerprint) + ":";
    PeriodReader reader(*replication.periods);
    for (models::PeriodRecord record; reader.next(record);) {
      all += std::to_string(record.arrivals) + "," +
             std::to_string(record.classes[1].latency.sum_nanoseconds) + ";";
    }
  }
  return all;
}

TEST(Replicate, GivesTheSameBytesOnOneTwoAndSevenThreads) {
  ReplicateOptions options{.rule = {.least = 5, .most = 30, .precision = 0.03}};
  const auto one = replicate(pretend, watch_events, options);
  EXPECT_GT(one.replications.size(), 5U);
  EXPECT_LT(one.replications.size(), 30U);
  for (const unsigned threads : {2U, 7U}) {
    options.threads = threads;
    const auto many = replicate(pretend, watch_events, options);
    EXPECT_EQ(many.replications.size(), one.replications.size());
    EXPECT_EQ(bytes_of(many), bytes_of(one));
  }
}

TEST(Replicate, OrdersResultsByReplication) {
  const auto set = replicate(pretend, watch_events, {.rule = {5, 9, 0.0001}, .threads = 3});
  ASSERT_EQ(set.replications.size(), 9U);
  EXPECT_EQ(set.reason, StopReason::most_reached);
  for (std::size_t r = 0; r < 9; ++r) EXPECT_EQ(set.replications[r].summary.replication, r);
}

TEST(Replicate, StopsAtTheLeastNumberWhenThatIsPreciseEnough) {
  const auto set = replicate(pretend, watch_events, {.rule = {6, 50, 0.5}, .threads = 2});
  EXPECT_EQ(set.replications.size(), 6U);
  EXPECT_EQ(set.reason, StopReason::precise);
}

TEST(Replicate, ThrowsWhatAReplicationThrew) {
  const ReplicationModel broken = [](std::uint32_t replication, models::PeriodSink& sink,
                                     const RunControl& control) {
    if (replication == 2) throw std::runtime_error("replication 2 is broken");
    return pretend(replication, sink, control);
  };
  for (const unsigned threads : {1U, 3U}) {
    try {
      replicate(broken, watch_events, {.rule = {5, 5, 0.1}, .threads = threads});
      FAIL() << "the exception was lost";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "replication 2 is broken");
    }
  }
}

TEST(Replicate, EndsSoonWhenToldToStop) {
  std::atomic<bool> stop{false};
  const ReplicationModel endless = [&stop](std::uint32_t replication, models::PeriodSink& sink,
                                           const RunControl& control) {
    if (replication == 0) return pretend(replication, sink, control);
    stop = true;  // as a signal handler would
    while (!*control.stop) std::this_thread::yield();
    return RunSummary{};
  };
  const auto set = replicate(endless, watch_events,
                             {.rule = {5, 5, 0.1}, .threads = 1, .stop = &stop});
  EXPECT_EQ(set.reason, StopReason::interrupted);
  EXPECT_EQ(set.replications.size(), 1U);
}

TEST(Replicate, ReportsProgressOfTheReplicationsInWork) {
  std::atomic<bool> seen{false};
  double simulated = 0;
  std::size_t decided = 0;
  const ReplicationModel slow = [&seen](std::uint32_t replication, models::PeriodSink& sink,
                                        const RunControl& control) {
    const RunSummary summary = pretend(replication, sink, control);
    while (!seen) std::this_thread::yield();  // wait for the report, however long it takes
    return summary;
  };
  ReplicateOptions options{.rule = {5, 5, 0.1}, .threads = 1};
  options.horizon = sim::Duration{20 * 60'000'000'000};
  options.progress = [&](const Progress& progress) {
    if (seen || progress.simulated_seconds < 1200) return;
    simulated = progress.simulated_seconds;
    decided = progress.decided;
    seen = true;
  };
  replicate(slow, watch_events, options);
  EXPECT_DOUBLE_EQ(simulated, 1200);  // one replication of 20 minutes simulated
  EXPECT_EQ(decided, 5U);
}

}  // namespace
}  // namespace shopsim::analysis
