/// The same demand in many words states the same fact, and nothing else.
#include "reading_helper.hpp"

namespace shopsim::requirements {
namespace {

using test::facts_of;
using test::joined;

void expect_same(const std::string& facts, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) EXPECT_EQ(joined(facts_of(text)), facts) << text;
}

TEST(Paraphrase, TwoToEightServers) {
  expect_same("servers.count.maximum=8 servers.count.minimum=2",
              {"The web tier must run on two to eight servers.",
               "Run between 2 and 8 web servers depending on load.",
               "At least two and at most eight web servers.",
               "Minimum 2 servers, maximum 8 servers.", "- Web servers: min 2, max 8",
               "| Part | Number |\n|---|---|\n| Web servers | 2 to 8 |\n"});
}

TEST(Paraphrase, HalfATerabyte) {
  expect_same("database.storage=500000000000",
              {"The database needs half a terabyte of disk space.",
               "The database must offer 0.5 TB of storage.",
               "## Database\n\n- 500 GB storage\n", "Database storage: 500GB."});
}

TEST(Paraphrase, SurvivingAServer) {
  expect_same("server_loss.survived",
              {"The website should work even if one server fails.",
               "The website must stay online when a web server crashes.",
               "If one of the servers dies, customers must not notice.",
               "A server failure must not take the shop down.",
               "The shop has to stay up when a server breaks.",
               "The shop must survive the loss of a server."});
}

TEST(Paraphrase, SurvivingADataCentre) {
  expect_same("zone_loss.survived",
              {"The website should keep working if a whole data centre goes down.",
               "The shop must not go down when an availability zone is lost.",
               "The loss of an availability zone must not interrupt the business.",
               "The shop must survive the loss of one data center."});
}

TEST(Paraphrase, PromisesOnPages) {
  expect_same("pages.latency=0.3@95",
              {"The shop must respond with p95 under 300 ms.",
               "Pages must load with a p95 below 0.3 seconds.",
               "95 % of the pages must be answered within 300 ms.",
               "The 95th percentile of page response times must stay under 300 milliseconds."});
}

TEST(Paraphrase, Availability) {
  expect_same("availability=0.999", {"The shop should be available three nines.",
                                     "Availability of 99.9 % is required.", "Uptime: 99.9 %.",
                                     "The site must be up 99.9 % of the time."});
}

TEST(Paraphrase, Traffic) {
  expect_same("traffic.concurrent_users=10000",
              {"We expect 10k concurrent users.",
               "Ten thousand users are active at the same time."});
  expect_same("traffic.black_friday_factor=5",
              {"On Black Friday we see five times the usual traffic.",
               "On Black Friday we expect 5x the normal traffic."});
}

TEST(Paraphrase, Backups) {
  expect_same("backup.daily backup.retention=1209600",
              {"Backups must be taken every night and kept for 14 days.",
               "Keep daily backups for two weeks."});
  expect_same("backup.daily backup.retention=1209600 backup.weekly "
              "backup.weekly_retention=15552000",
              {"Keep daily backups for two weeks and weekly backups for six months."});
}

TEST(Paraphrase, DutiesOfTheApplication) {
  expect_same("duty.password_hashing", {"Passwords must be stored hashed.",
                                        "Passwords must not be stored in plain text.",
                                        "Store passwords as salted hashes."});
  expect_same("duty.card_numbers", {"Do not store credit card numbers.",
                                    "Card data must not be stored."});
}

TEST(Paraphrase, Alarms) {
  expect_same("alarm.down notify.email", {"Send an email if the site is down.",
                                          "We want an alarm by email when the shop is down."});
  expect_same("alarm.errors notify.email notify.phone",
              {"Alert us by SMS and e-mail when the error rate is high."});
  expect_same("alarm.cpu alarm.cpu_threshold=0.8 notify.email",
              {"Please tell us by mail when CPU is above 80 %."});
  expect_same("notify.email_address=ops@shop.example notify.phone_number=+15550100100",
              {"Alarms go to ops@shop.example and +1 555 010 0100."});
}

TEST(Paraphrase, SizesGoToWhatTheySpeakOf) {
  expect_same("database.storage=100000000000",
              {"The database needs 100 GB, and the images need 40 GB."});
  EXPECT_EQ(test::understood("The database needs 100 GB, and the images need 40 GB.")[0].status,
            Status::partly);
}

TEST(Paraphrase, APronounSpeaksOfTheSentenceBefore) {
  expect_same("database.postgresql database.storage=200000000000",
              {"We need PostgreSQL. It must have 200 GB of storage."});
}

}  // namespace
}  // namespace shopsim::requirements
