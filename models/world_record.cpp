// Question: what would CloudWatch, the bill and a person watching have seen? Closes recording
// periods, measures every minute's metrics, notes the resource nearest to its limit, adds up usage.
#include <algorithm>
#include <limits>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;
using namespace sim::literals;

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
/// CloudFront keeps connections to the origin open; share of requests that open one. Assumption.
constexpr double kNewConnectionShare = 0.02;
/// Load balancer capacity unit: per second or hour, facts 1.6 (S-VANTAGE-ELB).
constexpr double kLcuNewConnections = 25;
constexpr double kLcuActiveConnections = 3000;
constexpr double kLcuBytesPerHour = 1e9;

double ratio(double part, double whole) { return whole > 0 ? part / whole : kNothing; }

}  // namespace

/// Around every fault the books are also kept in short periods; overlapping windows are one.
template <class Calendar>
void BasicWorld<Calendar>::plan_fine_windows() {
  const RecordingConfig& recording = plan_->scenario.recording;
  const std::int64_t step = recording.fine_period.nanoseconds;
  for (const FaultPlan& fault : plan_->faults) {
    const Time from = std::max(fault.time - recording.fine_before, plan_->recording_from);
    const Time to = std::min(fault.time + recording.fine_after, Time{} + plan_->duration);
    const Time begin{(from.nanoseconds + step - 1) / step * step};
    const Time end{to.nanoseconds / step * step};
    if (begin >= end) continue;
    if (!fine_windows_.empty() && begin <= fine_windows_.back().second) {
      fine_windows_.back().second = std::max(fine_windows_.back().second, end);
    } else {
      fine_windows_.emplace_back(begin, end);
    }
  }
  next_period_ = Time{} + plan_->scenario.recording.period;
  next_fine_ = fine_windows_.empty() ? sim::kNever : fine_windows_.front().first;
}

template <class Calendar>
Time BasicWorld<Calendar>::next_tick() const {
  return std::min(next_period_, next_fine_);
}

template <class Calendar>
void BasicWorld<Calendar>::on_tick(PeriodSink& sink) {
  const RecordingConfig& recording = plan_->scenario.recording;
  if (now_ == next_fine_) {
    if (recorder_.fine_active()) {
      const Time start = now_ - recording.fine_period;
      recorder_.close_fine(Time{} + (start - plan_->recording_from), sink);
    }
    auto& window = fine_windows_[fine_window_];
    if (now_ == window.second) {
      recorder_.set_fine_active(false);
      ++fine_window_;
      next_fine_ = fine_window_ < fine_windows_.size() ? fine_windows_[fine_window_].first
                                                       : sim::kNever;
    } else {
      recorder_.set_fine_active(true);
      next_fine_ += recording.fine_period;
    }
  }
  if (now_ == next_period_) {
    std::vector<double> metrics(kRecordedNumbers, kNothing);
    if (now_.nanoseconds % (1_min).nanoseconds == 0) close_minute(metrics);
    if (now_ > plan_->recording_from) {
      const Time start = now_ - recording.period;
      recorder_.close_main(Time{} + (start - plan_->recording_from), std::move(metrics), sink);
    } else if (now_ == plan_->recording_from) {
      begin_recording();
    }
    next_period_ += recording.period;
  }
  sources_.set(kFromTick, next_tick());
}

/// The warm-up is over: what was counted so far is forgotten, what is under way goes on.
template <class Calendar>
void BasicWorld<Calendar>::begin_recording() {
  RunSummary fresh;
  fresh.seed = summary_.seed;
  fresh.replication = summary_.replication;
  fresh.conservation = summary_.conservation;
  fresh.bots = summary_.bots;  // counts from here on only
  summary_ = std::move(fresh);
  recorder_ = Recorder(plan_->class_names.size(), plan_->scenario.recording.period,
                       plan_->scenario.recording.fine_period);
}

template <class Calendar>
void BasicWorld<Calendar>::close_minute(std::vector<double>& metrics) {
  measure_web(metrics);
  measure_balancer(metrics);
  if (data_grow_) grow_data();
  measure_data_tier(metrics);
  measure_edge(metrics);
  measure_limits(metrics);
  feed_alarms(metrics);
  note_saturation();
  add_usage();
  report_status_checks();
  minute_ = {};
  for (CacheShard& shard : shards_) shard.busy_seconds = 0;
}

