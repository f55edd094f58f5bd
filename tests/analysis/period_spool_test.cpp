#include "analysis/period_spool.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <bit>
#include <csignal>
#include <system_error>

#include "tests/analysis/sample_periods.hpp"

namespace shopsim::analysis {
namespace {

using models::PeriodRecord;
using testing::random_period;

void expect_same(const models::ClassRecord& a, const models::ClassRecord& b) {
  EXPECT_EQ(a.requests, b.requests);
  EXPECT_EQ(a.succeeded, b.succeeded);
  EXPECT_EQ(a.failed, b.failed);
  EXPECT_EQ(a.attempts, b.attempts);
  EXPECT_EQ(a.attempt_outcomes, b.attempt_outcomes);
  EXPECT_EQ(a.late_replies, b.late_replies);
  EXPECT_EQ(a.latency.bins, b.latency.bins);
  EXPECT_EQ(a.latency.counts, b.latency.counts);
  EXPECT_EQ(a.latency.sum_nanoseconds, b.latency.sum_nanoseconds);
  for (std::size_t t = 0; t < models::kTiers; ++t) {
    EXPECT_EQ(a.tiers[t].visits, b.tiers[t].visits);
    EXPECT_EQ(a.tiers[t].queue_nanoseconds, b.tiers[t].queue_nanoseconds);
    EXPECT_EQ(a.tiers[t].service_nanoseconds, b.tiers[t].service_nanoseconds);
  }
}

void expect_same(const PeriodRecord& a, const PeriodRecord& b) {
  EXPECT_EQ(a.index, b.index);
  EXPECT_EQ(a.start, b.start);
  EXPECT_EQ(a.length, b.length);
  EXPECT_EQ(a.fine, b.fine);
  ASSERT_EQ(a.classes.size(), b.classes.size());
  for (std::size_t c = 0; c < a.classes.size(); ++c) expect_same(a.classes[c], b.classes[c]);
  ASSERT_EQ(a.metrics.size(), b.metrics.size());
  for (std::size_t m = 0; m < a.metrics.size(); ++m) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a.metrics[m]),
              std::bit_cast<std::uint64_t>(b.metrics[m]));
  }
  EXPECT_EQ(a.orders_placed, b.orders_placed);
  EXPECT_EQ(a.orders_lost, b.orders_lost);
  EXPECT_EQ(a.order_value_placed, b.order_value_placed);
  EXPECT_EQ(a.order_value_lost, b.order_value_lost);
  EXPECT_EQ(a.sessions_started, b.sessions_started);
  EXPECT_EQ(a.sessions_abandoned, b.sessions_abandoned);
  EXPECT_EQ(a.arrivals, b.arrivals);
}

/// Coarse and fine periods mixed as a run hands them over.
std::vector<PeriodRecord> sample_run(std::size_t periods) {
  sim::Stream stream(sim::stream_key(7, 0, "spool"));
  std::vector<PeriodRecord> records;
  for (std::uint32_t i = 0; i < periods; ++i) {
    const bool fine = i % 3 == 0;
    const sim::Duration length{fine ? 5'000'000'000 : 60'000'000'000};
    records.push_back(random_period(stream, i, length, fine, 4, 30));
  }
  return records;
}

TEST(PeriodSpool, GivesBackEveryFieldFromMemory) {
  const auto records = sample_run(60);
  PeriodSpool spool;
  for (const auto& record : records) spool.close_period(record);
  EXPECT_EQ(spool.spilled_bytes(), 0U);
  PeriodReader reader(spool);
  PeriodRecord read;
  for (const auto& record : records) {
    ASSERT_TRUE(reader.next(read));
    expect_same(record, read);
  }
  EXPECT_FALSE(reader.next(read));
}

TEST(PeriodSpool, GivesBackEveryFieldAfterSpillingToDisk) {
  const auto records = sample_run(400);
  PeriodSpool spool({.memory_bytes = 3'000});
  for (const auto& record : records) spool.close_period(record);
  EXPECT_GT(spool.spilled_bytes(), 100'000U);
  EXPECT_LE(spool.bytes() - spool.spilled_bytes(), 3'000U);
  for (int pass = 0; pass < 2; ++pass) {
    PeriodReader reader(spool);
    PeriodRecord read;
    for (const auto& record : records) {
      ASSERT_TRUE(reader.next(read));
      expect_same(record, read);
    }
    EXPECT_FALSE(reader.next(read));
  }
}

TEST(PeriodSpool, KeepsUnchangedMetricsInOneByte) {
  PeriodRecord record;
  record.metrics.assign(100, 0.123456789);
  PeriodSpool spool;
  spool.close_period(record);
  const auto first = spool.bytes();
  spool.close_period(record);
  EXPECT_LT(spool.bytes() - first, 130U);  // 100 codes and the rest of an empty record
}

TEST(PeriodSpool, NamesTheFolderItCannotWriteTo) {
  PeriodSpool spool({.memory_bytes = 0, .directory = "/nonexistent-folder"});
  try {
    spool.close_period({});
    FAIL() << "wrote to a folder that does not exist";
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find("/nonexistent-folder"), std::string::npos);
  }
}

/// A limit on the file size stands for the full disk. Ends the (child) process: 0 if told.
void fill_the_disk() {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{4096, 4096};
  setrlimit(RLIMIT_FSIZE, &limit);
  PeriodSpool spool({.memory_bytes = 1'000});
  try {
    for (const auto& record : sample_run(100)) spool.close_period(record);
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "caught: %s\n", error.what());
    std::exit(0);
  }
  std::exit(1);
}

TEST(PeriodSpool, ReportsAFullDisk) {
  EXPECT_EXIT(fill_the_disk(), ::testing::ExitedWithCode(0), "cannot write the simulated periods");
}

}  // namespace
}  // namespace shopsim::analysis
