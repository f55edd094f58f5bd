#pragma once
/// When does anybody notice a bot, and by what? From the bot's first request on: the rate rule's
/// first block, the first alarm for people, the first mail and the first message to a phone.
///
/// An alarm counts for every bot that was at work or had ended no longer than ten minutes before:
/// alarms do not say whose fault it is.
#include <cstddef>
#include <span>
#include <string>

#include "analysis/replicate.hpp"
#include "analysis/statistics.hpp"
#include "models/load.hpp"

namespace shopsim::analysis {

/// The first sign of one kind.
struct FirstSign {
  std::size_t seen_in = 0;  ///< replications
  Interval after;           ///< seconds after the bot's first request, over those
  std::string what;         ///< the alarm seen first in the first of them; empty for a block
};

struct BotWarnings {
  FirstSign block;
  FirstSign alarm;
  FirstSign email;
  FirstSign phone;
  /// What GuardDuty says of it: "off" or "nothing".
  std::string guard_duty;
};

/// Of bot `index` of the scenario.
BotWarnings bot_warnings(const models::LoadedScenario& loaded, std::size_t index,
                         std::span<const Replication> replications);

/// Why, in one sentence.
std::string guard_duty_reason(const models::Platform& platform);

}  // namespace shopsim::analysis