template <class Calendar>
void BasicWorld<Calendar>::measure_web(std::vector<double>& metrics) {
  const auto set = [&metrics](MetricId id, double value) {
    metrics[static_cast<std::size_t>(id)] = value;
  };
  double busy = 0;
  double credits = 0;
  double in_service = 0;
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    WebServer& server = servers_[slot];
    if (server.state == ServerState::absent || server.state == ServerState::dead) continue;
    update_credits(slot);
    if (server.state != ServerState::running) continue;
    if (plan_->platform.web.instances.memory.per_request.count > 0) grow_memory(slot);
    busy += server.cpu_utilisation;
    credits += server.credits;
    ++in_service;
  }
  web_utilisation_ = in_service > 0 ? busy / in_service : 0;
  set(MetricId::ec2_cpu_utilization, in_service > 0 ? 100 * web_utilisation_ : kNothing);
  if (plan_->server.burstable) set(MetricId::ec2_cpu_credit_balance, ratio(credits, in_service));
  const GroupCounts counts = group_.group_counts();
  set(MetricId::group_desired_capacity, static_cast<double>(counts.desired));
  set(MetricId::group_in_service_instances, static_cast<double>(counts.in_service));
  set(MetricId::group_pending_instances, static_cast<double>(counts.pending));
  set(MetricId::group_terminating_instances, static_cast<double>(counts.terminating));
  set(MetricId::group_total_instances, static_cast<double>(counts.total));
}

/// Utilisation of the last minute and, for T types, the credit balance: earned by the hour, spent
/// by the vCPU-minute; what lacks is bought in unlimited mode, otherwise the CPU gets no more of
/// the next minute than its baseline and the credits left (facts 3, S-EC2-T).
template <class Calendar>
void BasicWorld<Calendar>::update_credits(std::uint32_t slot) {
  WebServer& server = servers_[slot];
  const double busy = server.cpu.busy_seconds(now_);
  // A core at its baseline is a fraction of a core, as the hypervisor measures it.
  const double used =
      (busy - server.busy_at_tick) * server.cpu.speed() /
      (plan_->server.relative_speed * server.pace.now());
  server.busy_at_tick = busy;
  server.cpu_utilisation = used / (60 * plan_->server.vcpus);
  if (!plan_->server.burstable) return;
  server.credits += plan_->server.credits_per_hour / 60 - used / 60;
  server.credits = std::min(server.credits, plan_->server.credit_cap);
  if (server.credits < 0 && plan_->server.unlimited_credits) {
    summary_.usage.web_surplus_credit_vcpu_seconds += -server.credits * 60;
  }
  server.credits = std::max(server.credits, 0.0);
  if (plan_->server.unlimited_credits) return;
  const double share = std::min(
      1.0, plan_->server.baseline_share + server.credits / plan_->server.vcpus);
  server.cpu.set_capacity(now_, plan_->server.vcpus,
                          plan_->server.relative_speed * server.pace.now() * share);
  arm_server(slot);
}

template <class Calendar>
void BasicWorld<Calendar>::measure_balancer(std::vector<double>& metrics) {
  const auto set = [&metrics](MetricId id, double value) {
    metrics[static_cast<std::size_t>(id)] = value;
  };
  double healthy = 0;
  double unhealthy = 0;
  for (const WebServer& server : servers_) {
    if (!server.is_registered) continue;
    ++(is_healthy(server) ? healthy : unhealthy);
  }
  set(MetricId::alb_healthy_hosts, healthy);
  set(MetricId::alb_unhealthy_hosts, unhealthy);
  const auto requests = static_cast<double>(minute_.balancer_requests);
  if (requests == 0) return;  // the service publishes nothing then (S-ALB-CW)
  set(MetricId::alb_request_count, requests);
  set(MetricId::alb_request_count_per_target, ratio(requests, healthy));
  if (!minute_.response_time.empty()) {
    set(MetricId::alb_target_response_time, minute_.response_time.mean_seconds());
    for (std::size_t i = 0; i < kRecordedPercentiles.size(); ++i) {
      const auto q = percentile_of(kRecordedPercentiles[i].statistic);
      metrics[kMetricCount + i] = minute_.response_time.quantile(q.value_or(1)).seconds();
    }
  }
  const auto count = [&set](MetricId id, std::uint64_t value) {
    if (value > 0) set(id, static_cast<double>(value));
  };
  count(MetricId::alb_target_5xx, minute_.target_5xx);
  count(MetricId::alb_elb_5xx, minute_.elb_502 + minute_.elb_503 + minute_.elb_504);
  count(MetricId::alb_elb_502, minute_.elb_502);
  count(MetricId::alb_elb_503, minute_.elb_503);
  count(MetricId::alb_elb_504, minute_.elb_504);
  count(MetricId::alb_target_connection_errors, minute_.target_connection_errors);
  set(MetricId::alb_active_connections, static_cast<double>(attempts_.in_use()));
  set(MetricId::alb_new_connections, requests * kNewConnectionShare);
  set(MetricId::alb_processed_bytes, minute_.balancer_bytes);
  set(MetricId::alb_consumed_lcus, balancer_capacity_units());
}

