#include "analysis/usage_table.hpp"

#include <gtest/gtest.h>

namespace shopsim::analysis {
namespace {

TEST(UsageTable, GivesBackEveryMemberOfEveryReplication) {
  std::vector<Replication> replications(3);
  constexpr std::size_t kMembers = sizeof(models::Usage) / sizeof(double);
  for (std::size_t r = 0; r < replications.size(); ++r) {
    replications[r].summary.replication = static_cast<std::uint32_t>(r);
    auto* members = reinterpret_cast<double*>(&replications[r].summary.usage);
    for (std::size_t m = 0; m < kMembers; ++m) members[m] = static_cast<double>(100 * r + m) + 0.5;
  }
  const NamedTable named = usage_table(replications);
  EXPECT_EQ(named.name, "usage");
  EXPECT_EQ(named.table.columns.size(), kMembers + 1);
  const auto back = usage_of(named.table);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 3U);
  for (std::size_t r = 0; r < 3; ++r) {
    const auto* members = reinterpret_cast<const double*>(&(*back)[r]);
    for (std::size_t m = 0; m < kMembers; ++m) {
      EXPECT_EQ(members[m], static_cast<double>(100 * r + m) + 0.5)
          << named.table.columns[m + 1].name;
    }
  }
}

TEST(UsageTable, OfAnOlderProgramIsNotTaken) {
  std::vector<Replication> replications(1);
  Table table = usage_table(replications).table;
  table.columns.pop_back();
  EXPECT_FALSE(usage_of(table));
}

}  // namespace
}  // namespace shopsim::analysis
