// compile(platform, scenario) -> Plan: the one place where names become indexes, units become
// seconds and clock times become simulated times.
#include <algorithm>
#include <string>

#include "models/look_aside_store.hpp"
#include "models/page_graph.hpp"
#include "models/page_table.hpp"
#include "models/plan.hpp"
#include "models/scaling_forecast.hpp"
#include "models/traffic_shape.hpp"
#include "sim/math.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr double kLn2 = 0.693147180559945309417;
/// Step of the arrival rate. Ramps are minutes long; inside a step the rate is constant.
constexpr Duration kRateStep{10'000'000'000};
/// m7g, the type the database's statement rates are stated for (facts 4.7 [A]).
constexpr double kStatementReferenceSpeed = 1.81;
/// The operating system and its agents take the rest (assumption).
constexpr double kMemoryForApplication = 0.85;
/// PostgreSQL reads and writes pages of this size.
constexpr double kPageBytes = 8192;

/// Speed of a class against the type that statement rates are stated for.
double statement_speed(const DatabaseClass& type) {
  return type.speed > 0 ? type.speed / kStatementReferenceSpeed : 1;
}

/// Operations a second: the least of the volume's and the class's limits, in operations and in
/// bytes (facts 4.3).
double storage_operations(const DatabaseConfig& database, const DatabaseClass& type) {
  double iops = std::min(static_cast<double>(database.iops),
                         database.throughput.bits_per_second / 8 / kPageBytes);
  if (type.storage.baseline_iops) {
    iops = std::min(iops, static_cast<double>(*type.storage.baseline_iops));
  }
  if (type.storage.baseline) {
    iops = std::min(iops, type.storage.baseline->bits_per_second / 8 / kPageBytes);
  }
  return iops;
}

double replica_share(const PageConfig& page) {
  if (page.replica_reads) return page.replica_reads->value;
  return page.database_writes > 0 ? 0 : 1;
}

/// Planned rises multiply each other; a flash crowd adds its share of the base rate.
double event_factor(const TrafficConfig& traffic, Duration since_midnight) {
  double factor = 1;
  for (const SpikeConfig& spike : traffic.spikes) {
    const Duration t = since_midnight - spike.start.since_midnight;
    const Duration end = spike.ramp_up + spike.hold + spike.ramp_down;
    if (t < Duration{0} || t >= end) continue;
    double share = 1;
    if (t < spike.ramp_up) {
      share = t.seconds() / spike.ramp_up.seconds();
    } else if (t >= spike.ramp_up + spike.hold) {
      share = (end - t).seconds() / spike.ramp_down.seconds();
    }
    factor *= 1 + (spike.factor - 1) * share;
  }
  for (const FlashCrowdConfig& crowd : traffic.flash_crowds) {
    const Duration t = since_midnight - crowd.at.since_midnight;
    if (t < Duration{0}) continue;
    factor += crowd.factor * sim::exponential(-kLn2 * t.seconds() / crowd.half_life.seconds());
  }
  return factor;
}

ArrivalPlan compile_arrivals(const CompileInput& input, Duration warm_up) {
  const TrafficConfig& traffic = input.scenario.traffic;
  ArrivalPlan plan;
  plan.index_of_dispersion = traffic.index_of_dispersion;
  if (input.trace != nullptr && traffic.trace) {
    const auto skip = std::min<std::size_t>(static_cast<std::size_t>(traffic.trace->skip_bins),
                                            input.trace->counts.size());
    for (std::size_t i = skip; i < input.trace->counts.size(); ++i) {
      plan.trace_counts.push_back(static_cast<std::uint32_t>(input.trace->counts[i]));
    }
    plan.trace_bin = input.trace->bin;
    plan.trace_scale = traffic.trace->scale;
    plan.arrivals_are_pages = traffic.trace->unit == ArrivalUnit::pages;
    return plan;
  }
  const double base = traffic.sessions_per_day * traffic.growth / 86'400;
  const Duration total = warm_up + input.scenario.duration;
  for (Duration t{0}; t < total; t += kRateStep) {
    const Duration clock = input.scenario.start.since_midnight - warm_up + t + kRateStep / 2;
    const double rate = base * hourly_factor(traffic.hourly_shape, clock.seconds()) *
                        event_factor(traffic, clock);
    plan.rate.push_back({Time{} + t, rate});
  }
  return plan;
}

/// What a page may have of a server's workers, and whether something is looked at on its way.
void compile_protection(const Platform& platform, Plan& plan) {
  const ProtectionConfig& protection = platform.web.protection;
  const auto workers = static_cast<std::uint32_t>(platform.web.workers);
  const auto shed_at = std::max(
      1U, static_cast<std::uint32_t>(protection.shed_above.value * static_cast<double>(workers)));
  for (PagePlan& page : plan.pages) {
    const std::string& name = plan.class_names[page.request_class];
    const auto& first = protection.priority_classes;
    const bool has_priority = std::find(first.begin(), first.end(), name) != first.end();
    page.may_queue = has_priority || protection.shed_above.value >= 1;
    page.worker_limit = page.may_queue ? workers : shed_at;
    const bool may_throttle = platform.object_storage.throttling || platform.keys.throttling;
    page.asks_stores = may_throttle && page.object_reads + page.object_writes > 0;
    page.has_gates = page.pays || protection.deadlines || page.asks_stores;
  }
}

/// Pages that name the same row share its lock.
void compile_locks(const PageGraph& graph, Plan& plan) {
  for (std::size_t i = 0; i < graph.pages.size(); ++i) {
    const PageConfig& page = graph.pages[i];
    if (page.lock.empty()) continue;
    auto found = std::find(plan.locks.begin(), plan.locks.end(), page.lock);
    if (found == plan.locks.end()) found = plan.locks.insert(found, page.lock);
    plan.pages[i].lock = static_cast<std::uint8_t>(found - plan.locks.begin());
    plan.pages[i].lock_share = page.lock_share.value;
    plan.pages[i].lock_hold = page.lock_hold;
  }
}

std::vector<double> poisson_cumulative(double mean) {
  std::vector<double> cumulative;
  double term = sim::exponential(-mean);
  double sum = 0;
  for (int k = 0; k < 256 && sum < 1 - 1e-12; ++k) {
    sum += term;
    cumulative.push_back(sum);
    term *= mean / (k + 1);
  }
  cumulative.back() = 1;
  return cumulative;
}

void compile_pages(const ClientsConfig& clients, Plan& plan) {
  const PageGraph graph = build_page_graph(clients);
  for (std::size_t i = 0; i < graph.pages.size(); ++i) {
    const PageConfig& page = graph.pages[i];
    auto found = std::find(plan.class_names.begin(), plan.class_names.end(), page.request_class);
    if (found == plan.class_names.end()) {
      plan.class_names.push_back(page.request_class);
      found = plan.class_names.end() - 1;
    }
    plan.pages.push_back(
        {.name = page.name,
         .request_class = static_cast<std::uint8_t>(found - plan.class_names.begin()),
         .is_post = page.method == Method::post,
         .is_order = graph.is_order_page(i),
         .pays = page.pays && plan.platform.payment.enabled,
         .cpu_seconds = page.cpu,
         .cache_reads = static_cast<std::uint32_t>(page.cache_reads),
         .database_reads = page.database_reads,
         .database_writes = page.database_writes,
         .replica_share = replica_share(page),
         .object_reads = static_cast<std::uint32_t>(page.object_reads),
         .object_writes = static_cast<std::uint32_t>(page.object_writes),
         .file_reads = static_cast<std::uint32_t>(page.file_reads),
         .file_writes = static_cast<std::uint32_t>(page.file_writes),
         .response_bytes = static_cast<double>(page.response.count),
         .image_count = sim::Choice(poisson_cumulative(static_cast<double>(page.images)))});
  }
  compile_locks(graph, plan);
  plan.image_class = static_cast<std::uint8_t>(plan.class_names.size());
  plan.class_names.emplace_back("image");
  for (const auto& row : graph.cumulative) plan.transitions.emplace_back(row);
  plan.entry_page = static_cast<std::uint8_t>(graph.entry);
  plan.continue_probability = 1 - 1 / std::max(1.0, clients.pages_per_session);
  std::vector<double> cumulative;
  double sum = 0;
  for (const double share : stationary_mix(graph)) {
    sum += share;
    cumulative.push_back(sum);
  }
  plan.stationary = sim::Choice(std::move(cumulative));
}

/// Who serves the viewers of each location under the price class, and which class their images are
/// reported under.
void compile_edges(const CdnConfig& cdn, Plan& plan) {
  double sum = 0;
  for (const EdgeLocation& location : cdn.edge_locations) {
    sum += location.viewer_share.value;
    const std::size_t server = serving_location(cdn, plan.edges.size());
    const EdgeLocation& serving = cdn.edge_locations[server];
    EdgePlan edge{.name = location.name,
                  .cumulative_share = sum,
                  .viewer_round_trip = server == plan.edges.size()
                                           ? location.viewer_round_trip
                                           : location.served_by_round_trip,
                  .origin_round_trip = serving.origin_round_trip,
                  .location = static_cast<std::uint8_t>(server)};
    if (location.edge_region && cdn.enabled) {
      const std::string name = image_class_of(*location.edge_region);
      auto found = std::find(plan.class_names.begin(), plan.class_names.end(), name);
      if (found == plan.class_names.end()) {
        plan.class_names.push_back(name);
        found = plan.class_names.end() - 1;
      }
      edge.region_class = static_cast<std::uint8_t>(found - plan.class_names.begin());
      edge.billed_as = serving.edge_region.value_or(EdgeRegion::north_america);
      plan.tells_edge_regions = true;
    }
    plan.edges.push_back(std::move(edge));
  }
}

std::string nearest(std::string_view name, const std::vector<std::string_view>& names) {
  const std::string_view found = sim::nearest_word(name, names);
  return found.empty() ? "see `shopsim explain` for the known types"
                       : "did you mean `" + std::string(found) + "`?";
}

/// False, with a finding, if the replicas' class is not known.
bool compile_replicas(const CompileInput& input, DatabasePlan& plan,
                      sim::Diagnostics& diagnostics) {
  const DatabaseConfig& database = input.platform.database;
  const ReplicasConfig& replicas = database.replicas;
  const std::int64_t count = database.cluster.enabled ? 2 : replicas.count;
  if (count == 0) return true;
  const std::string& name =
      replicas.instance_class.empty() ? database.instance_class : replicas.instance_class;
  const auto type = input.catalogue.find_database_class(name);
  if (!type) {
    diagnostics.error("unknown-database-class", {},
                      "database.replicas.instance_class `" + name + "` is not known",
                      nearest(name, input.catalogue.database_class_names()));
    return false;
  }
  const double speed = statement_speed(*type);
  plan.replica = {
      .count = static_cast<std::uint32_t>(count),
      .vcpus = static_cast<double>(type->vcpu),
      .read_seconds = 1 / (database.reads_per_vcpu.per_second * speed),
      .iops = storage_operations(database, *type),
      .replay_seconds = 1 / (replicas.replay_rate.per_second * speed),
      .max_connections = static_cast<double>(
          database.max_connections.value_or(default_max_connections(type->memory)))};
  return true;
}

}  // namespace

