#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

TEST(Run, PrintsTheVerdictFirstAndKeepsTheResults) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), short_run("normal_day") + "-o out/day.h5");
  EXPECT_TRUE(run.code == 0 || run.code == 1 || run.code == 3) << run.err;
  const auto first_word = run.out.substr(0, run.out.find(' '));
  EXPECT_EQ(first_word, run.code == 0 ? "MET" : run.code == 1 ? "MISSED" : "UNDECIDED");
  for (const char* part : {"promise", "95 % interval", "Latency over the run", "Cost", "total"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part;
  }
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "out/day.h5"));
  EXPECT_TRUE(run.err.empty()) << run.err;  // no live line where no terminal is
}

TEST(Run, TheResultsDoNotDependOnTheNumberOfThreads) {
  const Folder folder;
  const std::string common = short_run("normal_day") + "-q -r 5 ";
  shopsim(folder.path(), common + "-j 1 -o one.h5");
  shopsim(folder.path(), common + "-j 2 -o two.h5");
  const std::string one = content(folder.path() / "one.h5");
  ASSERT_GT(one.size(), 10'000U);
  EXPECT_TRUE(one == content(folder.path() / "two.h5"));
  shopsim(folder.path(), common + "-j 2 --seed 9 -o other.h5");
  EXPECT_FALSE(one == content(folder.path() / "other.h5"));
}

TEST(Run, SensitivityNamesWhatFlipsAVerdictAfterTheUsualReport) {
  const Folder folder;
  // A promise whose limit lies between the latency of today's pages and that of farther ones.
  const std::string common =
      "run '" SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml' -r 5 -q --set duration='1 min'"
      " --set warm_up='1 min' --set traffic.sessions_per_day=100000 --set catalogue.products=5000"
      " --set catalogue.images=2000 --set 'slos=[{name: middle, metric: latency, "
      "request_class: browse, percentile: 50, limit_time: 100 ms}]' ";
  const Outcome run = shopsim(folder.path(), common + "--sensitivity");
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(run.out.find("MET"), 0U) << run.out;
  EXPECT_NE(run.out.find("round trip from edge to region, x 1.50\n    met -> "),
            std::string::npos) << run.out;
  EXPECT_NE(run.out.find("Measure first: "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("No verdict flips by\n"), std::string::npos) << run.out;
  const Outcome json = shopsim(folder.path(), common + "--sensitivity --json");
  EXPECT_EQ(json.code, 0) << json.err;
  const auto report = nlohmann::json::parse(json.out);
  const auto& found = report["sensitivity"];
  const std::string trip = "platform.cdn.edge_locations[].origin_round_trip";
  EXPECT_EQ(found["measure_first"][0], trip) << found;
  const auto far = std::find_if(found["tried"].begin(), found["tried"].end(), [&](const auto& end) {
    return end["key"] == trip && end["end"] == "high";
  });
  ASSERT_NE(far, found["tried"].end());
  ASSERT_FALSE((*far)["flips"].empty());
  EXPECT_EQ((*far)["flips"][0]["promise"], "middle");
  EXPECT_EQ((*far)["flips"][0]["before"], "met");
  EXPECT_GT((*far)["largest_change"], 0.15);  // of the limit: half of 14 to 170 ms
  // What the result stands on is told without it, too.
  const auto& stands_on = report["assumptions"];
  EXPECT_TRUE(std::any_of(stands_on.begin(), stands_on.end(), [](const auto& of) {
    return of["key"] == "platform.database.reads_per_vcpu" && of["value"] == "1500 /s" &&
           of["low"] == "x 0.50" && of["high"] == "x 2.00";
  }));
}

TEST(Run, OfDrawnValuesItTellsTheProbabilityAndWhatAPromiseHangsOn) {
  const Folder folder;
  // Half of the draws of the balancer's latency are too long for the limit; another value changes
  // nothing. Some 250 pages a replication make the noise of their median small beside the draws.
  const std::string common =
      "run '" SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml' --set duration='1 min'"
      " --set warm_up='1 min' --set traffic.sessions_per_day=100000 --set catalogue.products=5000"
      " --set catalogue.images=2000 --set 'slos=[{name: slow, metric: latency, "
      "request_class: browse, percentile: 50, limit_time: 150 ms}, {name: success, "
      "metric: success_ratio, limit_share: 90 %}]'"
      " --set 'cdn.image_fetch_overhead={uniform: [1 ms, 9 ms]}'"
      " --set 'balancer.latency={exponential: {mean: {uniform: [1 ms, 200 ms]}}}' ";
  const Outcome json = shopsim(folder.path(), common + "-r 20 --json -o d.h5");
  const auto report = nlohmann::json::parse(json.out);
  EXPECT_EQ(json.code, 1) << json.err;  // kept with half of the draws: surely not in 90 %
  const auto& slow = report["promises"][0];
  EXPECT_EQ(slow["verdict"], "missed") << slow;
  EXPECT_LT(slow["kept"]["high"].get<double>(), 0.9);
  EXPECT_GT(slow["kept"]["probability"].get<double>(), 0.1);
  EXPECT_EQ(slow["strongest_draw"]["key"], "platform.balancer.latency.exponential.mean");
  EXPECT_GT(slow["strongest_draw"]["rank_correlation"].get<double>(), 0.9);
  const auto& success = report["promises"][1];
  EXPECT_EQ(success["kept"]["probability"], 1);
  EXPECT_EQ(success["verdict"], "undecided");  // 20 of 20 do not show 90 %
  EXPECT_EQ(report["drawn"].size(), 2U);
  EXPECT_EQ(report["drawn"][0]["values"].size(), 20U);
  const Outcome text = shopsim(folder.path(), common + "-r 20 -j 1 -o e.h5 --report e.html");
  EXPECT_NE(text.out.find("It hangs on platform.balancer.latency.exponential.mean (rank "
                          "correlation 0.9"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("What every replication drew"), std::string::npos);
  EXPECT_TRUE(content(folder.path() / "d.h5") == content(folder.path() / "e.h5"));
  EXPECT_NE(content(folder.path() / "e.html").find("kept with a probability of"),
            std::string::npos);
  const Outcome refused = shopsim(folder.path(), common + "--sensitivity -q");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--sensitivity needs one value for every number"),
            std::string::npos) << refused.err;
  const Outcome headroom = shopsim(
      folder.path(), "headroom '" SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml'"
                     " --set 'traffic.growth={uniform: [0.8, 1.3]}'");
  EXPECT_EQ(headroom.code, 2);
  EXPECT_NE(headroom.err.find("is drawn once a replication"), std::string::npos);
}

TEST(Run, RemediesNamesTheCheapestChangeAndItsOption) {
  const Folder folder;
  const std::string storm =
      "run '" SHOPSIM_SOURCE_DIR "/scenarios/retry_storm.yaml' -r 5 -q --set start=19:43"
      " --set duration='6 min' --set warm_up='2 min' ";
  const Outcome run = shopsim(folder.path(), storm + "--remedies");
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_NE(run.out.find("What removes the metastable failure"), std::string::npos) << run.out;
  const std::string option = "--set 'platform.web.protection.queue_order=newest_first'";
  EXPECT_NE(run.out.find(option), std::string::npos) << run.out;
  // What is printed can be typed.
  const Outcome typed = shopsim(folder.path(), storm + option + " --remedies");
  EXPECT_NE(typed.out.find("there is nothing to remedy"), std::string::npos)
      << typed.out << typed.err;
  for (const char* more : {"--json", "--engine simgrid"}) {
    const Outcome refused = shopsim(folder.path(), storm + "--remedies " + more);
    EXPECT_EQ(refused.code, 2) << more;
    EXPECT_NE(refused.err.find("--remedies"), std::string::npos) << refused.err;
  }
}

TEST(Run, TheSecondEngineRunsBesideTheRealMpi) {
  const Folder folder;
  // SimGrid's library has functions of MPI's names; the program links the real ones, too.
  const Outcome run = shopsim(
      folder.path(), short_run("normal_day") + "-r 5 --engine simgrid --set start=12:00"
                     " --set duration='6 min' --set warm_up='1 min'"
                     " --set traffic.sessions_per_day=3000");
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("normal_day on the second engine (SimGrid)"), std::string::npos);
  EXPECT_NE(run.out.find("\nthroughput "), std::string::npos) << run.out;
}

TEST(Run, AnImpossiblePromiseIsMissedWithExitCodeOne) {
  const Folder folder;
  const Outcome run = shopsim(
      folder.path(), short_run("normal_day") + "--json --set 'slos[0].limit_time=1 ms'");
  EXPECT_EQ(run.code, 1) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["verdict"], "missed");
  EXPECT_EQ(json["promises"][0]["verdict"], "missed");
  EXPECT_FALSE(json["promises"][0]["first_breach"].is_null());
  EXPECT_GT(json["promises"][0]["value"]["mean"].get<double>(), 0.001);
  EXPECT_GT(json["cost"]["month_usd"]["mean"].get<double>(), 0);
  EXPECT_FALSE(json["cost"]["without_price"].empty());
}

