// The traits of random worlds, one lambda each.
#include "models/random_world_parts.hpp"

namespace shopsim::models {

namespace {

// clang-format off
constexpr WorldTrait kTraits[] = {
    // --- network and edge
    {"one_zone", [](RandomWorld& w, Stream&) {
       w.platform.network.zones = {zone('a', 0)};
       w.platform.database.multi_az = false;
     }},
    {"three_zones", [](RandomWorld& w, Stream&) {
       w.platform.network.zones = {zone('a', 0), zone('b', 1), zone('c', 2)};
     }},
    {"slow_network", [](RandomWorld& w, Stream& d) {
       w.platform.network.round_trip_between_zones = any_law(d, between(d, 1e-4, 0.05));
     }},
    {"no_cdn", [](RandomWorld& w, Stream&) { w.platform.cdn.enabled = false; }},
    {"no_waf", [](RandomWorld& w, Stream&) { w.platform.waf.enabled = false; }},
    {"small_edges", [](RandomWorld& w, Stream& d) {
       w.platform.cdn.edge_capacity.count = static_cast<std::int64_t>(between(d, 1e6, 2e7));
     }},
    {"short_image_life", [](RandomWorld& w, Stream& d) {
       w.platform.cdn.image_time_to_live = pick(d, std::array{0_s, 1_s, 20_s, 5_min});
     }},
    {"impatient_edges", [](RandomWorld& w, Stream& d) {
       w.platform.cdn.response_timeout = pick(d, std::array{1_s, 2_s, 5_s});
       w.platform.cdn.connection_timeout = pick(d, std::array{1_s, 3_s});
       w.platform.cdn.connection_attempts = pick(d, std::array<std::int64_t, 3>{1, 2, 3});
     }},
    {"edge_policies", [](RandomWorld& w, Stream& d) {
       CdnConfig& cdn = w.platform.cdn;
       if (!cdn.enabled) return;
       cdn.stale_while_revalidate = pick(d, std::array{0_s, 20_s});
       if (coin(d)) cdn.stale_if_error = pick(d, std::array{0_s, 1_min});
       cdn.error_time_to_live = pick(d, std::array{0_s, 10_s});
       if (coin(d)) cdn.behaviours = {{"few", "/few/*", {d.uniform()}, 30_s, 10_s}};
       cdn.origin_shield.enabled = coin(d);
       cdn.origin_failover.enabled = coin(d);
     }},
    {"edge_regions", [](RandomWorld& w, Stream& d) {
       std::vector<EdgeLocation>& edges = w.platform.cdn.edge_locations;
       edges[0].edge_region = EdgeRegion::north_america;
       edges[1].edge_region = coin(d) ? EdgeRegion::south_america : EdgeRegion::japan;
       edges[1].served_by = "east";
       edges[1].served_by_round_trip = any_law(d, 0.12);
       w.platform.cdn.price_class = coin(d) ? "PriceClass_100" : "PriceClass_All";
     }},
    {"origin_errors", [](RandomWorld& w, Stream& d) {
       const sim::Fraction share{between(d, 0.1, 1)};
       if (!w.platform.cdn.enabled) return;
       add_fault(w, d, OriginErrors{share, 503, coin(d), pick(d, std::array{10_s, 2_min})});
     }},
    // --- balancer and web tier
    {"balancing", [](RandomWorld& w, Stream& d) {
       w.platform.balancer.algorithm = static_cast<BalancingAlgorithm>(d.below(3));
       if (w.platform.balancer.algorithm != BalancingAlgorithm::least_outstanding_requests) {
         w.platform.balancer.slow_start = pick(d, std::array{0_s, 30_s, 60_s});
       }
     }},
    {"zones_apart", [](RandomWorld& w, Stream&) { w.platform.balancer.cross_zone = false; }},
    {"health_checks", [](RandomWorld& w, Stream& d) {
       HealthCheckConfig& check = w.platform.balancer.health_check;
       check.interval = pick(d, std::array{5_s, 10_s, 30_s});
       check.timeout = pick(d, std::array{2_s, 4_s});
       check.healthy_threshold = pick(d, std::array<std::int64_t, 3>{2, 3, 5});
       check.unhealthy_threshold = pick(d, std::array<std::int64_t, 2>{2, 3});
     }},
    {"quick_drain", [](RandomWorld& w, Stream& d) {
       w.platform.balancer.deregistration_delay = pick(d, std::array{0_s, 5_s, 60_s});
     }},
    {"instance_type", [](RandomWorld& w, Stream& d) {
       w.platform.web.instance_type =
           pick(d, std::array{"t3.medium", "t3.large", "m7g.large", "c7g.xlarge"});
     }},
    {"few_workers", [](RandomWorld& w, Stream& d) {
       w.platform.web.workers = pick(d, std::array<std::int64_t, 4>{1, 2, 4, 16});
       w.platform.web.accept_queue = pick(d, std::array<std::int64_t, 3>{0, 1, 20});
     }},
    {"group_size", [](RandomWorld& w, Stream& d) {
       AutoScalingConfig& group = w.platform.web.scaling;
       group.minimum = 1 + static_cast<std::int64_t>(d.below(3));
       group.maximum = group.minimum + static_cast<std::int64_t>(d.below(4));
       group.desired = group.minimum + static_cast<std::int64_t>(d.below(
           static_cast<std::uint64_t>(group.maximum - group.minimum + 1)));
     }},
    {"fast_launch", [](RandomWorld& w, Stream& d) {
       w.platform.web.scaling.launch.application = any_law(d, between(d, 1, 30));
       w.platform.web.scaling.instance_warm_up = pick(d, std::array{0_s, 10_s, 60_s});
       w.platform.web.scaling.health_check_grace_period = pick(d, std::array{0_s, 30_s, 2_min});
     }},
    {"nervous_scaling", [](RandomWorld& w, Stream& d) {
       TargetTrackingConfig policy;
       policy.target_value = between(d, 3, 60);
       policy.scale_out_datapoints = 1;
       policy.scale_in_datapoints = pick(d, std::array<std::int64_t, 2>{2, 15});
       w.platform.web.scaling.policies = {policy};
     }},
    {"no_scaling", [](RandomWorld& w, Stream&) { w.platform.web.scaling.policies.clear(); }},
    {"ec2_checks_only", [](RandomWorld& w, Stream&) {
       w.platform.web.scaling.health_check_type = HealthCheckType::ec2;
     }},
    // --- data tier
    {"no_cache", [](RandomWorld& w, Stream&) { w.platform.cache.enabled = false; }},
    {"cache_shards", [](RandomWorld& w, Stream& d) {
       w.platform.cache.shards = 1 + static_cast<std::int64_t>(d.below(4));
       w.platform.cache.replicas_per_shard = static_cast<std::int64_t>(d.below(3));
     }},
    {"slow_cache", [](RandomWorld& w, Stream& d) {
       w.platform.cache.round_trip = any_law(d, between(d, 1e-4, 0.02));
       w.platform.cache.operations_per_node.per_second = between(d, 300, 1e5);
       w.platform.cache.timeout = pick(d, std::array{50_ms, 250_ms, 2_s});
     }},
    {"short_cache_life", [](RandomWorld& w, Stream& d) {
       w.scenario.catalogue.cached_time_to_live = pick(d, std::array{1_s, 10_s, 2_min});
     }},
    {"stampede_guards", [](RandomWorld& w, Stream& d) {
       if (!w.platform.cache.enabled) return;
       StampedeConfig& guards = w.platform.cache.stampede;
       guards.locking = coin(d);
       guards.lock_lease = pick(d, std::array{1_s, 10_s, 2_min});
       guards.wait_timeout = pick(d, std::array{100_ms, 2_s, 60_s});
       guards.poll_interval = pick(d, std::array{5_ms, 50_ms});
       guards.stale_while_revalidate = pick(d, std::array{0_s, 5_s, 5_min});
     }},
    {"small_cache", [](RandomWorld& w, Stream& d) {
       w.platform.cache.eviction_policy = static_cast<EvictionPolicy>(d.below(6));
       w.scenario.catalogue.cached_object = {{sim::Law::lognormal, 5e6, 1}};
     }},
    {"quick_cache_failover", [](RandomWorld& w, Stream& d) {
       w.platform.cache.failover = any_law(d, between(d, 1, 40));
       w.platform.cache.node_replacement = any_law(d, between(d, 5, 90));
     }},
    {"small_pool", [](RandomWorld& w, Stream& d) {
       PoolConfig& pool = w.platform.database.pool;
       pool.connections = pick(d, std::array<std::int64_t, 3>{1, 2, 8});
       pool.queue_limit = pick(d, std::array<std::int64_t, 3>{0, 5, 500});
       pool.acquire_timeout = pick(d, std::array{100_ms, 1_s, 5_s});
       pool.socket_timeout = pick(d, std::array{1_s, 5_s, 30_s});
     }},
    {"weak_database", [](RandomWorld& w, Stream& d) {
       w.platform.database.reads_per_vcpu.per_second = between(d, 8, 300);
       w.platform.database.writes_per_vcpu.per_second = between(d, 4, 100);
     }},
    {"cold_database", [](RandomWorld& w, Stream& d) {
       w.platform.database.buffer_hit_ratio.value = d.uniform();
       w.platform.database.failover.cold_buffer_share.value = d.uniform();
       w.platform.database.storage_reads_per_buffer_miss = between(d, 0.5, 100);
     }},
    {"slow_storage", [](RandomWorld& w, Stream& d) {
       w.platform.database.storage_read = any_law(d, between(d, 1e-4, 0.05));
       w.platform.database.commit = any_law(d, between(d, 1e-4, 0.05));
       w.platform.database.multi_az_commit = any_law(d, between(d, 1e-4, 0.05));
     }},
    {"single_database", [](RandomWorld& w, Stream&) { w.platform.database.multi_az = false; }},
    {"quick_failover", [](RandomWorld& w, Stream& d) {
       FailoverConfig& failover = w.platform.database.failover;
       failover.detection = any_law(d, between(d, 0.5, 20));
       failover.promotion = any_law(d, between(d, 0.5, 40));
       failover.dns_time_to_live = pick(d, std::array{0_s, 1_s, 5_s, 30_s});
       failover.reconnect = any_law(d, between(d, 0.005, 0.5));
     }},
    // --- customers
    {"busy", [](RandomWorld& w, Stream& d) {
       w.scenario.traffic.growth = between(d, 1, 12);
     }},
    {"bursts", [](RandomWorld& w, Stream& d) {
       w.scenario.traffic.index_of_dispersion = between(d, 1, 20);
     }},
    {"flash_crowd", [](RandomWorld& w, Stream& d) {
       w.scenario.traffic.flash_crowds = {
           {"push message", {kStart + static_cast<std::int64_t>(d.below(240)) * 1_s},
            between(d, 1, 15), pick(d, std::array{5_s, 30_s, 5_min})}};
     }},
    {"spike", [](RandomWorld& w, Stream& d) {
       w.scenario.traffic.spikes = {
           {"rush", {kStart + static_cast<std::int64_t>(d.below(120)) * 1_s}, 30_s, 1_min, 30_s,
            between(d, 0.2, 8)}};
     }},
    {"impatient_clients", [](RandomWorld& w, Stream& d) {
       w.scenario.clients.timeout = pick(d, std::array{100_ms, 500_ms, 2_s, 30_s});
       w.scenario.clients.patience = any_law(d, between(d, 0.5, 60));
     }},
    {"retries", [](RandomWorld& w, Stream& d) {
       RetryConfig& retries = w.scenario.clients.retries;
       retries.attempts = static_cast<std::int64_t>(d.below(7));
       retries.base = pick(d, std::array{0_s, 50_ms, 1_s});
       retries.cap = pick(d, std::array{1_s, 5_s, 20_s});
       retries.jitter = coin(d);
       retries.budget.value = coin(d) ? 1.0 : between(d, 0.01, 0.5);
     }},
    {"quick_clicks", [](RandomWorld& w, Stream& d) {
       w.scenario.clients.think = any_law(d, between(d, 0.2, 20));
       w.scenario.clients.pages_per_session = between(d, 1, 40);
     }},
    {"page_mix", [](RandomWorld& w, Stream& d) {
       w.scenario.clients.mix = static_cast<PageMix>(d.below(3));
     }},
    {"tiny_catalogue", [](RandomWorld& w, Stream& d) {
       w.scenario.catalogue.products = 1 + static_cast<std::int64_t>(d.below(50));
       w.scenario.catalogue.images = 1 + static_cast<std::int64_t>(d.below(50));
     }},
    {"flat_popularity", [](RandomWorld& w, Stream& d) {
       w.scenario.catalogue.product_zipf = 1.6 * d.uniform();
       w.scenario.catalogue.image_zipf = 1.6 * d.uniform();
     }},
    {"fine_recording", [](RandomWorld& w, Stream& d) {
       w.scenario.recording.period = pick(d, std::array{5_s, 20_s, 60_s});
       w.scenario.recording.fine_period = pick(d, std::array{1_s, 5_s});
     }},
    {"no_warm_up", [](RandomWorld& w, Stream&) { w.scenario.warm_up = 0_s; }},
    {"longer", [](RandomWorld& w, Stream&) { w.scenario.duration = 8_min; }},
    // --- faults
    {"instance_crash", [](RandomWorld& w, Stream& d) {
       InstanceCrash crash;
       crash.count = 1 + static_cast<std::int64_t>(d.below(3));
       crash.count = std::min(crash.count, w.platform.web.scaling.maximum);
       crash.silent = coin(d);
       if (coin(d)) crash.zone = any_zone(w, d);
       add_fault(w, d, crash);
     }},
    {"zone_loss", [](RandomWorld& w, Stream& d) {
       add_fault(w, d, ZoneLoss{any_zone(w, d), pick(d, std::array{0_s, 30_s, 2_min, 1_h})});
     }},
    {"second_zone_loss", [](RandomWorld& w, Stream& d) {
       add_fault(w, d, ZoneLoss{any_zone(w, d), pick(d, std::array{10_s, 1_min})});
     }},
    {"database_failover", [](RandomWorld& w, Stream& d) {
       if (w.platform.database.multi_az) add_fault(w, d, DatabaseFailover{});
     }},
    {"second_failover", [](RandomWorld& w, Stream& d) {
       if (w.platform.database.multi_az) add_fault(w, d, DatabaseFailover{});
     }},
    {"cache_node_loss", [](RandomWorld& w, Stream& d) {
       if (!w.platform.cache.enabled) return;
       const auto shards = static_cast<std::uint64_t>(w.platform.cache.shards);
       add_fault(w, d, CacheNodeLoss{static_cast<std::int64_t>(d.below(shards)), coin(d)});
     }},
    {"cache_flush", [](RandomWorld& w, Stream& d) {
       if (w.platform.cache.enabled) add_fault(w, d, CacheFlush{});
     }},
    {"cdn_flush", [](RandomWorld& w, Stream& d) {
       if (w.platform.cdn.enabled) add_fault(w, d, CdnFlush{});
     }},
    {"database_slow", [](RandomWorld& w, Stream& d) {
       add_fault(w, d, DatabaseSlow{between(d, 1.5, 50), {between(d, 0.01, 1)},
                                    pick(d, std::array{10_s, 2_min, 1_h})});
     }},
    {"origin_slow", [](RandomWorld& w, Stream& d) {
       add_fault(w, d, OriginSlow{between(d, 2, 50), pick(d, std::array{10_s, 2_min})});
     }},
    {"packet_loss", [](RandomWorld& w, Stream& d) {
       const LossPlace place = coin(d) && w.platform.network.zones.size() > 1 ? LossPlace::zones
                                                                              : LossPlace::viewers;
       add_fault(w, d, PacketLoss{place, {between(d, 0.001, 0.5)}, 2_min});
     }},
    {"dns_failure", [](RandomWorld& w, Stream& d) {
       add_fault(w, d, DnsFailure{{between(d, 0.1, 1)}, pick(d, std::array{10_s, 2_min})});
     }},
    // --- a payment provider
    {"payment", [](RandomWorld& w, Stream& d) {
       PaymentConfig& payment = w.platform.payment;
       payment.enabled = true;
       payment.attempts = 1 + static_cast<std::int64_t>(d.below(3));
       payment.timeout = pick(d, std::array{500_ms, 3_s, 20_s});
       payment.calls_at_once = pick(d, std::array<std::int64_t, 3>{0, 1, 10});
       payment.circuit_breaker.enabled = coin(d);
       payment.circuit_breaker.least_calls = 1 + static_cast<std::int64_t>(d.below(20));
       if (coin(d)) {
         add_fault(w, d, PaymentDown{coin(d), 2_min});
       } else {
         add_fault(w, d, PaymentSlow{between(d, 2, 100), {d.uniform()}, 2_min});
       }
     }},
    // --- careful and impatient clients
    {"hedging", [](RandomWorld& w, Stream& d) {
       ClientsConfig& clients = w.scenario.clients;
       clients.hedge_after =
           std::min(pick(d, std::array{50_ms, 500_ms, 3_s}), clients.timeout / 2);
     }},
    {"retry_breaker", [](RandomWorld& w, Stream&) {
       w.scenario.clients.retries.circuit_breaker.enabled = true;
     }},
    {"bots", [](RandomWorld& w, Stream& d) {
       BotConfig bot;
       bot.name = "bots";
       bot.requests = {between(d, 1, 200)};
       bot.addresses = 1 + static_cast<std::int64_t>(d.below(2000));
       bot.start.since_midnight = kStart + 30_s;
       bot.duration = pick(d, std::array{10_s, 2_min});
       w.scenario.bots = {bot};
       w.scenario.clients.shared_addresses.share = {coin(d) ? d.uniform() : 0};
       w.platform.waf.rate_limit_per_address = pick(d, std::array<std::int64_t, 3>{10, 200, 2000});
       w.platform.waf.rate_window = pick(d, std::array{60_s, 300_s});
     }},
    {"proxy", [](RandomWorld& w, Stream&) { w.platform.database.proxy.enabled = true; }},
    // --- limits of stores
    {"throttling", [](RandomWorld& w, Stream& d) {
       ObjectStorageConfig& objects = w.platform.object_storage;
       objects.throttling = coin(d);
       objects.reads_per_prefix = {between(d, 1, 50)};
       objects.writes_per_prefix = {between(d, 1, 50)};
       objects.retries.attempts = 1 + static_cast<std::int64_t>(d.below(5));
       objects.bucket_keys = coin(d);
       w.platform.keys.throttling = coin(d);
       w.platform.keys.quota = {between(d, 1, 50)};
       w.platform.secrets.read_per_connection = coin(d);
       w.platform.secrets.throttling = coin(d);
       w.platform.secrets.quota = {between(d, 1, 50)};
     }},
    {"slow_files", [](RandomWorld& w, Stream& d) {
       SharedFilesConfig& files = w.platform.shared_files;
       files.throughput_limits = true;
       files.throughput_mode = static_cast<SharedFilesThroughput>(d.below(3));
       files.burst_credits.count = static_cast<std::int64_t>(between(d, 1, 1e9));
     }},
    {"few_nat_ports", [](RandomWorld& w, Stream& d) {
       w.platform.network.nat.limits = true;
       w.platform.network.nat.connections_per_address = 1 + static_cast<std::int64_t>(d.below(99));
       w.platform.network.nat.port_held_for = pick(d, std::array{0_s, 30_s, 350_s});
       w.platform.network.nat.bandwidth = {between(d, 1e6, 1e7)};
     }},
    // --- protection of the web servers
    {"deadlines", [](RandomWorld& w, Stream&) { w.platform.web.protection.deadlines = true; }},
    {"newest_first", [](RandomWorld& w, Stream&) {
       w.platform.web.protection.queue_order = QueueOrder::newest_first;
     }},
    {"shedding", [](RandomWorld& w, Stream& d) {
       w.platform.web.protection.shed_above = {between(d, 0.1, 0.9)};
     }},
    {"database_breaker", [](RandomWorld& w, Stream& d) {
       CircuitBreakerConfig& breaker = w.platform.web.protection.database_breaker;
       breaker.enabled = true;
       breaker.least_calls = 1 + static_cast<std::int64_t>(d.below(20));
     }},
    // --- locks and copies of the database
    {"row_lock", [](RandomWorld& w, Stream& d) {
       PageConfig page = *find_builtin_page("buy_confirm");
       page.lock = "stock";
       page.lock_share = sim::Fraction{d.uniform()};
       page.lock_hold = any_law(d, between(d, 1e-3, 2));
       w.scenario.clients.pages.push_back(page);
       if (coin(d)) add_fault(w, d, RowLocked{"stock", pick(d, std::array{1_s, 20_s, 2_min})});
     }},
    {"replicas", [](RandomWorld& w, Stream& d) {
       ReplicasConfig& replicas = w.platform.database.replicas;
       replicas.count = 1 + static_cast<std::int64_t>(d.below(4));
       replicas.connections = pick(d, std::array<std::int64_t, 3>{1, 3, 20});
       replicas.replay_rate.per_second = between(d, 1, 1000);
       replicas.least_lag = pick(d, std::array{0_s, 100_ms, 10_s});
       PageConfig page = *find_builtin_page("buy_request");
       page.replica_reads = sim::Fraction{d.uniform()};
       w.scenario.clients.pages.push_back(page);
     }},
    {"growing_data", [](RandomWorld& w, Stream& d) {
       DataGrowthConfig& growth = w.platform.database.growth;
       growth.used.value = coin(d) ? d.uniform() : 0.95;
       growth.per_order.count = static_cast<std::int64_t>(between(d, 1e3, 1e10));
       growth.per_upload.count = static_cast<std::int64_t>(between(d, 1e3, 1e10));
       if (coin(d)) w.platform.database.storage_maximum = w.platform.database.storage;
     }},
    {"watched_connections", [](RandomWorld& w, Stream& d) {
       w.platform.database.failover.unresponsive_after = pick(d, std::array{1_s, 10_s, 40_s});
       w.platform.database.failover.restart = any_law(d, between(d, 1, 60));
       const std::int64_t pool = w.platform.database.pool.connections;
       ReplicasConfig& replicas = w.platform.database.replicas;
       replicas.connections = std::min(replicas.connections, pool);
       w.platform.database.max_connections =
           std::max<std::int64_t>(6, pool * w.platform.web.scaling.maximum);
     }},
    {"backup", [](RandomWorld& w, Stream& d) {
       add_fault(w, d, Backup{pick(d, std::array{1_s, 20_s}), between(d, 1, 50),
                              pick(d, std::array{10_s, 2_min})});
     }},
    {"cluster", [](RandomWorld& w, Stream& d) {
       w.platform.network.zones = {zone('a', 0), zone('b', 1), zone('c', 2)};
       w.platform.database.multi_az = true;
       w.platform.database.instance_class = coin(d) ? "db.m6gd.large" : "db.r6gd.xlarge";
       w.platform.database.replicas.count = 0;
       w.platform.database.cluster.enabled = true;
       w.platform.database.cluster.replacement = any_law(d, between(d, 5, 120));
       if (coin(d)) add_fault(w, d, DatabaseFailover{});
     }},
};
// clang-format on

}  // namespace

std::span<const WorldTrait> world_traits() { return kTraits; }

}  // namespace shopsim::models
