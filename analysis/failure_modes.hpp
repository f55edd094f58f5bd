#pragma once
/// How often does what fail in a year? A list of failure modes with a rate, how far from it the
/// truth may lie, and where the number comes from. Cloud providers publish almost none of these:
/// most are assumptions with wide ends, and every report names the one it hangs on most.
///
/// A file in the same form (`shopsim availability --rates FILE`) replaces the built-in list.
/// Leaves out: events of a whole region, which no configuration in one region survives, and the
/// shop's own releases.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/faults.hpp"
#include "models/platform.hpp"
#include "sim/config_reader.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::analysis {

/// What a rate is stated for: a platform with twice as many of them sees twice as many failures.
enum class FailureUnit : std::uint8_t { platform, zone, server, database, cache_shard };
SHOPSIM_ENUM_NAMES(FailureUnit, "platform", "zone", "server", "database", "cache_shard")

struct FailureMode {
  std::string name;
  FailureUnit per = FailureUnit::platform;
  double yearly = 0;  ///< of one unit
  double low = 0;
  double high = 0;
  models::FaultKind fault;
  /// How long a lost zone stays lost, drawn anew each time; otherwise the fault's own number.
  std::optional<sim::DurationDistribution> lasts;
  /// Until what failed is whole again: the time in which a second failure finds it broken.
  sim::Duration repaired_in{600'000'000'000};
  std::string source;
  void describe(sim::FieldVisitor& v);
};

struct FailureRates {
  std::vector<FailureMode> modes;
  /// A database without a standby is down so long when its host fails.
  sim::DurationDistribution database_restart{{sim::Law::lognormal, 1'200, 0.8}};
  void describe(sim::FieldVisitor& v);
};

/// The built-in list.
[[nodiscard]] FailureRates default_failure_rates();

/// A file in place of it; nothing, with diagnostics, if anything in it is wrong.
[[nodiscard]] std::optional<FailureRates> load_failure_rates(const std::filesystem::path& file,
                                                             sim::Diagnostics& diagnostics);

/// How many of the units a platform has (`server`: as many as were in service).
[[nodiscard]] double units_of(const FailureMode& mode, const models::Platform& platform,
                              double servers);

/// Whether the fault fails the database's primary alone: without a standby that is a restart.
[[nodiscard]] bool fails_database(const FailureMode& mode);

/// The modes that can happen to the platform (no cache fails where there is none). A zone that a
/// mode names and the platform lacks is an error.
[[nodiscard]] std::vector<FailureMode> modes_on(const FailureRates& rates,
                                                const models::Platform& platform,
                                                sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