TEST(Run, SaysWhichPricesAreEstimated) {
  const Folder folder;
  const std::string arguments = short_run("normal_day") + "--set duration='5 min' -r 5 ";
  const Outcome listed = shopsim(folder.path(), arguments);
  EXPECT_EQ(listed.out.find("Price estimated"), std::string::npos) << listed.out;
  const Outcome estimated =
      shopsim(folder.path(), arguments + "--set database.instance_class=db.m6gd.large");
  EXPECT_NE(estimated.out.find("Price estimated (in the total): RDS: db.m6gd.large Multi-AZ hours"),
            std::string::npos)
      << estimated.out << estimated.err;
}

TEST(Run, BadInputEndsWithPlaceAndHintAndTouchesNoFile) {
  const Folder folder;
  std::ofstream(folder.path() / "bad.yaml") << "name: bad\nplatfrom: x.yaml\nduration: 24\n";
  std::ofstream(folder.path() / "kept.h5") << "old results";
  const Outcome run = shopsim(folder.path(), "run bad.yaml -o kept.h5");
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("bad.yaml:2:1: error"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("did you mean `platform`"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("bad.yaml:3:"), std::string::npos) << run.err;  // all at once
  EXPECT_TRUE(run.out.empty());
  EXPECT_EQ(content(folder.path() / "kept.h5"), "old results");
}

TEST(Run, AnOutputThatCannotBeWrittenFailsBeforeTheSimulation) {
  const Folder folder;
  std::ofstream(folder.path() / "file") << "no folder";
  // The full day would take a minute; the refusal takes none of it.
  const Outcome run = shopsim(
      folder.path(), "run '" SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml' -o file/x.h5");
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("output-not-writable"), std::string::npos) << run.err;
}

TEST(Run, ATerminatedRunLeavesTheOldFile) {
  const Folder folder;
  std::ofstream(folder.path() / "kept.h5") << "old results";
  const std::string command =
      "cd '" + folder.path().string() + "' && { '" SHOPSIM_PROGRAM "' run '" SHOPSIM_SOURCE_DIR
      "/scenarios/black_friday.yaml' -q -o kept.h5 2>err & pid=$!; sleep 1; kill -TERM $pid; "
      "wait $pid; }";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_EQ(content(folder.path() / "kept.h5"), "old results");
  EXPECT_NE(content(folder.path() / "err").find("interrupted"), std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().filename().string().find(".partial"), std::string::npos);
  }
}

