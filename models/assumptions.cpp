#include "models/assumptions.hpp"

#include <algorithm>
#include <cmath>

#include "models/page_graph.hpp"
#include "sim/decimal.hpp"
#include "sim/number_editor.hpp"

namespace shopsim::models {
namespace {

using How = Move::How;

constexpr Move kHalf{How::times, 0.5};
constexpr Move kTwice{How::times, 2};
constexpr Move kTwoThirds{How::times, 0.67};
constexpr Move kThreeHalves{How::times, 1.5};

bool never(const LoadedScenario&) { return false; }
bool always(const LoadedScenario&) { return true; }
bool has_trace(const LoadedScenario& at) { return at.scenario.traffic.trace.has_value(); }
bool has_rate(const LoadedScenario& at) { return !has_trace(at); }
bool has_zipf(const LoadedScenario& at) { return at.key_counts.empty(); }
bool has_edge(const LoadedScenario& at) { return at.platform.cdn.enabled; }
bool has_waf(const LoadedScenario& at) { return at.platform.waf.enabled; }
bool has_cache(const LoadedScenario& at) { return at.platform.cache.enabled; }
bool has_proxy(const LoadedScenario& at) { return at.platform.database.proxy.enabled; }
bool has_payment(const LoadedScenario& at) { return at.platform.payment.enabled; }

template <class... Kinds>
bool fails_by(const LoadedScenario& at) {
  const auto& faults = at.scenario.faults;
  return std::any_of(faults.begin(), faults.end(), [](const FaultConfig& fault) {
    return (std::holds_alternative<Kinds>(fault.kind) || ...);
  });
}
bool loses_zone(const LoadedScenario& at) { return fails_by<ZoneLoss>(at); }
bool fails_database(const LoadedScenario& at) { return fails_by<DatabaseFailover, ZoneLoss>(at); }
bool loses_cache(const LoadedScenario& at) {
  return has_cache(at) && fails_by<CacheNodeLoss, ZoneLoss>(at);
}
bool lacks_capacity(const LoadedScenario& at) {
  return fails_by<InsufficientCapacity, LaunchOutage>(at);
}
bool launches(const LoadedScenario& at) {
  const AutoScalingConfig& scaling = at.platform.web.scaling;
  return scaling.maximum > scaling.minimum || !at.scenario.faults.empty();
}
bool has_warm_pool(const LoadedScenario& at) {
  return launches(at) && at.platform.web.scaling.warm_pool.enabled;
}
bool has_hooks(const LoadedScenario& at) {
  return launches(at) && !at.platform.web.scaling.lifecycle_hooks.empty();
}
bool has_neighbours(const LoadedScenario& at) {
  return at.platform.web.instances.neighbours.every > sim::Duration{0};
}
bool starts_cold(const LoadedScenario& at) {
  return launches(at) && at.platform.web.instances.cold_start.slowdown > 1;
}
bool grows(const LoadedScenario& at) {
  return at.platform.web.instances.memory.per_request.count > 0;
}

constexpr std::string_view kOneRun = "S-VANTAGE-CM: single runs of one family differ by a fifth";
constexpr std::string_view kPages = "clients.pages[]";
constexpr std::string_view kForecast = "a forecast of traffic";
constexpr std::string_view kProfile = "a profile of the shop's own pages";

constexpr Assumption kCustomers[] = {
    {"scenario.traffic.growth", "the traffic's forecast", {How::times, 0.8}, {How::times, 1.25},
     kForecast, has_rate},
    {"scenario.traffic.trace.scale", "the traffic's forecast", {How::times, 0.8},
     {How::times, 1.25}, kForecast, has_trace},
    {"scenario.traffic.index_of_dispersion", "burstiness of arrivals", {How::set, 1},
     {How::times, 2}, "1 is Poisson", always},
    {"scenario.clients.think", "time between two pages", kTwoThirds, kThreeHalves,
     "TPC-W's law; the shop's access log tells", always},
    {"scenario.clients.pages_per_session", "pages of a visit", kTwoThirds, kThreeHalves,
     "the shop's access log tells", has_rate},
    {"scenario.clients.timeout", "how long customers wait for a page", kHalf, kTwice, {},
     always},
    {"scenario.clients.patience", "how long customers stay with a slow shop", kHalf, kTwice,
     {}, always},
    {"scenario.clients.retries.attempts", "retries of customers and their code", {How::set, 0},
     {How::add, 2}, "none, or two more", always},
    {"scenario.clients.shared_addresses.share", "customers behind shared addresses",
     {How::set, 0}, {How::times, 2}, {},
     [](const LoadedScenario& at) {
       return has_waf(at) && at.scenario.clients.shared_addresses.share.value > 0;
     }},
    {"scenario.clients.order_value", "value of an order", kTwoThirds, kThreeHalves,
     "changes money only", never},
    {"scenario.catalogue.product_zipf", "how unequal products are asked for", {How::add, -0.2},
     {How::add, 0.2}, {}, has_zipf},
    {"scenario.catalogue.image_zipf", "how unequal images are asked for", {How::add, -0.2},
     {How::add, 0.2}, {},
     [](const LoadedScenario& at) { return has_zipf(at) && has_edge(at); }},
    {"scenario.catalogue.cached_object", "size of a cached product", kHalf, kTwice, {},
     has_cache},
    {"scenario.clients.pages[].cpu", "CPU of a page", kTwoThirds, kThreeHalves, kProfile, always},
    {"scenario.clients.pages[].database_reads", "statements of a page that read", kTwoThirds,
     kThreeHalves, kProfile, always},
    {"scenario.clients.pages[].database_writes", "statements of a page that write", kTwoThirds,
     kThreeHalves, kProfile, always},
    {"scenario.clients.pages[].response", "bytes of a page", kHalf, kTwice, {}, always},
};

constexpr Assumption kEdge[] = {
    {"platform.network.round_trip_between_zones", "round trip between zones", kHalf,
     kTwice, {}, always},
    {"platform.network.round_trip_within_zone", "round trip inside a zone", kHalf, kTwice,
     {}, always},
    {"platform.network.nat_bytes_per_request", "bytes through the NAT gateways", kHalf,
     kTwice, "changes money only", never},
    {"platform.dns.zone_withdrawal", "until a lost zone leaves the balancer's name", kHalf,
     kTwice, {}, loses_zone},
    {"platform.cdn.edge_locations[].viewer_round_trip", "round trip from viewer to edge",
     kTwoThirds, kThreeHalves, "the viewers' real-user monitoring tells", has_edge},
    {"platform.cdn.edge_locations[].origin_round_trip", "round trip from edge to region",
     kTwoThirds, kThreeHalves, "S-CLOUDPING: medians between regions", has_edge},
    {"platform.cdn.edge_capacity", "bytes an edge keeps for this shop", {How::times, 0.25},
     {How::times, 4}, "AWS publishes nothing", has_edge},
    {"platform.cdn.regional_capacity", "bytes a regional cache keeps for this shop",
     {How::times, 0.25}, {How::times, 4}, "AWS publishes nothing", has_edge},
    {"platform.cdn.image_fetch_overhead", "overhead of an image's fetch", kHalf, kTwice, {},
     has_edge},
    {"platform.waf.latency", "time WAF's rules take", kHalf, kTwice, {}, has_waf},
    {"platform.balancer.latency", "time the balancer adds", kHalf, kTwice, {}, always},
};

constexpr Assumption kServers[] = {
    {"platform.web.scaling.launch.application", "boot of the application", kHalf, kTwice, {},
     launches},
    {"platform.web.scaling.launch.shutdown", "shutdown of an instance", kHalf, kTwice, {},
     launches},
    {"platform.web.scaling.launch.capacity_retry", "wait before a zone is asked again", kHalf,
     kTwice, {}, lacks_capacity},
    {"platform.web.scaling.warm_pool.resume", "waking of a hibernated instance", kHalf,
     kTwice, {}, has_warm_pool},
    {"platform.web.scaling.lifecycle_hooks[].work", "work of lifecycle hooks", kHalf, kTwice,
     {}, has_hooks},
    {"platform.web.instances.speed_spread", "how unequal servers of one type are", {How::set, 0},
     {How::set, 0.1}, kOneRun, always},
    {"platform.web.instances.initial_credits", "CPU credits of servers at the start",
     kHalf, {How::set, 1}, {},
     [](const LoadedScenario& at) {
       const auto type = at.catalogue.find_instance_type(at.platform.web.instance_type);
       return type && type->credits.has_value();
     }},
    {"platform.web.instances.neighbours.lasts", "how long a noisy neighbour stays", kHalf,
     kTwice, {}, has_neighbours},
    {"platform.web.instances.neighbours.slowdown", "what a noisy neighbour takes", kHalf,
     kThreeHalves, {}, has_neighbours},
    {"platform.web.instances.cold_start.slowdown", "how slow a cold server is", kTwoThirds,
     kThreeHalves, {}, starts_cold},
    {"platform.web.instances.cold_start.duration", "how long a server is cold", kHalf,
     kTwice, {}, starts_cold},
    {"platform.web.instances.memory.per_request", "memory a request leaves behind", kHalf,
     kTwice, {}, grows},
    {"platform.web.instances.memory.restart", "restart of a process without memory", kHalf,
     kTwice, {}, grows},
    {"platform.monitoring.metric_delay", "delivery of metrics", kHalf, kTwice, {}, launches},
    {"platform.monitoring.log_bytes_per_request", "bytes of logs a request", kHalf, kTwice,
     "changes money only", never},
    {"platform.notifications.email_delay", "delivery of an e-mail", kHalf, kTwice,
     "changes when people are told", never},
    {"platform.notifications.phone_delay", "delivery of a message to a phone", kHalf,
     kTwice, "changes when people are told", never},
    {"platform.payment.latency", "the payment provider's answer", kHalf, kTwice, {},
     has_payment},
    {"platform.payment.failures", "errors of the payment provider", {How::times, 0.1},
     {How::times, 10}, {}, has_payment},
};

constexpr Assumption kData[] = {
    {"platform.cache.operations_per_node", "operations a cache node serves", kHalf, kTwice,
     "S-EC-BLOG: one large type", has_cache},
    {"platform.cache.failover", "failover of the cache", kHalf, kTwice, {}, loses_cache},
    {"platform.cache.node_replacement", "replacement of a cache node", kHalf, kTwice, {},
     loses_cache},
    {"platform.database.proxy.latency", "time the database proxy adds", kHalf, kTwice, {},
     has_proxy},
    {"platform.database.failover.detection", "detection of a lost primary", kHalf, kTwice,
     {}, fails_database},
    {"platform.database.failover.promotion", "promotion of the standby", kHalf, kTwice,
     "S-RDS-MAZ: typically 60 to 120 s in all", fails_database},
    {"platform.database.failover.reconnect", "opening of a new connection", kHalf, kTwice,
     {}, fails_database},
    {"platform.database.failover.cold_buffer_share", "buffer hits of a new primary",
     {How::set, 0}, {How::set, 0.5}, {}, fails_database},
    {"platform.database.failover.buffer_warm_up", "warming of its buffer", kHalf, kTwice, {},
     fails_database},
    {"platform.database.reads_per_vcpu", "reads a vCPU of the database serves", kHalf,
     kTwice, {}, always},
    {"platform.database.writes_per_vcpu", "writes a vCPU of the database serves", kHalf,
     kTwice, {}, always},
    {"platform.database.round_trip", "round trip of a statement", kHalf, kTwice, {}, always},
    {"platform.database.storage_read", "time of a storage read", kHalf, kTwice, {}, always},
    {"platform.database.commit", "time of a commit", kHalf, kTwice, {}, always},
    {"platform.database.multi_az_commit", "what the standby adds to a commit", kHalf,
     kTwice, {},
     [](const LoadedScenario& at) { return at.platform.database.multi_az; }},
    {"platform.database.buffer_hit_ratio", "reads that miss the database's memory",
     {How::rest_times, 0.5}, {How::rest_times, 2}, {}, always},
    {"platform.database.storage_reads_per_buffer_miss", "storage reads of such a miss",
     kTwoThirds, kThreeHalves, "index depth and row size", always},
    {"platform.database.storage_writes_per_commit", "storage writes of a commit", kHalf,
     kTwice, {}, always},
};

std::vector<Assumption> all_of_them() {
  std::vector<Assumption> all(std::begin(kCustomers), std::end(kCustomers));
  all.insert(all.end(), std::begin(kEdge), std::end(kEdge));
  all.insert(all.end(), std::begin(kServers), std::end(kServers));
  all.insert(all.end(), std::begin(kData), std::end(kData));
  return all;
}

double moved(const sim::NumberAt& at, const Move& move) {
  double value = at.value;
  switch (move.how) {
    case How::times: value *= move.by; break;
    case How::add: value = std::max(0.0, value + move.by); break;
    case How::set: value = move.by; break;
    case How::rest_times: value = 1 - std::min(1.0, (1 - value) * move.by); break;
  }
  if (at.kind == sim::ValueKind::fraction) value = std::min(value, 1.0);
  return value;
}

/// The key without the name of its file.
std::string_view path_of(const Assumption& assumption) {
  return assumption.key.substr(assumption.key.find('.') + 1);
}

bool is_at(const sim::NumberAt& at, std::string_view key) {
  if (!at.is_amount) return false;
  const std::string path = sim::general_path(at.path);
  return path == key || (path.starts_with(key) && path[key.size()] == '.');
}

}  // namespace

std::string in_words(const Move& move) {
  std::string number = std::to_string(std::lround(std::abs(move.by) * 100));
  number.insert(0, number.size() < 3 ? 3 - number.size() : 0, '0');
  number.insert(number.size() - 2, ".");
  switch (move.how) {
    case How::times:
    case How::rest_times: return "x " + number;
    case How::add: return (move.by < 0 ? "- " : "+ ") + sim::shortest_text(std::abs(move.by));
    case How::set: return sim::shortest_text(move.by);
  }
  return number;
}

std::span<const Assumption> assumptions() {
  static const std::vector<Assumption> all = all_of_them();
  return all;
}

bool matters(const Assumption& assumption, const LoadedScenario& loaded) {
  return assumption.matters(loaded);
}

std::size_t move_to(LoadedScenario& loaded, const Assumption& assumption, const Move& move) {
  const std::string_view key = path_of(assumption);
  std::size_t count = 0;
  const sim::NumberChange change = [&](const sim::NumberAt& at) -> std::optional<double> {
    if (!is_at(at, key)) return std::nullopt;
    const double value = moved(at, move);
    if (value != at.value) ++count;
    return value;
  };
  if (assumption.key.starts_with("platform.")) {
    sim::edit_numbers(loaded.platform, change);
    return count;
  }
  // The built-in pages are changed like those of the file.
  if (key.starts_with(kPages)) {
    loaded.scenario.clients.pages = build_page_graph(loaded.scenario.clients).pages;
  }
  sim::edit_numbers(loaded.scenario, change);
  return count;
}

std::string present_value(const LoadedScenario& loaded, const Assumption& assumption) {
  const std::string_view key = path_of(assumption);
  std::vector<std::string> found;
  const sim::NumberChange look = [&](const sim::NumberAt& at) -> std::optional<double> {
    if (is_at(at, key)) found.push_back(sim::bound_text(at.kind, at.value));
    return std::nullopt;
  };
  if (assumption.key.starts_with("platform.")) {
    Platform platform = loaded.platform;
    sim::edit_numbers(platform, look);
  } else {
    Scenario scenario = loaded.scenario;
    if (key.starts_with(kPages)) scenario.clients.pages = build_page_graph(scenario.clients).pages;
    sim::edit_numbers(scenario, look);
  }
  if (found.empty()) return {};
  const bool differ = std::any_of(found.begin(), found.end(), [&](const std::string& text) {
    return text != found.front();
  });
  return differ ? std::to_string(found.size()) + " values" : found.front();
}

std::span<const NoAssumption> decisions() {
  static constexpr NoAssumption list[] = {
      {"scenario.traffic.sessions_per_day", "moves with traffic.growth"},
      {"scenario.traffic.history_growth", "what happens"},
      {"scenario.traffic.spikes", "what happens; moves with traffic.growth"},
      {"scenario.traffic.flash_crowds", "what happens; moves with traffic.growth"},
      {"scenario.traffic.trace.bin", "of the file"},
      {"scenario.traffic.trace.skip_bins", "of the file"},
      {"scenario.clients.pages[].cache_reads", "moves with the reads of a page"},
      {"scenario.clients.pages[].images", "moves with the traffic"},
      {"scenario.clients.pages[].object_", "moves with the traffic"},
      {"scenario.clients.pages[].file_", "moves with the traffic"},
      {"scenario.clients.retries.base", "the clients' code decides"},
      {"scenario.clients.retries.cap", "the clients' code decides"},
      {"scenario.clients.retries.budget", "the clients' code decides"},
      {"scenario.clients.retries.circuit_breaker", "the clients' code decides"},
      {"scenario.clients.hedge_after", "the clients' code decides"},
      {"scenario.clients.shared_addresses.addresses", "moves with their share"},
      {"scenario.catalogue.products", "the shop's own count"},
      {"scenario.catalogue.images", "the shop's own count"},
      {"scenario.catalogue.cached_time_to_live", "a decision"},
      {"scenario.faults", "what happens"},
      {"scenario.bots", "what happens"},
      {"scenario.slos", "promises"},
      {"scenario.replications", "of the run"},
      {"scenario.recording", "of the run"},
      {"scenario.duration", "of the run"},
      {"scenario.warm_up", "of the run"},
      {"platform.network.flow_log_retention_days", "a decision"},
      {"platform.dns.health_check_threshold", "a decision"},
      {"platform.cdn.edge_locations[].viewer_share", "parts of a sum"},
      {"platform.waf.rate_limit_per_address", "a decision"},
      {"platform.web.workers", "a decision"},
      {"platform.web.accept_queue", "a decision"},
      {"platform.web.memory_per_worker", "only checked, never simulated"},
      {"platform.web.root_volume", "a decision"},
      {"platform.web.scaling.minimum", "a decision"},
      {"platform.web.scaling.maximum", "a decision"},
      {"platform.web.scaling.desired", "a decision"},
      {"platform.web.scaling.instance_warm_up", "a decision"},
      {"platform.web.scaling.impairment_wait", "a decision"},
      {"platform.web.scaling.policies", "decisions"},
      {"platform.web.scaling.scheduled", "decisions"},
      {"platform.web.protection", "decisions"},
      {"platform.web.instances.neighbours.every", "off, or what happens"},
      {"platform.web.deployment", "decisions"},
      {"platform.cache.shards", "a decision"},
      {"platform.cache.timeout", "a decision"},
      {"platform.cache.snapshot_retention_days", "a decision"},
      {"platform.database.backup", "decisions"},
      {"platform.database.pool", "decisions"},
      {"platform.database.proxy.connections_share", "a decision"},
      {"platform.database.proxy.borrow_timeout", "a decision"},
      {"platform.object_storage", "decisions, and contents that only the bill counts"},
      {"platform.shared_files", "decisions, and contents that only the bill counts"},
      {"platform.payment.timeout", "a decision"},
      {"platform.payment.attempts", "a decision"},
      {"platform.payment.backoff", "a decision"},
      {"platform.payment.calls_at_once", "a decision"},
      {"platform.payment.circuit_breaker", "decisions"},
      {"platform.keys", "decisions"},
      {"platform.secrets", "decisions"},
      {"platform.monitoring.log_retention_days", "a decision"},
      {"platform.alarms", "decisions"},
      {"platform.backup", "decisions"},
  };
  return list;
}

}  // namespace shopsim::models