bool compile_machines(const CompileInput& input, Plan& plan, sim::Diagnostics& diagnostics) {
  const Platform& platform = input.platform;
  const Catalogue& catalogue = input.catalogue;
  const auto web = catalogue.find_instance_type(platform.web.instance_type);
  const auto database = catalogue.find_database_class(platform.database.instance_class);
  const auto cache = catalogue.find_cache_node(platform.cache.node_type);
  if (!web) {
    diagnostics.error("unknown-instance-type", {},
                      "web.instance_type `" + platform.web.instance_type + "` is not known",
                      nearest(platform.web.instance_type, catalogue.instance_type_names()));
  }
  if (!database) {
    diagnostics.error(
        "unknown-database-class", {},
        "database.instance_class `" + platform.database.instance_class + "` is not known",
        nearest(platform.database.instance_class, catalogue.database_class_names()));
  }
  if (platform.cache.enabled && !cache) {
    diagnostics.error("unknown-cache-node", {},
                      "cache.node_type `" + platform.cache.node_type + "` is not known",
                      nearest(platform.cache.node_type, catalogue.cache_node_names()));
  }
  if (!web || !database || (platform.cache.enabled && !cache)) return false;

  plan.server.vcpus = static_cast<double>(web->vcpu);
  plan.server.relative_speed = web->speed > 0 ? web->speed : 1;
  plan.server.workers = static_cast<std::uint32_t>(platform.web.workers);
  plan.server.accept_queue = static_cast<std::uint32_t>(platform.web.accept_queue);
  plan.server.network_bytes_per_second =
      web->network_baseline ? web->network_baseline->bits_per_second / 8 : 1e8;
  plan.server.memory_for_growth =
      static_cast<double>(web->memory.count) * kMemoryForApplication -
      static_cast<double>(platform.web.workers * platform.web.memory_per_worker.count);
  if (web->credits) {
    plan.server.burstable = true;
    plan.server.credits_per_hour = web->credits->earned_per_hour;
    plan.server.credit_cap = web->credits->maximum;
    plan.server.unlimited_credits = platform.web.unlimited_credits;
    plan.server.baseline_share = web->credits->baseline.value;
  }
  const double speed = statement_speed(*database);
  plan.database.vcpus = static_cast<double>(database->vcpu);
  plan.database.read_seconds = 1 / (platform.database.reads_per_vcpu.per_second * speed);
  plan.database.write_seconds = 1 / (platform.database.writes_per_vcpu.per_second * speed);
  plan.database.iops = storage_operations(platform.database, *database);
  plan.database.max_connections = static_cast<double>(
      platform.database.max_connections.value_or(default_max_connections(database->memory)));
  plan.database.buffer_hit_ratio = platform.database.buffer_hit_ratio.value;
  if (!compile_replicas(input, plan.database, diagnostics)) return false;
  if (platform.cache.enabled) {
    plan.cache_bytes_per_shard = static_cast<double>(
        usable_memory(cache->memory, platform.cache.reserved_memory).count);
    plan.cached_object_bytes = sim::mean_of(input.scenario.catalogue.cached_object);
    plan.cache_operation_seconds = 1 / platform.cache.operations_per_node.per_second;
  }
  return true;
}

