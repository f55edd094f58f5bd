#include "requirements/quantities.hpp"

#include "reading_helper.hpp"

namespace shopsim::requirements {
namespace {

/// The quantities of a sentence, as people read them.
std::vector<std::string> found(const std::string& sentence) {
  const QuantityFinder finder(test::rules().quantities);
  std::vector<std::string> texts;
  for (const Quantity& quantity : finder.find(tokenize(sentence))) {
    texts.push_back(quantity.kind + " " + to_text(quantity));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Quantities, NumbersAreDigitsOrWords) {
  EXPECT_EQ(found("eight servers"), (Texts{"count 8"}));
  EXPECT_EQ(found("twenty five servers"), (Texts{"count 25"}));
  EXPECT_EQ(found("200,000 visitors"), (Texts{"count 200000"}));
  EXPECT_EQ(found("10k users"), (Texts{"count 10000"}));
  EXPECT_EQ(found("two hundred thousand users"), (Texts{"count 200000"}));
  EXPECT_EQ(found("1.5 million users"), (Texts{"count 1500000"}));
  EXPECT_EQ(found("a dozen servers"), (Texts{"count 12"}));
}

TEST(Quantities, UnitsMayTouchTheirNumber) {
  EXPECT_EQ(found("500GB"), (Texts{"bytes 500 GB"}));
  EXPECT_EQ(found("half a terabyte"), (Texts{"bytes 500 GB"}));
  EXPECT_EQ(found("0.5 TB"), (Texts{"bytes 500 GB"}));
  EXPECT_EQ(found("300ms"), (Texts{"time 0.3 s"}));
  EXPECT_EQ(found("a 30-second limit"), (Texts{"time 30 s"}));
  EXPECT_EQ(found("half a year"), (Texts{"time 182.5 days"}));
}

TEST(Quantities, RangesAreWrittenInManyWays) {
  for (const char* text : {"2 to 8 servers", "two to eight servers", "2-8 servers",
                           "2\u20138 servers", "between 2 and 8 servers",
                           "from 2 up to 8 servers"}) {
    EXPECT_EQ(found(text), (Texts{"count 2 to 8"})) << text;
  }
  EXPECT_EQ(found("100 to 200 GB"), (Texts{"bytes 100 GB to 200 GB"}));
}

TEST(Quantities, ComparisonsStandBeforeOrBehind) {
  EXPECT_EQ(found("at least a week"), (Texts{"time at least 7 days"}));
  EXPECT_EQ(found("no more than 8 servers"), (Texts{"count at most 8"}));
  EXPECT_EQ(found("fewer than 9 servers"), (Texts{"count at most 8"}));
  EXPECT_EQ(found("more than 2 servers"), (Texts{"count at least 3"}));
  EXPECT_EQ(found("under 300 ms"), (Texts{"time at most 0.3 s"}));
  EXPECT_EQ(found("90 days or more"), (Texts{"time at least 90 days"}));
  EXPECT_EQ(found("9 servers maximum and 12 minimum"),
            (Texts{"count at most 9", "count at least 12"}));
  EXPECT_EQ(found("minimum 2, maximum 8"), (Texts{"count at least 2", "count at most 8"}));
}

TEST(Quantities, FractionsRepetitionsAndOutOf) {
  EXPECT_EQ(found("a quarter of a year"), (Texts{"time 91.25 days"}));
  EXPECT_EQ(found("three quarters of an hour"), (Texts{"time 45 min"}));
  EXPECT_EQ(found("thirty (30) days"), (Texts{"time 30 days"}));
  EXPECT_EQ(found("99.5 out of 100 orders"), (Texts{"share 99.5 %"}));
  EXPECT_EQ(found("from three servers up to eight"), (Texts{"count 3 to 8"}));
  EXPECT_EQ(found("must not fall below 99.95 %"), (Texts{"share at least 99.95 %"}));
}

/// Twelve for some, twelve thousand for others.
TEST(Quantities, APointBeforeThreeDigitsIsLeftUnread) {
  EXPECT_EQ(found("12.000 visitors"), Texts{});
  EXPECT_EQ(found("1.500 GB"), Texts{});
  EXPECT_EQ(found("0.250 s"), (Texts{"time 250 ms"}));
  EXPECT_EQ(found("99.950 %"), (Texts{"share 99.95 %"}));
}

TEST(Quantities, PercentilesBelongToTheirTime) {
  const Texts p95{"time p95 at most 0.3 s"};
  EXPECT_EQ(found("p95 under 300 ms"), p95);
  EXPECT_EQ(found("under 300 ms at the 95th percentile"), p95);
  EXPECT_EQ(found("95 % of the pages within 300 ms"), p95);
  EXPECT_EQ(found("within 300 ms for 95 percent of all requests"), p95);
  EXPECT_EQ(found("a p99.9 of at most 2 s"), (Texts{"time p99.9 at most 2 s"}));
}

TEST(Quantities, SharesAndNines) {
  EXPECT_EQ(found("99.9 % uptime"), (Texts{"share 99.9 %"}));
  EXPECT_EQ(found("three nines"), (Texts{"share 99.9 %"}));
  EXPECT_EQ(found("at most 0.1 per cent"), (Texts{"share at most 0.1 %"}));
}

TEST(Quantities, FactorsAndMoney) {
  EXPECT_EQ(found("ten times as many"), (Texts{"factor 10 times"}));
  EXPECT_EQ(found("traffic doubles"), (Texts{"factor 2 times"}));
  EXPECT_EQ(found("8x the traffic"), (Texts{"factor 8 times"}));
  EXPECT_EQ(found("at most $6,000"), (Texts{"money at most 6000 USD"}));
}

TEST(Quantities, WhatIsNoneIsNotTakenForOne) {
  EXPECT_EQ(found("a WAF and an EFS in S3 with x-ray on us-east-1"), Texts{});
  EXPECT_EQ(found("around the clock, 24/7"), Texts{});
  EXPECT_EQ(found("200 visitors a day"), (Texts{"count 200"})) << "the day is a rate";
}

}  // namespace
}  // namespace shopsim::requirements
