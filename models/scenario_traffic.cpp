/// The fields of a scenario's traffic.
#include "models/scenario.hpp"

namespace shopsim::models {

using sim::field;

void SpikeConfig::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls it", .required = true}, name);
  field(v, {.key = "start", .meaning = "clock time the rise begins", .required = true}, start);
  field(v, {.key = "ramp_up", .meaning = "time from the base rate to the full factor",
            .least = 0, .most = 86'400, .influences = "whether scaling keeps up"}, ramp_up);
  field(v, {.key = "hold", .meaning = "time at the full factor", .least = 0, .most = 864'000},
        hold);
  field(v, {.key = "ramp_down", .meaning = "time back to the base rate", .least = 0,
            .most = 864'000}, ramp_down);
  field(v, {.key = "factor", .meaning = "multiplies the base rate; a number", .least = 0,
            .most = 1000, .source = "S-GADGET", .confidence = Confidence::assumption,
            .influences = "load of every component"}, factor);
}

void FlashCrowdConfig::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls it", .required = true}, name);
  field(v, {.key = "at", .meaning = "clock time of the jump", .required = true}, at);
  field(v, {.key = "factor",
            .meaning = "share of the base rate added at the first moment; a number",
            .least = 0, .most = 1000, .influences = "load of every component"}, factor);
  field(v, {.key = "half_life", .meaning = "time in which the added rate halves", .least = 1,
            .most = 86'400}, half_life);
}

void TraceConfig::describe(FieldVisitor& v) {
  field(v, {.key = "file", .meaning = "CSV file of counts, relative to the scenario file",
            .required = true}, file);
  field(v, {.key = "bin", .meaning = "length of one line's bin", .least = 0.001, .most = 86'400},
        bin);
  field(v, {.key = "scale", .meaning = "multiplies every count; a number", .least = 0,
            .most = 1e9}, scale);
  field(v, {.key = "skip_bins", .meaning = "bins left out at the start of the file", .least = 0,
            .most = 1e9}, skip_bins);
  field(v, {.key = "unit", .meaning = "what a count counts: sessions or pages"}, unit);
  field(v, {.key = "gaps", .meaning = "what a blank count means: an error, or zero arrivals"},
        gaps);
}

void TrafficConfig::describe(FieldVisitor& v) {
  field(v, {.key = "sessions_per_day", .meaning = "sessions a day before growth; a number",
            .least = 0, .most = 1e9, .influences = "load of every component"}, sessions_per_day);
  field(v, {.key = "growth", .meaning = "multiplies sessions_per_day; a number", .least = 0,
            .most = 1e6, .influences = "load of every component"}, growth);
  field(v, {.key = "history_growth",
            .meaning = "growth in the days before, which predictive scaling knows; none: as today",
            .least = 0, .most = 1e6, .influences = "what predictive scaling forecasts"},
        history_growth);
  field(v, {.key = "hourly_shape",
            .meaning = "24 relative weights, local hour 0 to 23, scaled to mean 1", .least = 24,
            .most = 24, .source = "S-WSD", .confidence = Confidence::computed}, hourly_shape);
  field(v, {.key = "spikes", .meaning = "planned rises; factors of overlapping ones multiply",
            .least = 0, .most = 100}, spikes);
  field(v, {.key = "flash_crowds", .meaning = "sudden jumps that decay", .least = 0, .most = 100},
        flash_crowds);
  field(v, {.key = "trace", .meaning = "counts from a file instead of the daily shape"}, trace);
  field(v, {.key = "index_of_dispersion",
            .meaning = "variance over mean of counts per second within a minute; 1 is Poisson",
            .least = 1, .most = 100, .source = "S-WSD", .confidence = Confidence::assumption,
            .influences = "waits at high utilisation"}, index_of_dispersion);
}

std::optional<sim::ClockTime> traffic_peak(const TrafficConfig& traffic, std::string_view name) {
  for (const SpikeConfig& spike : traffic.spikes) {
    if (spike.name == name) return sim::ClockTime{spike.start.since_midnight + spike.ramp_up};
  }
  for (const FlashCrowdConfig& crowd : traffic.flash_crowds) {
    if (crowd.name == name) return crowd.at;
  }
  return std::nullopt;
}

}  // namespace shopsim::models