namespace {

/// How often each product is read and each image is asked for: by a key trace (a product's image
/// goes with the product) or by the Zipf laws.
void compile_popularity(const CompileInput& input, Plan& plan) {
  const CatalogueConfig& catalogue = input.scenario.catalogue;
  const ImageCatalogueOptions images = image_catalogue_options(catalogue, /*seed=*/1);
  if (input.key_counts != nullptr && !input.key_counts->empty()) {
    plan.products =
        std::make_shared<const Popularity>(Popularity::from_counts(*input.key_counts));
    plan.images = std::make_shared<const ImageCatalogue>(*plan.products, images.size,
                                                         images.size_key);
    return;
  }
  plan.products = std::make_shared<const Popularity>(Popularity::zipf(
      catalogue.product_zipf, static_cast<std::uint32_t>(catalogue.products)));
  plan.images = std::make_shared<const ImageCatalogue>(images);
}

/// Clock times and "after" chains become simulated times.
void compile_faults(const Scenario& scenario, Plan& plan, sim::Diagnostics& diagnostics) {
  std::vector<std::optional<Duration>> at(scenario.faults.size());
  for (std::size_t round = 0; round <= scenario.faults.size(); ++round) {
    for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
      const FaultConfig& fault = scenario.faults[i];
      if (fault.at) at[i] = fault.at->since_midnight - scenario.start.since_midnight;
      if (fault.at) continue;
      const auto peak = traffic_peak(scenario.traffic, fault.after);
      if (peak) at[i] = peak->since_midnight - scenario.start.since_midnight + fault.delay;
      for (std::size_t j = 0; j < scenario.faults.size(); ++j) {
        if (scenario.faults[j].name == fault.after && at[j]) at[i] = *at[j] + fault.delay;
      }
    }
  }
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const FaultConfig& fault = scenario.faults[i];
    if (!at[i] || *at[i] < Duration{0} || *at[i] >= scenario.duration) {
      diagnostics.error("fault-outside-horizon", {},
                        "fault `" + fault.name + "` does not happen within the scenario");
      continue;
    }
    plan.faults.push_back({fault.name, plan.recording_from + *at[i], fault.kind});
  }
  std::stable_sort(plan.faults.begin(), plan.faults.end(),
                   [](const FaultPlan& a, const FaultPlan& b) { return a.time < b.time; });
}

