#pragma once
/// The shop as actors: the state they share. One actor runs at a time, so nothing needs a lock.
/// simgrid_clients.cpp: arrivals, customers. simgrid_requests.cpp: one attempt from the edge to the
/// answer. simgrid_faults.cpp: health checks, faults, failover. simgrid_run.cpp: building, results.
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "models/page_graph.hpp"
#include "models/simgrid_chance.hpp"
#include "models/simgrid_door.hpp"
#include "models/simgrid_run.hpp"

namespace shopsim::models::flow {

/// One customer. Lives on the stack of its actor.
struct Customer {
  std::size_t edge = 0;
  double round_trip = 0;
  double patience = 0;
  bool is_new = true;       ///< has not connected to the edge yet
  Gate answered{0};
  std::optional<Outcome> outcome;
};

struct Health {
  bool healthy = true;
  unsigned failed = 0;   ///< checks in a row
  unsigned passed = 0;
};

struct Server {
  HostId host;
  LinkId inbound;                ///< of its network card: full duplex
  std::size_t zone = 0;
  bool alive = true;
  bool silent = true;            ///< how it is dead
  unsigned busy = 0;
  unsigned waiting = 0;
  std::unique_ptr<Gate> workers;
  unsigned connections_used = 0;
  unsigned pool_waiting = 0;
  std::unique_ptr<Gate> pool;
  unsigned stale = 0;            ///< sockets to the primary that was
  double reaches_database_at = 0;
  std::vector<unsigned> outstanding;  ///< [zone of the balancer node]
  std::vector<Health> health;         ///< [zone of the balancer node]
  std::set<std::uint64_t> inside;     ///< attempts in work or waiting
};

struct ZoneState {
  bool alive = true;
  bool in_dns = true;
  std::size_t turn = 0;   ///< of round robin
};

struct EdgeState {
  double dns_until = 0;
  std::vector<bool> dns_zones;
};

/// Least recently used with a time to live, in the plainest way.
class Shard {
 public:
  explicit Shard(double capacity) : capacity_(capacity) {}
  bool get(double now, std::size_t key);
  void put(double now, std::size_t key, double bytes, double time_to_live);
  void clear();

  bool up = true;
  bool replica = false;
  std::size_t zone = 0;
  std::size_t replica_zone = 0;
  double free_at = 0;
  HostId host;                   ///< with its network card

 private:
  struct Item {
    double expires;
    double bytes;
    std::list<std::size_t>::iterator place;
  };
  double capacity_;
  double used_ = 0;
  std::list<std::size_t> order_;  ///< newest first
  std::unordered_map<std::size_t, Item> items_;
};

/// What one page asks of the shop. Its retries ask for the same again.
struct Wishes {
  std::size_t page = 0;
  double cpu = 0;                 ///< seconds on the reference type
  unsigned reads = 0;             ///< statements, besides those of missed keys
  unsigned writes = 0;
  std::vector<std::size_t> keys;  ///< read from the cache
};

struct Attempt {
  std::uint64_t id = 0;
  Wishes wishes;
  std::size_t edge = 0;
  double way_there = 0;
  double way_back = 0;
  std::size_t zone = 0;
  unsigned reads = 0;
  unsigned writes = 0;
  std::vector<std::size_t> missed;
};

class Shop {
 public:
  Shop(const SimgridInput& input, std::uint64_t seed, std::uint32_t replication);
  SimgridResult run();

 private:
  void build_platform();
  void build_data_tier();

  // --- clients
  void arrivals();
  [[nodiscard]] double session_rate(double time) const;
  void customer();
  bool ask_for_page(Customer& customer, std::size_t page);
  Wishes draw_wishes(std::size_t page);
  [[nodiscard]] double backoff(unsigned retry);
  void send(Customer& customer, const Wishes& wishes, std::uint64_t id, bool first);
  void answer(std::uint64_t id, Outcome outcome);

  // --- requests
  void attempt(Attempt at);
  std::optional<std::size_t> reach_balancer(Attempt& at);
  std::size_t resolve_zone(std::size_t edge);
  std::optional<std::size_t> pick_server(std::size_t zone);
  std::optional<Outcome> enter_server(const Attempt& at, std::size_t index);
  std::optional<Outcome> serve(Attempt& at, Server& server);
  void read_cache(Attempt& at, const Server& server);
  std::optional<Outcome> query(Attempt& at, Server& server);
  std::optional<Outcome> run_statements(Attempt& at, Server& server);
  void fill_cache(const Attempt& at, const Server& server);
  void storage(unsigned operations);
  [[nodiscard]] double buffer_hit_ratio() const;
  void leave(const Attempt& at, Server& server);

  // --- faults
  void start_health_checks();
  void check_server(std::size_t index, std::size_t node);
  void start_faults();
  void apply(const InstanceCrash& fault);
  void apply(const ZoneLoss& fault);
  void apply(const DatabaseFailover&);
  void apply(const CacheNodeLoss& fault);
  void apply(const CacheFlush&);
  template <class Other>
  void apply(const Other&) {}  ///< refused before the run: simgrid_obstacle
  void kill(Server& server, bool silent);
  void fail_database();
  void lose_shard(std::size_t index, bool with_replica);
  [[nodiscard]] std::size_t zone_of(const std::string& name) const;

  [[nodiscard]] double now() const { return Engine::now(); }
  [[nodiscard]] bool recording() const { return now() >= warm_up_; }

  const Platform& platform_;
  const Scenario& scenario_;
  const Catalogue& catalogue_;
  PageGraph graph_;
  Chance chance_;
  double warm_up_;
  double end_;
  Engine engine_;
  HostId internet_;
  std::vector<HostId> edge_hosts_;   ///< [edge]
  std::vector<Server> servers_;
  std::vector<ZoneState> zones_;
  std::vector<EdgeState> edges_;
  std::vector<Shard> shards_;
  std::vector<double> item_bytes_;   ///< [product], 0 until drawn
  boost::random::discrete_distribution<std::size_t, double> product_;

  HostId database_[2];               ///< primary and standby, by side
  std::size_t side_ = 0;             ///< which is the primary
  std::size_t database_zone_[2] = {0, 0};
  bool database_up_ = true;
  bool promoting_ = false;
  bool standby_ = false;
  bool cold_ = false;
  double up_since_ = 0;
  double read_seconds_ = 0;
  double write_seconds_ = 0;
  double iops_ = 0;
  double storage_free_ = 0;          ///< when the volume has done what it was asked

  std::uint64_t last_attempt_ = 0;
  std::unordered_map<std::uint64_t, Customer*> waiting_;  ///< attempt -> who waits for it
  double retry_tokens_ = 0;
  SimgridResult result_;
};

}  // namespace shopsim::models::flow
