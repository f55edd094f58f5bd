#include "analysis/bot_warnings.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace shopsim::analysis {
namespace {

using namespace sim::literals;
using sim::Time;

/// Alarms look back over a few minutes: what rings soon after a bot has ended is still its doing.
constexpr sim::Duration kAftermath = 10_min;

struct Sign {
  Time time;
  std::string what;
};

/// Gathers the first sign of each replication.
class FirstSigns {
 public:
  explicit FirstSigns(Time begin) : begin_(begin) {}
  void add(const std::optional<Sign>& sign) {
    if (!sign) return;
    if (seconds_.empty()) what_ = sign->what;
    seconds_.push_back((sign->time - begin_).seconds());
  }
  [[nodiscard]] FirstSign result() const {
    return {seconds_.size(), mean_interval(seconds_), what_};
  }

 private:
  Time begin_;
  std::vector<double> seconds_;
  std::string what_;
};

/// The first of the records in [begin, end) that `counts`; they are not always sorted by time.
template <class Record, class Counts, class What>
std::optional<Sign> first_of(const std::vector<Record>& records, std::pair<Time, Time> stretch,
                             Counts counts, What what) {
  std::optional<Sign> first;
  for (const Record& record : records) {
    if (record.time < stretch.first || record.time >= stretch.second || !counts(record)) continue;
    if (!first || record.time < first->time) first = Sign{record.time, what(record)};
  }
  return first;
}

/// Alarms of scaling policies ring as well, and tell nobody.
bool tells_people(const models::Platform& platform, const std::string& alarm) {
  return std::any_of(platform.alarms.begin(), platform.alarms.end(),
                     [&alarm](const models::AlarmConfig& config) { return config.name == alarm; });
}

}  // namespace

BotWarnings bot_warnings(const models::LoadedScenario& loaded, std::size_t index,
                         std::span<const Replication> replications) {
  const models::BotConfig& bot = loaded.scenario.bots[index];
  const Time begin =
      Time{} + (bot.start.since_midnight - loaded.scenario.start.since_midnight);
  const std::pair stretch{begin, begin + bot.duration + kAftermath};
  FirstSigns block(begin), alarm(begin), email(begin), phone(begin);
  for (const Replication& replication : replications) {
    const models::RunSummary& summary = replication.summary;
    if (const auto& time = summary.bots[index].first_blocked) block.add(Sign{*time, {}});
    alarm.add(first_of(
        summary.alarms, stretch,
        [&](const auto& a) { return a.to == "ALARM" && tells_people(loaded.platform, a.alarm); },
        [](const auto& a) { return a.alarm; }));
    const auto told = [&](std::string_view channel) {
      return first_of(
          summary.notifications, stretch,
          [&](const auto& message) { return message.channel == channel; },
          [](const auto& message) { return message.subject; });
    };
    email.add(told("email"));
    phone.add(told("phone"));
  }
  return {block.result(), alarm.result(), email.result(), phone.result(),
          loaded.platform.security.guard_duty ? "nothing" : "off"};
}

std::string guard_duty_reason(const models::Platform& platform) {
  if (!platform.security.guard_duty) return "GuardDuty is off (security.guard_duty).";
  std::string sources = "calls of the AWS API, network flows, DNS lookups";
  if (platform.security.guard_duty_s3) sources += ", S3 data events";
  if (platform.security.guard_duty_rds) sources += ", logins to the database";
  return "GuardDuty looks at " + sources +
         ": a bot's requests come from the balancer's addresses and log in to the shop, not to the "
         "database. What it finds elsewhere reaches EventBridge within 5 min, repeated findings "
         "every 6 h unless set otherwise (S-GD-EB).";
}

}  // namespace shopsim::analysis
