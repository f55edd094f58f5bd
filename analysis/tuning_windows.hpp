#pragma once
/// Short stretches of a scenario in which a configuration that is too weak shows it: around planned
/// rises, flash crowds, faults and the highest rate. A window begins with the scenario's own
/// warm-up, and one that begins where the scenario begins is the begin of the whole run, customer
/// by customer.
///
/// A window can only refuse. Promises about windows of time are judged in it as in the whole run;
/// of promises about the whole run only the failures are counted, against the whole run's requests.
#include <string>
#include <vector>

#include "analysis/tuning_load.hpp"
#include "models/scenario.hpp"

namespace shopsim::analysis {

struct TuningWindow {
  std::string name;               ///< "20:00 to 20:20"
  models::Scenario scenario;
  std::vector<std::size_t> promises;  ///< of the whole scenario, those of `scenario.slos`
  double from_second = 0;         ///< of the whole run
  bool is_whole = false;          ///< the scenario as it is
  double pages = 0;               ///< expected, warm-up included
};

/// By time. One whole window where cutting would save little, or where the arrivals come from a
/// trace (they have no warm-up).
std::vector<TuningWindow> tuning_windows(const models::Scenario& scenario,
                                         const TrafficLoad& load);

/// The whole scenario as a window.
TuningWindow whole_window(const models::Scenario& scenario, const TrafficLoad& load);

}  // namespace shopsim::analysis
