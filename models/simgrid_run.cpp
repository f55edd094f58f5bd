// Building the second engine's shop, running it, and running it in processes of its own.
#include "models/simgrid_run.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <type_traits>

#include "models/look_aside_store.hpp"
#include "models/simgrid_shop.hpp"

namespace shopsim::models {

namespace flow {

namespace {

/// The type the database's statement rates are stated for: m7g, against m5.large.
constexpr double kStatementSpeed = 1.81;
/// Not a bottleneck: what has no limit in the platform file.
constexpr double kWide = 1e13;

std::uint64_t seed_of(std::uint64_t seed, std::uint32_t replication) {
  return seed * 1'000'003 + replication + 17;
}

std::vector<double> zipf_weights(const CatalogueConfig& catalogue) {
  std::vector<double> weights(static_cast<std::size_t>(catalogue.products));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::pow(static_cast<double>(i + 1), -catalogue.product_zipf);
  }
  return weights;
}

}  // namespace

Shop::Shop(const SimgridInput& input, std::uint64_t seed, std::uint32_t replication)
    : platform_(input.platform),
      scenario_(input.scenario),
      catalogue_(input.catalogue),
      graph_(build_page_graph(input.scenario.clients)),
      chance_(seed_of(seed, replication)),
      warm_up_(input.scenario.warm_up.seconds()),
      end_(warm_up_ + input.scenario.duration.seconds()),
      zones_(input.platform.network.zones.size()),
      edges_(input.platform.cdn.edge_locations.size()),
      item_bytes_(static_cast<std::size_t>(input.scenario.catalogue.products), 0.0),
      product_(zipf_weights(input.scenario.catalogue)) {
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    edges_[e].dns_until = platform_.dns.time_to_live.seconds() * chance_.uniform();
    edges_[e].dns_zones.assign(zones_.size(), true);
  }
  build_platform();
  build_data_tier();
}

/// Bytes a second a network card passes for as long as one likes. Types without a published
/// baseline: 0.8 Gbit/s, an assumption.
double card_of(const Machine& machine) {
  return machine.network_baseline ? machine.network_baseline->bits_per_second / 8 : 1e8;
}

/// Edge locations, web servers with their network cards.
void Shop::build_platform() {
  const auto machine = catalogue_.find_instance_type(platform_.web.instance_type);
  if (!machine) throw std::runtime_error("the second engine got an unknown instance type");
  internet_ = engine_.add_host("internet", 1, 1);
  std::vector<LinkId> internet_links;
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    edge_hosts_.push_back(engine_.add_host("edge " + std::to_string(e), 1, 1));
    internet_links.push_back(engine_.add_link("viewers " + std::to_string(e), kWide));
  }
  const double card = card_of(*machine);
  const auto count = static_cast<std::size_t>(platform_.web.scaling.desired);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "server " + std::to_string(i);
    Server server;
    server.host = engine_.add_host(name, static_cast<unsigned>(machine->vcpu),
                                   machine->speed > 0 ? machine->speed : 1);
    server.zone = i % zones_.size();
    server.workers = std::make_unique<Gate>(static_cast<unsigned>(platform_.web.workers));
    server.pool =
        std::make_unique<Gate>(static_cast<unsigned>(platform_.database.pool.connections));
    server.outstanding.assign(zones_.size(), 0);
    server.health.assign(zones_.size(), Health{});
    const LinkId own = engine_.add_link("card of " + name, card);
    server.inbound = engine_.add_link("inbound of " + name, card);
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      engine_.add_route(server.host, edge_hosts_[e], {own, internet_links[e]});
    }
    servers_.push_back(std::move(server));
  }
}