/// Load balancer capacity units of the minute: the largest of the dimensions.
template <class Calendar>
double BasicWorld<Calendar>::balancer_capacity_units() const {
  const auto requests = static_cast<double>(minute_.balancer_requests);
  const double connections = requests * kNewConnectionShare / 60 / kLcuNewConnections;
  const double active = static_cast<double>(attempts_.in_use()) / kLcuActiveConnections;
  const double bytes = minute_.balancer_bytes * 60 / kLcuBytesPerHour;
  return std::max({connections, active, bytes});
}

template <class Calendar>
void BasicWorld<Calendar>::measure_data_tier(std::vector<double>& metrics) {
  const auto set = [&metrics](MetricId id, double value) {
    metrics[static_cast<std::size_t>(id)] = value;
  };
  const double busy = database_cpu_.busy_seconds(now_);
  database_.cpu_utilisation =
      (busy - database_.busy_at_tick) / (60 * plan_->database.vcpus);
  database_.busy_at_tick = busy;
  // Counted when asked for: what waits at the end of the minute is done in the next.
  database_.iops_utilisation = std::min(
      1.0, (minute_.storage_reads + minute_.storage_writes) / 60 / plan_->database.iops);
  const bool answers =
      database_.phase == DatabasePhase::up || database_.phase == DatabasePhase::promoted;
  if (answers) {
    set(MetricId::rds_cpu_utilization, 100 * database_.cpu_utilisation);
    double connections = 0;
    for (const WebServer& server : servers_) {
      const bool runs = server.state == ServerState::running ||
                        server.state == ServerState::draining;
      if (runs) connections += server.pool_size;
    }
    set(MetricId::rds_connections, connections);
    set(MetricId::rds_read_iops, minute_.storage_reads / 60);
    set(MetricId::rds_write_iops, minute_.storage_writes / 60);
    set(MetricId::rds_read_latency,
        ratio(static_cast<double>(minute_.read_latency_ns) * 1e-9, minute_.storage_reads));
    set(MetricId::rds_write_latency,
        ratio(static_cast<double>(minute_.write_latency_ns) * 1e-9, minute_.storage_writes));
    set(MetricId::rds_disk_queue_depth,
        static_cast<double>(minute_.storage_wait_ns + minute_.read_latency_ns) * 1e-9 / 60);
    set(MetricId::rds_free_storage_space, database_.free_storage_bytes);
    set(MetricId::rds_load, static_cast<double>(database_cpu_.jobs()));
    set(MetricId::rds_ebs_io_balance,
        100 * std::clamp(1 - database_.iops_utilisation, 0.0, 1.0));
  }
  if (!replicas_.empty()) measure_replicas(metrics);
  if (!locks_.empty()) measure_locks(metrics);
  if (shards_.empty()) return;
  double cache_busy = 0;
  double items = 0;
  double bytes = 0;
  LookAsideCounters counters;
  for (const CacheShard& shard : shards_) {
    cache_busy = std::max(cache_busy, shard.busy_seconds / 60);
    items += shard.store.items();
    bytes += static_cast<double>(shard.store.bytes());
    counters.evictions += shard.store.counters().evictions;
    counters.out_of_memory += shard.store.counters().out_of_memory;
  }
  cache_utilisation_ = cache_busy;
  const auto hits = static_cast<double>(minute_.cache_hits);
  const auto misses = static_cast<double>(minute_.cache_misses);
  set(MetricId::cache_engine_cpu_utilization, 100 * cache_busy);
  set(MetricId::cache_cpu_utilization, 100 * cache_busy / 2);  // one busy thread of two vCPUs
  set(MetricId::cache_hits, hits);
  set(MetricId::cache_misses, misses);
  set(MetricId::cache_hit_rate, 100 * ratio(hits, hits + misses));
  set(MetricId::cache_evictions,
      static_cast<double>(counters.evictions - cache_at_tick_.evictions));
  summary_.stores.cache_writes_refused += counters.out_of_memory - cache_at_tick_.out_of_memory;
  cache_at_tick_ = counters;
  set(MetricId::cache_items, items);
  const double capacity =
      plan_->cache_bytes_per_shard * static_cast<double>(shards_.size());
  set(MetricId::cache_memory_usage, 100 * ratio(bytes, capacity));
  summary_.cache_hits += minute_.cache_hits;
  summary_.cache_misses += minute_.cache_misses;
}