TEST(Program, UnknownCommandsAndOptionsGetSuggestions) {
  const Folder folder;
  const Outcome command = shopsim(folder.path(), "rnu x.yaml");
  EXPECT_EQ(command.code, 2);
  EXPECT_NE(command.err.find("did you mean `run`"), std::string::npos) << command.err;
  const Outcome option = shopsim(folder.path(), "run x.yaml --sed 4");
  EXPECT_EQ(option.code, 2);
  EXPECT_NE(option.err.find("--se"), std::string::npos) << option.err;
}

TEST(Check, FindsNothingInTheShippedFiles) {
  const Folder folder;
  const Outcome check = shopsim(
      folder.path(), "check '" SHOPSIM_SOURCE_DIR "'/scenarios/*.yaml '" SHOPSIM_SOURCE_DIR
                     "'/scenarios/platforms/shop.yaml");
  EXPECT_EQ(check.code, 0) << check.err;
}

TEST(Check, TellsAPlatformFromAScenarioByItsContent) {
  const Folder folder;
  std::ofstream(folder.path() / "p.yaml") << "name: p\nweb:\n  workers: 0\n";
  const Outcome check = shopsim(folder.path(), "check p.yaml --json");
  EXPECT_EQ(check.code, 2);
  const auto findings = nlohmann::json::parse(check.out);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0]["line"], 3);
  EXPECT_EQ(findings[0]["severity"], "error");
}