void Shop::build_data_tier() {
  const auto machine = catalogue_.find_database_class(platform_.database.instance_class);
  if (!machine) throw std::runtime_error("the second engine got an unknown database class");
  database_[0] = engine_.add_host("database a", static_cast<unsigned>(machine->vcpu), 1);
  database_[1] = engine_.add_host("database b", static_cast<unsigned>(machine->vcpu), 1);
  database_zone_[1] = zones_.size() > 1 ? 1 : 0;
  standby_ = platform_.database.multi_az;
  const double speed = machine->speed > 0 ? machine->speed / kStatementSpeed : 1;
  read_seconds_ = 1 / (platform_.database.reads_per_vcpu.per_second * speed);
  write_seconds_ = 1 / (platform_.database.writes_per_vcpu.per_second * speed);
  iops_ = static_cast<double>(platform_.database.iops);
  if (machine->storage.baseline_iops) {
    iops_ = std::min(iops_, static_cast<double>(*machine->storage.baseline_iops));
  }
  if (!platform_.cache.enabled) return;
  const auto node = catalogue_.find_cache_node(platform_.cache.node_type);
  if (!node) throw std::runtime_error("the second engine got an unknown cache node");
  const double usable = static_cast<double>(node->memory.count) *
                        (1 - platform_.cache.reserved_memory.value);
  for (std::int64_t s = 0; s < platform_.cache.shards; ++s) {
    Shard shard(usable);
    shard.zone = static_cast<std::size_t>(s) % zones_.size();
    shard.replica_zone = static_cast<std::size_t>(s + 1) % zones_.size();
    shard.replica = platform_.cache.replicas_per_shard > 0;
    // Values are flows over the node's card and the server's.
    const std::string name = "cache " + std::to_string(s);
    shard.host = engine_.add_host(name, 1, 1);
    const LinkId own = engine_.add_link("card of " + name, card_of(*node));
    for (const Server& server : servers_) {
      engine_.add_route(shard.host, server.host, {own, server.inbound});
    }
    shards_.push_back(std::move(shard));
  }
}

SimgridResult Shop::run() {
  engine_.spawn(internet_, [this] { arrivals(); });
  start_health_checks();
  start_faults();
  engine_.run(end_);
  std::sort(result_.latencies.begin(), result_.latencies.end());
  return result_;
}

}  // namespace flow

/// The first kinds of FaultKind: those flow::Shop has an `apply` for.
constexpr std::size_t kSimgridFaults = 5;
static_assert(
    std::is_same_v<std::variant_alternative_t<kSimgridFaults - 1, FaultKind>, CacheFlush>);

std::string simgrid_obstacle(const Platform& platform, const Scenario& scenario) {
  if (scenario.traffic.trace) return "it cannot replay a trace of arrivals (traffic.trace)";
  if (!scenario.catalogue.key_trace.empty()) return "it cannot replay keys (catalogue.key_trace)";
  const CdnConfig& cdn = platform.cdn;
  if (std::any_of(cdn.edge_locations.begin(), cdn.edge_locations.end(),
                  [](const EdgeLocation& edge) { return edge.edge_region.has_value(); })) {
    return "it has no price classes and no viewers by region (cdn.edge_locations[].edge_region)";
  }
  if (cdn.origin_shield.enabled || cdn.origin_failover.enabled || !cdn.behaviours.empty() ||
      cdn.stale_while_revalidate > sim::Duration{0}) {
    return "it plays no images (cdn.origin_shield, cdn.origin_failover, cdn.behaviours, "
           "cdn.stale_while_revalidate)";
  }
  if (!cdn.enabled) return "it has no shop without CloudFront (cdn.enabled)";
  const sim::Duration patience =
      std::min(platform.cdn.response_timeout, platform.balancer.idle_timeout);
  if (patience < scenario.clients.timeout) {
    return "CloudFront or the balancer would give up before the clients do (clients.timeout)";
  }
  if (platform.web.instance_type.starts_with("t")) return "it has no CPU credits";
  const ProtectionConfig& protection = platform.web.protection;
  if (protection.deadlines || protection.shed_above.value < 1 ||
      protection.queue_order != QueueOrder::oldest_first || protection.database_breaker.enabled) {
    return "its servers do not protect themselves (web.protection)";
  }
  if (!scenario.bots.empty() || scenario.clients.shared_addresses.share.value > 0) {
    return "it has no bots and counts no addresses (bots, clients.shared_addresses)";
  }
  const CacheConfig& cache = platform.cache;
  if (cache.enabled && cache.stampede.is_on()) {
    return "its pages do not wait for each other's fills and serve nothing stale (cache.stampede)";
  }
  if (cache.enabled && order_of(cache.eviction_policy) != EvictionOrder::by_use) {
    return "its cache evicts the least recently used key only (cache.eviction_policy)";
  }
  if (platform.object_storage.throttling || platform.keys.throttling) {
    return "its S3 and KMS refuse nothing (object_storage.throttling, keys.throttling)";
  }
  if (platform.shared_files.enabled && platform.shared_files.throughput_limits) {
    return "its EFS has no limit of throughput (shared_files.throughput_limits)";
  }
  if (platform.secrets.read_per_connection) {
    return "its connections read no secrets (secrets.read_per_connection)";
  }
  if (platform.network.nat.limits) return "its NAT gateways have every port (network.nat.limits)";
  if (platform.database.proxy.enabled) return "it has no RDS Proxy (database.proxy)";
  const DataGrowthConfig& growth = platform.database.growth;
  if (growth.per_order.count > 0 || growth.per_upload.count > 0) {
    return "its data do not grow (database.growth)";
  }
  if (platform.database.failover.unresponsive_after.nanoseconds > 0) {
    return "it does not watch connections (database.failover.unresponsive_after)";
  }
  if (platform.database.cluster.enabled) return "it has no Multi-AZ clusters (database.cluster)";
  if (platform.database.replicas.count > 0) return "it has no read replicas (database.replicas)";
  if (scenario.clients.hedge_after.nanoseconds > 0) return "its clients never ask twice";
  if (scenario.clients.retries.circuit_breaker.enabled) return "its clients have no breaker";
  if (platform.payment.enabled) return "it has no payment provider (payment.enabled)";
  for (const PageConfig& page : scenario.clients.pages) {
    if (!page.lock.empty()) return "it has no locks of rows (clients.pages[].lock)";
  }
  for (const FaultConfig& fault : scenario.faults) {
    if (fault.kind.index() >= kSimgridFaults) {
      return "it does not know the kind of fault of `" + fault.name + "`";
    }
  }
  return {};
}

