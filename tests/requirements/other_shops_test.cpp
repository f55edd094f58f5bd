/// Documents of other shops, in other words: what must be found, and that nothing else is.
#include "reading_helper.hpp"

namespace shopsim::requirements {
namespace {

/// All facts a document states, with values; wishes and conditions are none.
void expect_facts(const std::string& text, const std::string& facts) {
  EXPECT_EQ(test::joined(test::facts_of(text)), facts);
}

TEST(OtherShops, ASmallLampShop) {
  const std::string text =
      "# Nordic Lamps\n"
      "\n"
      "## About us\n"
      "\n"
      "We are a family business from Turku. Our database of customers goes back to 1987, and\n"
      "grandfather encrypted everything with his handwriting.\n"
      "\n"
      "## What the shop must do\n"
      "\n"
      "About 3,000 visitors come every day. On Black Friday traffic triples. The shop has to stay\n"
      "up when a server breaks, but we can live with an outage of the region.\n"
      "\n"
      "All customer data is kept in PostgreSQL. It needs 40 GB of disk space. It must be backed\n"
      "up nightly and the backups are retained for 30 days.\n"
      "\n"
      "## Not needed\n"
      "\n"
      "- CDN\n"
      "- WAF\n"
      "\n"
      "## Nice to have\n"
      "\n"
      "- X-Ray tracing\n"
      "\n"
      "Should we use GuardDuty?\n";
  expect_facts(text, "!cdn !waf backup.daily backup.retention=2592000 database.needed "
                     "database.postgresql database.storage=40000000000 server_loss.survived "
                     "traffic.black_friday_factor=3 traffic.visitors_per_day=3000");
  const test::Attempt tried = test::attempt(text);
  ASSERT_TRUE(tried.derivation) << tried.findings();
  EXPECT_FALSE(tried.derivation->facts.holds("tracing"));
  EXPECT_FALSE(tried.derivation->facts.holds("guard_duty"));
  EXPECT_EQ(tried.derivation->coverage.wishes, 1U);
  EXPECT_EQ(tried.derivation->coverage.questions, 1U);
}

TEST(OtherShops, ATenderInTables) {
  expect_facts("TENDER 17/2026\n"
               "\n"
               "| No | Requirement | Value |\n"
               "|----|-------------|-------|\n"
               "| 1 | Web servers | min 3, max 12 |\n"
               "| 2 | Availability zones | 3 |\n"
               "| 3 | Database | PostgreSQL, Multi-AZ, 2 TB |\n"
               "| 4 | Availability | 99.95 % |\n"
               "| 5 | Page response time | p99 < 800 ms |\n"
               "| 6 | Backup retention | 35 days |\n"
               "| 7 | Encryption | at rest and in transit |\n"
               "| 8 | Mainframe connection | CICS |\n",
               "availability=0.9995 backup.retention=3024000 database.multi_az "
               "database.postgresql database.storage=2000000000000 encryption.all "
               "encryption.in_transit network.zones=3 pages.latency=0.8@99 "
               "servers.count.maximum=12 servers.count.minimum=3");
}

TEST(OtherShops, APlainTextLetter) {
  expect_facts(
      "Dear team,\n"
      "\n"
      "thank you for the meeting. Two years ago we ran on one server and it crashed; that is why\n"
      "the new shop must keep running when a server dies. We would love a fancy dashboard some\n"
      "day. For now please make sure that nobody can reach the database from the internet and\n"
      "that passwords are hashed. We do not need EFS.\n"
      "\n"
      "If marketing gets its way, we need CloudFront as well.\n"
      "\n"
      "Kind regards,\n"
      "Ada\n",
      "!shared_files database.private duty.password_hashing server_loss.survived");
}

}  // namespace
}  // namespace shopsim::requirements
