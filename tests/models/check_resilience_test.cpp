// What contradicts itself in faults that last, bots, protection, payments: findings with place and
// hint, all at once.
#include <gtest/gtest.h>

#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using test::ShopFiles;
using test::with_code;

TEST(CheckResilience, FaultsOnWhatThePlatformDoesNotHaveAreRefused) {
  ShopFiles files;
  files.change_scenario("faults:\n", R"(faults:
  - name: provider gone
    at: 20:20
    payment_down: {}
  - name: nothing
    at: 20:21
    database_slow: {factor: 1}
  - name: chained
    after: no such thing
    delay: 10 min
    cdn_flush: {}
)");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto disabled = with_code(diagnostics, "fault-disabled");
  ASSERT_EQ(disabled.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(disabled[0].place.line, files.scenario_line("payment_down"));
  EXPECT_EQ(with_code(diagnostics, "fault-nothing").size(), 1U);
  EXPECT_EQ(with_code(diagnostics, "unknown-fault").size(), 1U);
}

TEST(CheckResilience, BotsNeedAPageATimeAndRulesThatKnowThem) {
  ShopFiles files;
  files.change_scenario("faults:\n", R"(bots:
  - name: one
    page: serch_results
    start: 20:20
  - name: two
    start: 03:00
  - name: two
    start: 20:20
    recognised: 50 %
faults:
)");
  files.change_platform("  managed_rule_groups:\n"
                        "    - AWSManagedRulesCommonRuleSet\n"
                        "    - AWSManagedRulesKnownBadInputsRuleSet\n"
                        "    - AWSManagedRulesSQLiRuleSet\n"
                        "    - AWSManagedRulesAmazonIpReputationList\n",
                        "  managed_rule_groups: []\n");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto page = with_code(diagnostics, "unknown-page");
  ASSERT_EQ(page.size(), 1U) << test::all_text(diagnostics);
  EXPECT_NE(page[0].hint.find("search_results"), std::string::npos);
  EXPECT_EQ(with_code(diagnostics, "bot-outside").size(), 1U);
  EXPECT_EQ(with_code(diagnostics, "bot-recognised").size(), 1U);
}

TEST(CheckResilience, PriorityClassesMustExistAndHedgingComesBeforeTheTimeout) {
  ShopFiles files;
  files.change_platform("  accept_queue: 256\n",
                        "  accept_queue: 256\n"
                        "  protection: {priority_classes: [chekout]}\n");
  files.change_scenario("  timeout: 10 s\n", "  timeout: 10 s\n  hedge_after: 10 s\n");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto unknown = with_code(diagnostics, "unknown-class");
  ASSERT_EQ(unknown.size(), 1U) << test::all_text(diagnostics);
  EXPECT_NE(unknown[0].hint.find("checkout"), std::string::npos);
  EXPECT_EQ(with_code(diagnostics, "hedge").size(), 1U);
}

}  // namespace
}  // namespace shopsim::models