TEST(Run, FewRequestsWithoutAFailureAreToldBesideTheVerdict) {
  const Folder folder;
  const std::string arguments = short_run("normal_day") + "--set duration='5 min' -r 5 ";
  const Outcome run = shopsim(folder.path(), arguments);
  EXPECT_NE(run.out.find("\n  checkout success: no failure in "), std::string::npos) << run.out;
  const Outcome json = shopsim(folder.path(), arguments + "--json");
  const auto unseen = nlohmann::json::parse(json.out)["unseen_failures"];
  ASSERT_FALSE(unseen.empty());
  EXPECT_EQ(unseen[0]["promise"], "checkout success");
  EXPECT_GT(unseen[0]["possible_share"].get<double>(), unseen[0]["allowed_share"].get<double>());
  const Outcome quiet = shopsim(folder.path(), arguments + "-q");
  EXPECT_EQ(quiet.out.find("no failure in"), std::string::npos) << quiet.out;
}

TEST(Run, WritesBothEndsOfAnIntervalWithAsManyDigits) {
  // With this seed an interval of the medians ends in a round 96.0 ms.
  const Folder folder;
  std::string arguments = short_run("normal_day") + "--set duration='5 min' -r 5 -q --seed 8 " +
                          "--set traffic.growth=0.1 ";
  for (const char* slo : {"0", "1", "2", "3"}) {
    arguments += std::string("--set 'slos[") + slo + "].percentile=50' ";
  }
  const Outcome run = shopsim(folder.path(), arguments);
  const std::regex pattern("(\\d+)\\.?(\\d*) (ms|s) to (\\d+)\\.?(\\d*) (ms|s)");
  int compared = 0;
  for (auto at = std::sregex_iterator(run.out.begin(), run.out.end(), pattern);
       at != std::sregex_iterator(); ++at) {
    const std::smatch& found = *at;
    if (found.str(3) != found.str(6) || found.length(1) != found.length(4)) continue;
    EXPECT_EQ(found.length(2), found.length(5)) << found.str();
    ++compared;
  }
  EXPECT_GT(compared, 0) << run.out;
}

TEST(Run, OneOfAThingIsNotSeveral) {
  // The alarm about the servers in service rings once after the loss of one.
  const Folder folder;
  const Outcome run = shopsim(folder.path(), short_run("server_loss") +
                                                 "--set start=20:05 --set duration='30 min' -r 5");
  EXPECT_NE(run.out.find(", 1 alarm, "), std::string::npos) << run.out << run.err;
  // A server is lost and replaced, two are scaled in; each is recorded at its begin and at its end.
  EXPECT_NE(run.out.find("; 4 scaling activities, "), std::string::npos) << run.out;
  EXPECT_FALSE(std::regex_search(run.out, std::regex("\\b1 (alarms|messages|scaling activities)")));
}

TEST(Explain, SaysDefaultRangeAndSource) {
  const Folder folder;
  const Outcome explain = shopsim(folder.path(), "explain web.workers");
  EXPECT_EQ(explain.code, 0);
  EXPECT_NE(explain.out.find("default:"), std::string::npos);
  EXPECT_NE(explain.out.find("or a law:"), std::string::npos);
  const Outcome common = shopsim(folder.path(), "explain scenario.duration web.instance_type");
  EXPECT_EQ(common.out.find("or a law:"), std::string::npos) << common.out;
  const Outcome unknown = shopsim(folder.path(), "explain web.worker");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("platform.web.workers"), std::string::npos) << unknown.err;
}

TEST(Explain, OffersTheKeysThatHaveTheWordInThemOrInTheirMeaning) {
  const Folder folder;
  const Outcome credits = shopsim(folder.path(), "explain Credits");
  EXPECT_EQ(credits.code, 2);
  const std::size_t named = credits.err.find("`scenario.faults[].credits_spent`");
  EXPECT_LT(credits.err.find("`platform.web.unlimited_credits`"), named) << credits.err;
  EXPECT_EQ(credits.err.find("platform.region"), std::string::npos) << credits.err;
  const Outcome many = shopsim(folder.path(), "explain scaling");
  EXPECT_EQ(std::count(many.err.begin(), many.err.end(), '`'), 2 * (8 + 1)) << many.err;
  EXPECT_NE(many.err.find(" more?"), std::string::npos) << many.err;
  const Outcome typo = shopsim(folder.path(), "explain platform.web.wokers");
  EXPECT_NE(typo.err.find("did you mean `platform.web.workers`?"), std::string::npos) << typo.err;
}

}  // namespace
}  // namespace shopsim::cli
