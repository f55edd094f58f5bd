/// The scenario: date, traffic, replications, recording; and its parts.
#include <string>

#include "models/cdn_cache.hpp"
#include "models/check.hpp"
#include "models/timestamp.hpp"

namespace shopsim::models {

namespace {

using namespace sim::literals;

void check_day(const Scenario& scenario, const CheckSink& sink) {
  if (scenario.date.size() != 10 || !parse_timestamp_seconds(scenario.date)) {
    sink.error("date", "date", "'" + scenario.date + "' is not a day",
               "write year-month-day, e.g. 2026-11-27");
  }
  if (scenario.start.since_midnight >= 24_h) {
    sink.error("start", "start", "the start must lie within the first day",
               "change `date` instead");
  }
}

/// Whether a clock time lies in the run.
bool in_run(const Scenario& scenario, sim::ClockTime time, sim::Duration lasts) {
  const sim::Duration begin = time.since_midnight - scenario.start.since_midnight;
  return begin < scenario.duration && begin + lasts >= 0_s;
}

/// What begins at a clock time outside of the run. The next day is only spoken of where the run has
/// that time of it.
void warn_outside(const Scenario& scenario, const std::string& path, const std::string& name,
                  sim::ClockTime at, const CheckSink& sink) {
  const sim::Duration begin = at.since_midnight - scenario.start.since_midnight;
  const bool is_tomorrow = begin < 0_s && begin + 24_h < scenario.duration;
  sink.warning("traffic-outside", path,
               "'" + name + "' does not happen in this run, which goes from " +
                   sim::to_text(scenario.start) + " for " + sim::to_text(scenario.duration),
               is_tomorrow ? "that time on the next day is written +1d " + sim::to_text(at) : "");
}

void check_traffic(const Scenario& scenario, const CheckSink& sink) {
  const TrafficConfig& traffic = scenario.traffic;
  for (std::size_t hour = 0; hour < traffic.hourly_shape.size(); ++hour) {
    if (traffic.hourly_shape[hour] > 0) continue;
    sink.error("hourly-shape", item_path("traffic.hourly_shape", hour),
               "the weight of hour " + std::to_string(hour) + " must be above 0");
  }
  std::vector<std::string> spikes;
  for (std::size_t i = 0; i < traffic.spikes.size(); ++i) {
    const SpikeConfig& spike = traffic.spikes[i];
    spikes.push_back(spike.name);
    if (!in_run(scenario, spike.start, spike.ramp_up + spike.hold + spike.ramp_down)) {
      warn_outside(scenario, item_path("traffic.spikes", i, "start"), spike.name,
                   spike.start, sink);
    }
  }
  check_unique(spikes, "traffic.spikes", "name", sink);
  std::vector<std::string> crowds;
  for (std::size_t i = 0; i < traffic.flash_crowds.size(); ++i) {
    const FlashCrowdConfig& crowd = traffic.flash_crowds[i];
    crowds.push_back(crowd.name);
    if (!in_run(scenario, crowd.at, 0_s)) {
      warn_outside(scenario, item_path("traffic.flash_crowds", i, "at"), crowd.name,
                   crowd.at, sink);
    }
  }
  check_unique(crowds, "traffic.flash_crowds", "name", sink);
}

void check_period(sim::Duration period, const std::string& path, const CheckSink& sink) {
  if (period > 0_s && (60_s % period) == 0_s) return;
  sink.error("recording-period", path, sim::to_text(period) + " does not divide 60 s",
             "write e.g. 5 s, 10 s, 15 s, 20 s, 30 s or 60 s");
}

void check_measuring(const Scenario& scenario, const CheckSink& sink) {
  const ReplicationConfig& replications = scenario.replications;
  if (replications.least > replications.most) {
    sink.error("replications", "replications.least",
               "at least " + std::to_string(replications.least) + " and at most " +
                   std::to_string(replications.most) + " replications contradict each other");
  }
  check_period(scenario.recording.period, "recording.period", sink);
  check_period(scenario.recording.fine_period, "recording.fine_period", sink);
  if (scenario.recording.fine_period > scenario.recording.period) {
    sink.error("recording-period", "recording.fine_period",
               "the fine period is longer than the usual one");
  }
}

}  // namespace

void check_image_model(const Scenario& scenario, const Platform& platform, const CheckSink& sink) {
  if (platform.cdn.image_model != ImageModel::thinned) return;  // the others always fit
  const ImageCatalogue images(image_catalogue_options(scenario.catalogue, /*seed=*/1));
  CdnCacheOptions options = cdn_cache_options(platform.cdn, platform.object_storage);
  if (has_failing_bucket(scenario)) options.origin.policies.needed = true;
  const ImageModelChoice choice = choose_image_model(options, images);
  if (choice.is_valid) return;
  sink.error("image-model", "cdn.image_model", "`thinned` cannot be used: " + choice.reason,
             options.origin.policies.needed ? "write image_model: auto"
                                            : "write image_model: auto, or raise "
                                              "cdn.edge_capacity");
}

void check_scenario(const Scenario& scenario, const Platform& platform, const CheckSink& sink) {
  check_day(scenario, sink);
  check_traffic(scenario, sink);
  check_clients(scenario.clients, sink);
  check_faults(scenario, platform, sink);
  check_bots(scenario, platform, sink);
  check_slos(scenario, platform, sink);
  check_measuring(scenario, sink);
}

}  // namespace shopsim::models