/// What the clock and the forecast ask of the group. What the clock set before the run holds from
/// its beginning.
void compile_scaling(Plan& plan) {
  const AutoScalingConfig& scaling = plan.platform.web.scaling;
  const RunCalendar calendar{plan.scenario.date, plan.scenario.start, plan.recording_from,
                             plan.duration};
  plan.bounds_at_start = scaling.bounds();
  for (const ScheduledStep& step : schedule_of(scaling.scheduled, calendar)) {
    if (step.time <= Time{}) {
      plan.bounds_at_start = after(plan.bounds_at_start, scaling.scheduled[step.action]);
    } else {
      plan.scheduled.push_back(step);
    }
  }
  const bool is_predicted = std::any_of(
      scaling.policies.begin(), scaling.policies.end(), [](const ScalingPolicyConfig& policy) {
        return std::holds_alternative<PredictiveScalingConfig>(policy);
      });
  if (is_predicted) plan.forecast = forecast_of(plan);
}

void compile_bots(const Scenario& scenario, Plan& plan) {
  for (const BotConfig& bot : scenario.bots) {
    const Time begin =
        plan.recording_from + (bot.start.since_midnight - scenario.start.since_midnight);
    const auto page = std::find_if(plan.pages.begin(), plan.pages.end(),
                                   [&](const PagePlan& one) { return one.name == bot.page; });
    if (page == plan.pages.end()) continue;  // refused when the scenario was checked
    plan.bots.push_back({.begin = begin,
                         .end = begin + bot.duration,
                         .per_second = bot.requests.per_second,
                         .addresses = bot.addresses,
                         .recognised = bot.recognised.value,
                         .page = static_cast<std::uint8_t>(page - plan.pages.begin())});
  }
}

}  // namespace