template <class Calendar>
void BasicWorld<Calendar>::measure_edge(std::vector<double>& metrics) {
  const auto set = [&metrics](MetricId id, double value) {
    metrics[static_cast<std::size_t>(id)] = value;
  };
  const auto answers = static_cast<double>(minute_.cdn_answers);
  // An error answers a request that may have come a period before.
  if (answers > 0 && plan_->platform.cdn.enabled) {
    set(MetricId::cdn_4xx_rate, 100 * static_cast<double>(minute_.cdn_4xx) / answers);
    set(MetricId::cdn_5xx_rate, 100 * static_cast<double>(minute_.cdn_5xx) / answers);
  }
  const auto requests = static_cast<double>(minute_.cdn_requests);
  if (requests > 0) {
    set(MetricId::cdn_requests, requests);
    set(MetricId::cdn_bytes_downloaded, minute_.cdn_bytes);
    set(MetricId::cdn_hit_rate, 100 * ratio(static_cast<double>(minute_.image_hits),
                                            static_cast<double>(minute_.image_requests)));
    if (!minute_.response_time.empty()) {
      set(MetricId::cdn_origin_latency, minute_.response_time.mean_seconds() * 1000);
    }
  }
  if (minute_.waf_requests > 0) {
    set(MetricId::waf_allowed_requests,
        static_cast<double>(minute_.waf_requests - minute_.waf_blocked));
  }
  if (minute_.waf_blocked > 0) {
    set(MetricId::waf_blocked_requests, static_cast<double>(minute_.waf_blocked));
  }
  const double objects = static_cast<double>(minute_.bucket_reads + minute_.bucket_writes);
  if (objects > 0) {
    set(MetricId::s3_get_requests, static_cast<double>(minute_.bucket_reads));
    set(MetricId::s3_all_requests, objects);
  }
  set(MetricId::nat_bytes_out, static_cast<double>(minute_.balancer_requests) *
                                   static_cast<double>(
                                       plan_->platform.network.nat_bytes_per_request.count));
}

