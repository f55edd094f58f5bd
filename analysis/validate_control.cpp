// What has no chance in it: CloudWatch's published truth tables, sizes of target tracking, the
// steps of a failover with constant times.
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/ledger.hpp"
#include "models/alarm.hpp"
#include "models/target_tracking.hpp"

namespace shopsim::analysis {

namespace {

using models::AlarmState;
using models::MissingData;

/// 'A' ALARM, 'O' OK, 'I' INSUFFICIENT_DATA, 'R' the state as it was.
struct TruthRow {
  std::int64_t m;
  std::int64_t n;
  std::string_view points;  ///< 'X' breaching, '0' not, '-' missing; newest on the right
  std::string_view states;  ///< for missing, ignore, breaching, notBreaching
  std::string_view source;
};

constexpr TruthRow kTruth[] = {
    {3, 3, "0-X-X", "OOOO", "S-CW-MISS23 table 1 row 1"},
    {3, 3, "0----", "OOOO", "S-CW-MISS23 table 1 row 2"},
    {3, 3, "-----", "IRAO", "S-CW-MISS23 table 1 row 3"},
    {3, 3, "0XX-X", "AAAA", "S-CW-MISS23 table 1 row 4"},
    {3, 3, "--X--", "ARAO", "S-CW-MISS23 table 1 row 5"},
    {2, 3, "0-X-X", "AAAA", "S-CW-MISS23 table 2 row 1"},
    {2, 3, "00X0X", "AAAA", "S-CW-MISS23 table 2 row 2"},
    {2, 3, "0-X--", "OOAO", "S-CW-MISS23 table 2 row 3"},
    {2, 3, "----0", "OOAO", "S-CW-MISS23 table 2 row 4"},
    {2, 3, "---X-", "ARAO", "S-CW-MISS23 table 2 row 5"},
    {3, 3, "----X", "IRAO", "S-CW-MISS23 earlier edition, table 1 row 5"},
    {3, 3, "X----", "ARAO", "S-CW-MISS23 earlier edition, table 1 row 6"},
    {2, 3, "----X", "IRAO", "S-CW-MISS23 earlier edition, table 2 row 5"},
    {4, 5, "00X0XXX", "AAAA", "S-CW-EVAL"},
    {4, 5, "XXX0XX0", "OOOO", "S-CW-EVAL"}};

std::vector<std::optional<double>> points_of(std::string_view pattern) {
  std::vector<std::optional<double>> points;
  for (const char c : pattern) {
    points.push_back(c == '-' ? std::nullopt : std::optional<double>(c == 'X' ? 80 : 20));
  }
  return points;
}

AlarmState state_of(char letter, AlarmState before) {
  if (letter == 'A') return AlarmState::alarm;
  if (letter == 'O') return AlarmState::ok;
  return letter == 'I' ? AlarmState::insufficient_data : before;
}

void alarms(Ledger& ledger) {
  for (const TruthRow& row : kTruth) {
    for (std::size_t t = 0; t < row.states.size(); ++t) {
      const auto treatment = static_cast<MissingData>(t);
      const models::AlarmConfig config{.name = "alarm", .name_space = "AWS/EC2",
                                       .metric = "CPUUtilization", .threshold = 50,
                                       .evaluation_periods = row.n,
                                       .datapoints_to_alarm = row.m,
                                       .treat_missing_data = treatment};
      double right = 0;
      for (const AlarmState before :
           {AlarmState::ok, AlarmState::alarm, AlarmState::insufficient_data}) {
        const AlarmState found = models::decide(config, before, points_of(row.points));
        right += found == state_of(row.states[t], before) ? 1 : 0;
      }
      ledger.add_exact("Alarms: right states from each of 3 states before",
                       std::to_string(row.m) + " of " + std::to_string(row.n) + ", `" +
                           std::string(row.points) + "`, " +
                           std::string(models::to_text(treatment)),
                       std::string(row.source), 3, right);
    }
  }
}

/// Out: ceil(n m / target). In: the smallest group whose metric stays below the target.
void sizes(Ledger& ledger) {
  const struct {
    std::int64_t servers;
    double metric;
    double target;
    std::int64_t out;
    std::int64_t in;
  } rows[] = {{2, 75, 50, 3, 2}, {2, 76, 50, 4, 2},      {4, 100, 50, 8, 4}, {3, 51, 50, 4, 3},
              {8, 20, 50, 4, 4}, {8, 25, 50, 4, 5},      {4, 44, 50, 4, 4},  {2, 0, 50, 0, 1},
              {5, 1200, 1000, 6, 5}, {6, 30, 60, 3, 4},  {8, 99, 60, 14, 8}, {1, 50, 50, 1, 1}};
  for (const auto& row : rows) {
    char name[100];
    std::snprintf(name, sizeof name, "%d servers at %g against %g", static_cast<int>(row.servers),
                  row.metric, row.target);
    ledger.add_exact("Target tracking: size asked for", std::string(name) + ", out",
                     "S-ASG-TT, in proportion", static_cast<double>(row.out),
                     static_cast<double>(
                         models::scale_out_size(row.servers, row.metric, row.target)));
    ledger.add_exact("Target tracking: size asked for", std::string(name) + ", in",
                     "S-ASG-TT, in proportion", static_cast<double>(row.in),
                     static_cast<double>(
                         models::scale_in_size(row.servers, row.metric, row.target)));
  }
}

}  // namespace

void validate_control(Ledger& ledger, const ValidationEffort&) {
  alarms(ledger);
  sizes(ledger);
}

}  // namespace shopsim::analysis