std::optional<Plan> compile(const CompileInput& input, sim::Diagnostics& diagnostics) {
  Plan plan;
  plan.platform = input.platform;
  plan.scenario = input.scenario;
  const Duration warm_up = input.trace != nullptr ? Duration{0} : input.scenario.warm_up;
  plan.recording_from = Time{} + warm_up;
  plan.duration = warm_up + input.scenario.duration;
  compile_pages(input.scenario.clients, plan);
  compile_protection(input.platform, plan);
  compile_edges(input.platform.cdn, plan);
  plan.arrivals = compile_arrivals(input, warm_up);
  if (!compile_machines(input, plan, diagnostics)) return std::nullopt;
  compile_faults(input.scenario, plan, diagnostics);
  compile_scaling(plan);
  compile_bots(input.scenario, plan);

  compile_popularity(input, plan);
  plan.image_classes = std::make_shared<const WeightClasses>(plan.images->popularity());
  plan.cdn = cdn_cache_options(input.platform.cdn, input.platform.object_storage);
  if (has_failing_bucket(input.scenario)) plan.cdn.origin.policies.needed = true;
  const ImageModelChoice choice = choose_image_model(plan.cdn, *plan.images);
  if (!choice.is_valid) {
    diagnostics.error("image-model", {}, "cdn.image_model `thinned`: " + choice.reason,
                      "use `auto` or `exact`");
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return plan;
}

}  // namespace shopsim::models
