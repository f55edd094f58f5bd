/// What a sentence is before its content counts: denials, wishes, questions, prose.
#include "reading_helper.hpp"

namespace shopsim::requirements {
namespace {

using test::facts_of;
using test::joined;
using test::status_of;

/// Sentences and the facts they must state, and no others.
struct Case {
  std::string text;
  std::string facts;
};

void expect_all(const std::vector<Case>& cases) {
  for (const Case& each : cases) EXPECT_EQ(joined(facts_of(each.text)), each.facts) << each.text;
}

TEST(Denial, IsFoundBeforeAndBehindWhatItDenies) {
  expect_all({{"We do not need a CDN.", "!cdn"},
              {"We don't want a CDN.", "!cdn"},
              {"A CDN is not needed.", "!cdn"},
              {"CDN not required.", "!cdn"},
              {"There is no need for a CDN.", "!cdn"},
              {"Do without a CDN.", "!cdn"},
              {"There must never be a CDN.", "!cdn"},
              {"It must work without a CDN.", "!cdn"}});
}

TEST(Denial, ReachesAsFarAsTheEnumerationAndNoFarther) {
  expect_all({{"We need no CDN, WAF or EFS.", "!cdn !shared_files !waf"},
              {"We need neither a CDN nor a WAF.", "!cdn !waf"},
              {"We need a WAF but no CDN.", "!cdn waf"},
              {"We need a WAF and no CDN.", "!cdn waf"},
              {"We don't want a CDN, but we want a WAF.", "!cdn waf"},
              {"We need a cache, not a CDN.", "!cdn cache"},
              {"Not only a WAF but also a CDN is required.", "cdn waf"}});
}

TEST(Denial, MayBeAnAnswerOrAnAdjectiveBehind) {
  expect_all({{"- CDN: no", "!cdn"},
              {"- CDN: not needed", "!cdn"},
              {"- CDN: yes", "cdn"},
              {"A CDN is overkill.", "!cdn"},
              {"SSH from outside is forbidden.", "access.no_ssh"},
              {"Passwords belong in a vault and not in the code.", "secrets"}});
}

TEST(Demands, MayBeImperatives) {
  expect_all({{"Put a WAF in front of it.", "waf"},
              {"Encrypt the backups.", "encryption.backups"},
              {"Give us PostgreSQL, 250 gigs to begin with.",
               "database.postgresql database.storage=250000000000"}});
}

TEST(Denial, WhoseReachIsUnclearStatesNothing) {
  expect_all({{"We need no CDN and a WAF.", "!cdn"},
              {"The WAF must not block our customers.", ""},
              {"Never skip the WAF.", ""},
              {"We must not do without a WAF.", ""}});
  EXPECT_EQ(status_of("Never skip the WAF."), Status::not_understood);
}

TEST(Denial, IsTakenFromTheListsLeadAndTheHeading) {
  expect_all({{"We do not want:\n- a CDN\n- SSH access\n", "!cdn access.no_ssh"},
              {"## Not needed\n\n- CDN\n- WAF\n", "!cdn !waf"},
              {"## Out of scope\n\nA CDN.\n\n## Needed\n\n- a WAF\n", "!cdn waf"}});
}

TEST(Denial, OfAProhibitionIsTheProhibition) {
  expect_all({{"Databases should NOT be accessible from the internet.", "database.private"},
              {"The database must never be reachable from outside.", "database.private"},
              {"Nobody outside may reach the database.", "database.private"},
              {"It should be impossible to reach the database from the internet.",
               "database.private"},
              {"The database must not be public.", "database.private"},
              {"The database should be accessible from the internet.", "!database.private"},
              {"No SSH from outside.", "access.no_ssh"},
              {"SSH must be open to the internet.", "!access.no_ssh"}});
}

TEST(Wishes, AreUnderstoodButNotApplied) {
  for (const char* text : {"It would be nice to have a CDN.", "Ideally we have a CDN.",
                           "We could use a CDN.", "In the future we might need a CDN.",
                           "## Nice to have\n\nA CDN.\n", "A CDN, if possible."}) {
    const auto all = test::understood(text);
    EXPECT_EQ(all.back().status, Status::wish) << text;
    EXPECT_TRUE(all.back().findings.empty()) << text;
    ASSERT_EQ(all.back().not_applied.size(), 1U) << text;
    EXPECT_EQ(all.back().not_applied[0].fact, "cdn") << text;
  }
}

TEST(Questions, DemandNothing) {
  EXPECT_EQ(status_of("Do we need a WAF?"), Status::question);
  EXPECT_EQ(facts_of("Do we need a WAF?").size(), 0U);
}

TEST(Conditions, ThatNoRuleReadsKeepADemandOut) {
  EXPECT_EQ(status_of("If the board agrees, we want a WAF."), Status::conditional);
  EXPECT_EQ(status_of("We want a WAF unless it is expensive."), Status::conditional);
  EXPECT_EQ(joined(facts_of("The website must work even if one server fails.")),
            "server_loss.survived");
}

TEST(Background, DemandsNothing) {
  for (const char* text : {"Last year our site went down on Black Friday.",
                           "Our competitor uses CloudFront.",
                           "The old shop ran on MySQL and two servers.",
                           "## About us\n\nWe run a WAF.\n"}) {
    EXPECT_EQ(test::understood(text).back().status, Status::background) << text;
    EXPECT_EQ(facts_of(text).size(), 0U) << text;
  }
  EXPECT_EQ(joined(facts_of("Last year hackers visited us, that is why we need a WAF.")), "waf");
}

TEST(Prose, StatesNothing) {
  for (const char* text :
       {"Our founder loves databases and encryption.",
        "We sell handmade furniture from Portugal.",
        "Our warehouse has 8 servers of soup for 500 guests.",
        "The cache of truffles in the cellar has grown by half a ton.",
        "Grandmother kept a database of recipes, 500 of them.",
        "The mail carrier visits the shop at 10 every day."}) {
    EXPECT_EQ(facts_of(text).size(), 0U) << text << " " << joined(facts_of(text));
  }
}

TEST(Languages, OtherThanEnglishAreNotRead) {
  for (const char* text : {"Wir brauchen kein CDN und keine WAF.",
                           "Le site doit avoir un WAF et un CDN pour les images.",
                           "\u041d\u0443\u0436\u0435\u043d WAF \u0438 CDN."}) {
    EXPECT_EQ(status_of(text), Status::not_understood) << text;
    EXPECT_EQ(facts_of(text).size(), 0U) << text;
  }
}

TEST(Precision, WhatIsNotKnownIsSaidSo) {
  for (const char* text :
       {"Staff must use MFA.", "All servers must be patched monthly.",
        "The application must be written in Java.", "Everything must be scalable and modern.",
        "The servers must have 16 GB of memory.", "We need 12 gargoyles in the lobby.",
        "The page must not be slow.", "Every request to the database must be logged.",
        "The database must be sharded by customer.", "Orders must never be lost.",
        "Logs older than 90 days should be archived.", "We need two load balancers in two regions.",
        "Our web team of 8 people needs two desks."}) {
    EXPECT_EQ(status_of(text), Status::not_understood) << text << " " << joined(facts_of(text));
  }
}

TEST(Precision, UnknownWordsBesideKnownOnesAreListed) {
  const auto all = test::understood("The site needs a WAF and a blockchain ledger.");
  EXPECT_EQ(all[0].status, Status::partly);
  EXPECT_EQ(all[0].left, (std::vector<std::string>{"blockchain", "ledger"}));
}

}  // namespace
}  // namespace shopsim::requirements