SimgridResult run_simgrid_here(const SimgridInput& input, std::uint64_t seed,
                               std::uint32_t replication) {
  // SimGrid's engine must outlive everything that points into it, until the process ends.
  static std::unique_ptr<flow::Shop> shop;
  shop = std::make_unique<flow::Shop>(input, seed, replication);
  return shop->run();
}

namespace {

struct Child {
  pid_t process = 0;
  std::FILE* results = nullptr;
  std::uint32_t replication = 0;
};

/// Everything but the latencies, as numbers in a fixed order.
std::vector<std::uint64_t*> counts_of(SimgridResult& result) {
  std::vector<std::uint64_t*> counts = {&result.requests, &result.succeeded, &result.failed,
                                        &result.attempts, &result.late, &result.cache_hits,
                                        &result.cache_misses};
  for (std::uint64_t& outcome : result.outcomes) counts.push_back(&outcome);
  return counts;
}

[[noreturn]] void work(const SimgridInput& input, std::uint64_t seed, std::uint32_t replication,
                       int pipe_end) {
  bool well = false;
  try {
    SimgridResult result = run_simgrid_here(input, seed, replication);
    std::FILE* out = fdopen(pipe_end, "wb");
    well = out != nullptr;
    for (const std::uint64_t* count : counts_of(result)) {
      well = well && std::fwrite(count, sizeof *count, 1, out) == 1;
    }
    const std::uint64_t many = result.latencies.size();
    well = well && std::fwrite(&many, sizeof many, 1, out) == 1 &&
           std::fwrite(result.latencies.data(), sizeof(float), many, out) == many &&
           std::fclose(out) == 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "second engine, replication %u: %s\n", replication, error.what());
  }
  _exit(well ? 0 : 1);  // no destructors: SimGrid's would wait for its actors
}

Child start(const SimgridInput& input, std::uint64_t seed, std::uint32_t replication) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe to a process of the second engine");
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("no process for the second engine");
  if (process == 0) {
    close(ends[0]);
    work(input, seed, replication, ends[1]);
  }
  close(ends[1]);
  return {process, fdopen(ends[0], "rb"), replication};
}

SimgridResult finish(Child& child) {
  SimgridResult result;
  bool well = child.results != nullptr;
  for (std::uint64_t* count : counts_of(result)) {
    well = well && std::fread(count, sizeof *count, 1, child.results) == 1;
  }
  std::uint64_t many = 0;
  well = well && std::fread(&many, sizeof many, 1, child.results) == 1;
  if (well) {
    result.latencies.resize(many);
    well = std::fread(result.latencies.data(), sizeof(float), many, child.results) == many;
  }
  if (child.results != nullptr) std::fclose(child.results);
  int status = 0;
  waitpid(child.process, &status, 0);
  if (!well || status != 0) {
    throw std::runtime_error("replication " + std::to_string(child.replication) +
                             " of the second engine died");
  }
  return result;
}

}  // namespace

std::vector<SimgridResult> run_simgrid(const SimgridInput& input, std::uint64_t seed,
                                       std::uint32_t first, std::uint32_t count,
                                       unsigned processes) {
  std::vector<SimgridResult> results;
  std::vector<Child> running;
  std::uint32_t started = 0;
  while (results.size() < count) {
    while (started < count && running.size() < processes) {
      running.push_back(start(input, seed, first + started));
      ++started;
    }
    results.push_back(finish(running.front()));
    running.erase(running.begin());
  }
  return results;
}

}  // namespace shopsim::models