/// The resource behind a slow minute: the deepest one that is at its limit, since everything in
/// front of it fills up with requests that wait for it.
template <class Calendar>
void BasicWorld<Calendar>::note_saturation() {
  double workers = 0;
  double accept = 0;
  double pool = 0;
  double pool_sizes = 0;
  double pooled = 0;
  double servers = 0;
  for (const WebServer& server : servers_) {
    if (server.state != ServerState::running) continue;
    ++servers;
    workers += server.busy_workers;
    accept += server.accept_queue.size;
    pool += server.connections_used;
    pool_sizes += server.pool_size;
    pooled += server.pool_queue.size;
  }
  const double worker_share =
      servers > 0 ? workers / (servers * plan_->server.workers) : (accept > 0 ? 1 : 0);
  const double pool_share = pool_sizes > 0 ? pool / pool_sizes : 0;
  const auto note = [this](std::string resource, double utilisation, double queue) {
    summary_.saturation.push_back({now_ - 1_min, std::move(resource), utilisation, queue});
  };
  const double storage_queue = static_cast<double>(minute_.storage_wait_ns) * 1e-9 / 60;
  const bool was_away = database_.phase == DatabasePhase::detecting ||
                        database_.phase == DatabasePhase::promoting ||
                        (database_.failure > 0 && now_ - database_.up_since < 1_min);
  if (was_away) {
    note("database primary", 1, pooled);
  } else if (database_.is_full) {
    note("database storage", 1, 0);
  } else if (database_.iops_utilisation > 0.9) {
    note("database IOPS", database_.iops_utilisation, storage_queue);
  } else if (database_.cpu_utilisation > 0.9) {
    note("database CPU", database_.cpu_utilisation, static_cast<double>(database_cpu_.jobs()));
  } else if (const auto lock = lock_saturation()) {
    note(lock->resource, lock->utilisation, lock->queue_length);
  } else if (const auto replicas = replica_saturation()) {
    note(replicas->resource, replicas->utilisation, replicas->queue_length);
  } else if (pool_share > 0.95 || pooled > 0) {
    note("connection pool", pool_share, pooled);
  } else if (cache_utilisation_ > 0.9) {
    note("cache engine CPU", cache_utilisation_, 0);
  } else if (servers == 0) {
    note("web servers (none in service)", 1, accept);
  } else if (web_utilisation_ > 0.8) {
    note("web CPU", web_utilisation_, accept);
  } else if (worker_share > 0.95 || accept > 0) {
    note("web workers", worker_share, accept);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::add_usage() {
  Usage& usage = summary_.usage;
  double running = 0;
  for (const WebServer& server : servers_) {
    if (server.state != ServerState::absent) ++running;
  }
  const auto& platform = plan_->platform;
  const auto requests = static_cast<double>(minute_.balancer_requests);
  const PoolCounts pool = group_.pool_counts(now_);
  const double waiting = static_cast<double>(pool.running);
  const double stopped = static_cast<double>(pool.stopped);  // costs its volume only (S-ASG-POOL)
  usage.web_instance_seconds += (running + waiting) * 60;
  usage.web_volume_gb_seconds += (running + waiting + stopped) * 60 *
                                 static_cast<double>(platform.web.root_volume.count) / 1e9;
  const double grown =
      database_.allocated_bytes - static_cast<double>(platform.database.storage.count);
  usage.database_grown_gb_seconds += grown * 60 / 1e9;
  usage.balancer_capacity_unit_seconds += balancer_capacity_units() * 60;
  usage.balancer_bytes += minute_.balancer_bytes;
  usage.cdn_requests += static_cast<double>(minute_.cdn_requests);
  usage.cdn_bytes_to_viewers += minute_.cdn_bytes;
  usage.cdn_bytes_to_origin += minute_.cdn_bytes_to_origin;
  if (plan_->tells_edge_regions) add_edge_region_use();
  usage.shield_requests += static_cast<double>(minute_.shield_requests);
  usage.waf_requests += static_cast<double>(minute_.waf_requests);
  usage.bucket_reads += static_cast<double>(minute_.bucket_reads);
  usage.second_bucket_reads += static_cast<double>(minute_.second_bucket_reads);
  usage.bucket_writes += static_cast<double>(minute_.bucket_writes);
  usage.bucket_bytes_out += minute_.bucket_bytes;
  usage.nat_bytes +=
      requests * static_cast<double>(platform.network.nat_bytes_per_request.count);
  usage.bytes_between_zones += minute_.cross_zone_bytes;
  usage.log_bytes +=
      requests * static_cast<double>(platform.monitoring.log_bytes_per_request.count);
  if (platform.tracing.enabled) {
    // The first requests of each second, with local rules on each server (S-XRAY).
    const double reservoirs =
        platform.tracing.rules == SamplingRules::local ? running : std::min(1.0, running);
    const double reserved = std::min(
        requests,
        60.0 * reservoirs * static_cast<double>(platform.tracing.reservoir_per_second));
    usage.traces += reserved + (requests - reserved) * platform.tracing.sampled_share.value;
  }
  const auto secret_reads = static_cast<double>(minute_.secret_reads);
  usage.key_requests +=
      store_limits_.keys_per_object() *
          static_cast<double>(minute_.bucket_reads + minute_.bucket_writes) +
      secret_reads;
  usage.secret_requests += running / 60 + secret_reads;
  summary_.stores.database_statements += minute_.database_reads + minute_.database_writes;
  usage.file_bytes_read += minute_.file_bytes_read;
  usage.file_bytes_written += minute_.file_bytes_written;
  usage.dns_queries += static_cast<double>(edges_.size());
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
