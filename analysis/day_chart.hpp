#pragma once
/// What a small picture of a run shows: a few series over its length, and when what happened.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/results_reader.hpp"
#include "analysis/run_report.hpp"

namespace shopsim::analysis {

enum class ChartUnit : std::uint8_t { per_second, count, share, seconds };

struct ChartRow {
  std::string name;
  ChartUnit unit = ChartUnit::count;
  std::vector<double> values;  ///< [period]: mean over replications, NaN where there is none
  std::optional<double> full;  ///< the value of a full bar; empty: the largest value
  std::optional<double> limit;  ///< what was promised
};

/// Begin of a fault, an alarm or a scaling activity, of the first replication.
enum class ChartEvent : std::uint8_t { fault, alarm, scaling };

struct ChartMark {
  ChartEvent event = ChartEvent::fault;
  double time_s = 0;  ///< simulated
};

struct DayChart {
  std::size_t replications = 0;
  double start_of_day_s = 0;  ///< clock time at simulated time 0
  double begin_s = 0;         ///< simulated time of the first period
  double period_s = 60;
  std::vector<ChartRow> rows;  ///< all as long as the first
  std::vector<ChartMark> marks;
};

/// Traffic, servers, CPU, the latency promise that fared worst, failures. Throws Hdf5Error when a
/// part of the file is damaged.
DayChart day_chart(const ResultsReader& results, const RunReport& report);

}  // namespace shopsim::analysis
