#include "analysis/ledger.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/queueing_oracles.hpp"

namespace shopsim::analysis {
namespace {

GatedNumber number(double expected, double wanted = 0.5) {
  return {.group = "g", .name = "n", .source = "s", .expected = expected, .wanted = wanted};
}

TEST(Ledger, PassesWhatAgreesAndMissesWhatIsOffOrBlunt) {
  const std::vector<double> samples = {9.9, 10.0, 10.1, 10.05, 9.95, 10.0};
  const Interval interval = mean_interval(samples, kLedgerLevel);
  Ledger ledger;
  ledger.add_samples(number(10.0), interval);
  ledger.add_samples(number(11.0), interval);         // 30 standard errors off
  ledger.add_samples(number(10.0, 0.001), interval);  // half-width 1 %, 0.1 % wanted
  ledger.add_exact("g", "equal", "s", 3, 3);
  ledger.add_exact("g", "unequal", "s", 3, 2);
  ledger.judge();
  EXPECT_TRUE(ledger.numbers[0].passes());
  EXPECT_FALSE(ledger.numbers[1].is_right);
  EXPECT_TRUE(ledger.numbers[1].is_sharp);
  EXPECT_TRUE(ledger.numbers[2].is_right);
  EXPECT_FALSE(ledger.numbers[2].is_sharp);
  EXPECT_TRUE(ledger.numbers[3].passes());
  EXPECT_FALSE(ledger.numbers[4].passes());
  EXPECT_EQ(ledger.missed(), 3U);
}

TEST(Ledger, ForgivesTheDocumentedCoarsenessOnly) {
  const std::vector<double> samples = {10.05, 10.05, 10.05, 10.05};
  const Interval interval = mean_interval(samples, kLedgerLevel);
  Ledger ledger;
  GatedNumber coarse = number(10.0);
  coarse.resolution = 0.008;
  ledger.add_samples(coarse, interval);
  ledger.add_samples(number(10.0), interval);
  ledger.judge();
  EXPECT_TRUE(ledger.numbers[0].passes());
  EXPECT_FALSE(ledger.numbers[1].passes());
}

TEST(Ledger, ListsEveryMissWithItsSize) {
  Ledger ledger;
  ledger.add_exact("group", "the case", "the source", 4, 5);
  ledger.judge();
  const std::string text = ledger_markdown(ledger);
  EXPECT_NE(text.find("## Missed"), std::string::npos);
  EXPECT_NE(text.find("| the case | the source | 4 | 5 | exact | +25.000 % | NO: off |"),
            std::string::npos)
      << text;
  EXPECT_NE(ledger_csv(ledger).find("\"the case\",\"the source\",4,5,0,0.25,no"),
            std::string::npos);
}

/// The whole ledger with wide intervals; the narrow ones are `make validate`.
TEST(Ledger, HoldsWithWideIntervalsHeavy) {
  const Ledger ledger = run_validation(quick_effort());
  EXPECT_GE(ledger.numbers.size(), 300U);
  for (const GatedNumber& one : ledger.numbers) {
    EXPECT_TRUE(one.passes()) << one.group << ": " << one.name << ": expected " << one.expected
                              << ", simulated " << one.simulated << " +- " << one.half_width
                              << ", wanted " << one.wanted;
  }
}

std::filesystem::path shared_folder() {
  const char* given = std::getenv("SHOPSIM_SHARED");
  std::filesystem::path path =
      given != nullptr ? given : std::filesystem::path(SHOPSIM_SOURCE_DIR) / ".." / "shared";
  return std::filesystem::exists(path) ? path : std::filesystem::path{};
}

TEST(QueueingOracles, ReproduceTheReferenceTableOfMMc) {
  const auto shared = shared_folder();
  if (shared.empty()) GTEST_SKIP() << "no reference material: set SHOPSIM_SHARED";
  std::ifstream file(shared / "validation" / "mmc_reference.csv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    for (char& c : line) c = c == ',' ? ' ' : c;
    std::istringstream text(line);
    int servers = 0;
    double rho, c, b, wait, response, p50, p95, p99, p999;
    text >> servers >> rho >> c >> b >> wait >> response >> p50 >> p95 >> p99 >> p999;
    const double load = rho * servers;
    EXPECT_NEAR(oracle::erlang_b(servers, load), b, 1e-9);
    EXPECT_NEAR(oracle::erlang_c(servers, load), c, 1e-9);
    EXPECT_NEAR(oracle::mmc_mean_response(servers, load) / response, 1, 1e-9) << line;
    const double quantiles[][2] = {{0.5, p50}, {0.95, p95}, {0.99, p99}, {0.999, p999}};
    for (const auto& [q, expected] : quantiles) {
      EXPECT_NEAR(oracle::mmc_response_quantile(servers, load, q) / expected, 1, 1e-6) << line;
    }
    ++rows;
  }
  EXPECT_EQ(rows, 54);
}

TEST(QueueingOracles, ChainAndConvolutionAgreeWithClosedForms) {
  // M/M/1/3 at load 2: p(n) = 2^n / 15.
  oracle::MarkovChain chain(4);
  for (std::size_t n = 0; n < 3; ++n) {
    chain.add(n, n + 1, 2);
    chain.add(n + 1, n, 1);
  }
  const std::vector<double> p = chain.stationary();
  for (std::size_t n = 0; n < 4; ++n) EXPECT_NEAR(p[n], std::pow(2, n) / 15, 1e-12);
  // Two equal single servers, N customers: throughput N / (N + 1) / D (N / (D (N + M - 1))).
  const auto closed = oracle::closed_network({{0.5}, {0.5}}, 4);
  EXPECT_NEAR(closed.throughput, 4 / (0.5 * 5), 1e-12);
  EXPECT_NEAR(closed.mean_jobs[0], 2, 1e-12);
  // Feedback: half of the work comes back.
  EXPECT_NEAR(oracle::traffic_equations({3}, {{0.5}})[0], 6, 1e-12);
}

}  // namespace
}  // namespace shopsim::analysis
