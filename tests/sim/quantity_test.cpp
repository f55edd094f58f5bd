#include "sim/quantity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "sim/amount.hpp"
#include "sim/decimal.hpp"

namespace shopsim::sim {
namespace {

using ::testing::HasSubstr;

TEST(Quantity, ReadsDurationsExactly) {
  EXPECT_EQ(parse_duration("250 ms"), Duration{250'000'000});
  // 0.1 has no exact double; integer arithmetic must still give exactly 10^8 ns.
  EXPECT_EQ(parse_duration("0.1 s"), Duration{100'000'000});
  EXPECT_EQ(parse_duration("1.5 min"), Duration{90'000'000'000});
  EXPECT_EQ(parse_duration("2 h"), 2_h);
  EXPECT_EQ(parse_duration("1 day"), 1_day);
  EXPECT_EQ(parse_duration("7 us"), 7_us);
  EXPECT_EQ(parse_duration("7 \u00b5s"), 7_us);
  EXPECT_EQ(parse_duration("1e3 ms"), 1_s);
  EXPECT_EQ(parse_duration("-3 s"), -(3_s));
  // 1/3 s to 20 digits is nearest to 333,333,333 ns.
  EXPECT_EQ(parse_duration("0.33333333333333333333 s"), Duration{333'333'333});
  EXPECT_EQ(parse_duration("1.5 ns"), 2_ns);  // half rounds away from zero
}

TEST(Quantity, RefusesWhatDoesNotFitInsteadOfWrapping) {
  std::string error;
  // 2^63 ns are 9,223,372,036.854775808 s: one less fits, this does not.
  EXPECT_EQ(parse_duration("9223372036854775807 ns"), Duration{INT64_MAX});
  EXPECT_EQ(parse_duration("-9223372036854775808 ns"), Duration{INT64_MIN});
  EXPECT_FALSE(parse_duration("9223372036854775808 ns", &error));
  EXPECT_THAT(error, HasSubstr("too large"));
  EXPECT_FALSE(parse_duration("1e30 day"));
  EXPECT_FALSE(parse_duration("1e9999 s"));
  EXPECT_FALSE(parse_duration("1e99999999999 s"));
  EXPECT_FALSE(parse_bytes("9e6 TiB"));  // 9e6 * 2^40 is about 9.9e18, above 2^63
  EXPECT_FALSE(parse_rate("1e999 /s"));
  EXPECT_FALSE(parse_rate("nan /s"));
  EXPECT_FALSE(parse_rate("inf /s"));
  EXPECT_FALSE(parse_duration("0.1 ns", &error));
  EXPECT_THAT(error, HasSubstr("smaller than the smallest step"));
}

TEST(Quantity, ABareNumberIsAnErrorThatShowsTheAcceptedForm) {
  std::string error;
  EXPECT_FALSE(parse_duration("250", &error));
  EXPECT_EQ(error,
            "`250` has no unit; write `250 s` (units: ns, us, ms, s, min, h, day)");
  EXPECT_FALSE(parse_bytes("4096", &error));
  EXPECT_THAT(error, HasSubstr("write `4096 B`"));
  EXPECT_FALSE(parse_rate("400", &error));
  EXPECT_THAT(error, HasSubstr("write `400 /s`"));
  EXPECT_FALSE(parse_bit_rate("10", &error));
  EXPECT_THAT(error, HasSubstr("write `10 Mbps`"));
  EXPECT_FALSE(parse_money("12.50", &error));
  EXPECT_THAT(error, HasSubstr("write `12.50 USD`"));
}

TEST(Quantity, OtherSpellingsOfUnitsGetASuggestion) {
  struct Case {
    std::string_view text;
    std::string_view suggestion;
  };
  const Case durations[] = {{"250ms", "`250 ms`"},      {"250 msec", "`250 ms`"},
                            {"250 MS", "`250 ms`"},     {"3 sec", "`3 s`"},
                            {"3 minutes", "`3 min`"},   {"3 m", "`3 min`"},
                            {"2 hrs", "`2 h`"},         {"1 d", "`1 day`"},
                            {"2 hours", "`2 h`"},       {"1.5 Seconds", "`1.5 s`"},
                            {"3 secnods", ""}};
  for (const Case& c : durations) {
    std::string error;
    EXPECT_FALSE(parse_duration(c.text, &error)) << c.text;
    if (!c.suggestion.empty()) {
      EXPECT_THAT(error, HasSubstr("did you mean " + std::string(c.suggestion))) << c.text;
    } else {
      EXPECT_THAT(error, HasSubstr("write it like `250 ms`")) << c.text;
    }
  }
  std::string error;
  EXPECT_FALSE(parse_bytes("13 gib", &error));
  EXPECT_THAT(error, HasSubstr("did you mean `13 GiB`"));
  EXPECT_FALSE(parse_bytes("13GiB", &error));
  EXPECT_THAT(error, HasSubstr("`13GiB` needs a space before its unit; did you mean `13 GiB`?"));
  EXPECT_FALSE(parse_rate("400 rps", &error));
  EXPECT_THAT(error, HasSubstr("did you mean `400 /s`"));
  EXPECT_FALSE(parse_rate("400 /sec", &error));
  EXPECT_THAT(error, HasSubstr("did you mean `400 /s`"));
  EXPECT_FALSE(parse_bit_rate("10 Gbit/s", &error));
  EXPECT_THAT(error, HasSubstr("did you mean `10 Gbps`"));
  EXPECT_FALSE(parse_money("$12.50", &error));
  EXPECT_THAT(error, HasSubstr("write `12.50 USD`"));
  EXPECT_FALSE(parse_money("12 EUR", &error));
  EXPECT_THAT(error, HasSubstr("`EUR` is no unit of an amount of money"));
}

TEST(Quantity, RefusesTextThatIsNoQuantity) {
  for (const std::string_view text : {"", " ", "ms", "abc", "- 3 s", "1,000 ms", "0x10 s", "3 s s",
                                      "1e s", ".", "+", "3 s ", " 3 s", "--3 s", "1.2.3 s"}) {
    std::string error;
    EXPECT_FALSE(parse_duration(text, &error)) << text;
    EXPECT_FALSE(error.empty()) << text;
  }
}

TEST(Quantity, ReadsTheOtherKinds) {
  EXPECT_EQ(parse_bytes("13 GiB"), Bytes{13LL * 1024 * 1024 * 1024});
  EXPECT_EQ(parse_bytes("1.5 KiB"), Bytes{1536});
  EXPECT_EQ(parse_bytes("40 kB"), Bytes{40'000});
  EXPECT_EQ(parse_rate("400 /s"), Rate{400});
  EXPECT_EQ(parse_rate("400/s"), Rate{400});
  EXPECT_EQ(parse_rate("24000 /min"), Rate{400});
  EXPECT_EQ(parse_rate("2 /day"), Rate{2.0 / 86'400});
  EXPECT_EQ(parse_bit_rate("10 Gbps"), BitRate{1e10});
  EXPECT_EQ(parse_bit_rate("125 MB/s"), BitRate{1e9});
  // 1 MiB/s = 2^20 bytes * 8 bits.
  EXPECT_EQ(parse_bit_rate("1 MiB/s"), BitRate{8'388'608});
  EXPECT_EQ(parse_money("12.50 USD"), Money{12'500'000'000});
  EXPECT_EQ(parse_money("0.0000000004 USD"), std::nullopt);  // below one nano-dollar
  EXPECT_EQ(parse_money("0.000000001 USD"), Money{1});
  EXPECT_EQ(parse_fraction("70 %"), Fraction{0.7});
  EXPECT_EQ(parse_fraction("70%"), Fraction{0.7});
  EXPECT_EQ(parse_fraction("0.7"), Fraction{0.7});
  // The double nearest to 0.07, not 7 * 0.01.
  EXPECT_EQ(parse_fraction("7 %"), Fraction{0.07});
}

TEST(Quantity, ReadsClockTimes) {
  EXPECT_EQ(parse_clock_time("20:15"), ClockTime{20_h + 15_min});
  EXPECT_EQ(parse_clock_time("08:05:30"), ClockTime{8_h + 5_min + 30_s});
  EXPECT_EQ(parse_clock_time("8:05"), ClockTime{8_h + 5_min});
  EXPECT_EQ(parse_clock_time("+1d 02:00"), ClockTime{26_h});
  EXPECT_EQ(parse_clock_time("20:15:30.25"), ClockTime{20_h + 15_min + 30_s + 250_ms});
  for (const std::string_view text : {"24:00", "20:60", "20:15:60", "20", "20.15", "8pm", "20:5",
                                      "+1d", "+1d02:00", "+ 1d 02:00", "20:15 ", "", ":", "1:2:3",
                                      "+9999999d 00:00", "20:15:30."}) {
    std::string error;
    EXPECT_FALSE(parse_clock_time(text, &error)) << text;
    EXPECT_THAT(error, HasSubstr("write `20:15`")) << text;
  }
}

TEST(Quantity, PrintsTheShortestText) {
  EXPECT_EQ(to_text(250_ms), "250 ms");  // as long as "0.25 s", but whole
  EXPECT_EQ(to_text(1500_ms), "1.5 s");
  EXPECT_EQ(to_text(5_min), "5 min");
  EXPECT_EQ(to_text(1_h), "1 h");
  EXPECT_EQ(to_text(0_s), "0 s");
  EXPECT_EQ(to_text(-(30_s)), "-30 s");
  EXPECT_EQ(to_text(Duration{1'000'000'001}), "1000000001 ns");
  EXPECT_EQ(to_text(Bytes{13LL << 30}), "13 GiB");
  EXPECT_EQ(to_text(Bytes{40'000}), "40 kB");
  EXPECT_EQ(to_text(Bytes{0}), "0 B");
  EXPECT_EQ(to_text(Rate{400}), "400 /s");
  EXPECT_EQ(to_text(Rate{2.0 / 86'400}), "2 /day");
  EXPECT_EQ(to_text(Rate{0}), "0 /s");
  EXPECT_EQ(to_text(BitRate{1e10}), "10 Gbps");
  EXPECT_EQ(to_text(Money{12'500'000'000}), "12.5 USD");
  EXPECT_EQ(to_text(Money{0}), "0 USD");
  EXPECT_EQ(to_text(Fraction{0.7}), "70 %");
  EXPECT_EQ(to_text(Fraction{0.07}), "7 %");
  EXPECT_EQ(to_text(Fraction{0}), "0 %");
  EXPECT_EQ(to_text(ClockTime{20_h + 15_min}), "20:15");
  EXPECT_EQ(to_text(ClockTime{26_h}), "+1d 02:00");
}

/// Integers of all sizes: uniform in the number of bits, both signs, every third one round.
std::int64_t any_integer(std::mt19937_64& random) {
  const std::uint64_t bits = random() >> (random() % 64);
  auto value = static_cast<std::int64_t>(bits);
  if (random() % 3 == 0) value -= value % 1'000'000;
  return value;
}

/// Finite positive doubles of all magnitudes a quantity has, half of them short decimals.
double any_real(std::mt19937_64& random) {
  const double mantissa = static_cast<double>(random() >> 11U) * 0x1p-53;
  double value = mantissa;
  for (std::uint64_t i = random() % 16; i > 0; --i) value *= 10;
  if (random() % 2 == 0) value = static_cast<double>(static_cast<std::int64_t>(value * 100)) / 100;
  return value;
}

TEST(Quantity, WhateverIsPrintedReadsBackAsTheSameValue) {
  std::mt19937_64 random(20'260'117);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t n = any_integer(random);
    EXPECT_EQ(parse_duration(to_text(Duration{n})), Duration{n});
    EXPECT_EQ(parse_bytes(to_text(Bytes{n})), Bytes{n});
    EXPECT_EQ(parse_money(to_text(Money{n})), Money{n});
    // Clock times reach 100,000 days = 8.64e18 ns either way.
    const ClockTime time{Duration{n % 8'640'000'000'000'000'000}};
    EXPECT_EQ(parse_clock_time(to_text(time)), time) << to_text(time);
    const double x = any_real(random);
    EXPECT_EQ(parse_rate(to_text(Rate{x})), Rate{x}) << to_text(Rate{x});
    EXPECT_EQ(parse_bit_rate(to_text(BitRate{x})), BitRate{x}) << to_text(BitRate{x});
    EXPECT_EQ(parse_fraction(to_text(Fraction{x})), Fraction{x}) << to_text(Fraction{x});
    for (const Measure m : {Measure::seconds, Measure::bytes, Measure::dollars, Measure::count}) {
      EXPECT_EQ(parse_amount(m, amount_text(m, x)), x) << amount_text(m, x);
    }
    if (HasFailure()) break;
  }
}

TEST(Quantity, ExtremeValuesPrintAndReadBack) {
  for (const std::int64_t n : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{-1}}) {
    EXPECT_EQ(parse_duration(to_text(Duration{n})), Duration{n});
    EXPECT_EQ(parse_bytes(to_text(Bytes{n})), Bytes{n});
    EXPECT_EQ(parse_money(to_text(Money{n})), Money{n});
  }
  for (const double x : {1e300, 1e-300, 1.0 / 3, 0.1, 0x1p-1022}) {
    EXPECT_EQ(parse_rate(to_text(Rate{x})), Rate{x}) << to_text(Rate{x});
    EXPECT_EQ(parse_amount(Measure::seconds, amount_text(Measure::seconds, x)), x);
  }
}

TEST(Amount, KeepsTheDoubleNearestToWhatWasWritten) {
  EXPECT_EQ(parse_amount(Measure::seconds, "8 ms"), 0.008);
  EXPECT_EQ(parse_amount(Measure::seconds, "2 min"), 120.0);
  EXPECT_EQ(parse_amount(Measure::bytes, "40 kB"), 40'000.0);
  EXPECT_EQ(parse_amount(Measure::dollars, "0.1 USD"), 0.1);
  EXPECT_EQ(parse_amount(Measure::count, "1.5"), 1.5);
  EXPECT_FALSE(parse_amount(Measure::count, "1.5 s"));
  EXPECT_FALSE(parse_amount(Measure::seconds, "1.5 kB"));
  EXPECT_EQ(distribution_text(Measure::seconds, {Law::lognormal, 0.008, 0.6}),
            "{lognormal: {median: 8 ms, sigma: 0.6}}");
  EXPECT_EQ(distribution_text(Measure::seconds, {Law::uniform, 10, 40}),
            "{uniform: {low: 10 s, high: 40 s}}");
  EXPECT_EQ(distribution_text(Measure::seconds, {Law::constant, 0.008, 0}), "8 ms");
}

TEST(Distribution, KnowsItsMean) {
  EXPECT_EQ(mean_of({Law::constant, 3, 0}), 3);
  EXPECT_EQ(mean_of({Law::exponential, 7, 0}), 7);
  EXPECT_EQ(mean_of({Law::gamma, 4, 1.5}), 4);
  EXPECT_EQ(mean_of({Law::uniform, 10, 40}), 25);
  // median * e^(sigma^2 / 2) = 8 * e^0.18; e^0.18 = 1.19721736312181... (decimal arithmetic).
  EXPECT_NEAR(mean_of({Law::lognormal, 8, 0.6}), 8 * 1.197217363121810, 1e-12);
}

TEST(Decimal, PrintsNumbersOfOrdinarySizeWithoutAnExponent) {
  EXPECT_EQ(shortest_text(300'000), "300000");
  EXPECT_EQ(shortest_text(0.00025), "0.00025");
  EXPECT_EQ(shortest_text(-1.5), "-1.5");
  EXPECT_EQ(shortest_text(0), "0");
  EXPECT_EQ(shortest_text(1e300), "1e+300");
  EXPECT_EQ(shortest_text(1e-9), "1e-09");
}

TEST(Decimal, TakesOnlyTheNumberFromTheFront) {
  std::string_view text = "1.50e2x";
  const auto decimal = take_decimal(text);
  ASSERT_TRUE(decimal);
  EXPECT_EQ(text, "x");
  EXPECT_EQ(to_integer(*decimal, 1), 150);
  text = "5e";
  EXPECT_TRUE(take_decimal(text));
  EXPECT_EQ(text, "e");
  const std::string long_number(401, '1');
  text = long_number;
  EXPECT_FALSE(take_decimal(text));
}

}  // namespace
}  // namespace shopsim::sim
