#pragma once
/// The one door to SimGrid (3.32, S4U): hosts that share their cores among the work on them, links
/// that flows share max-min fairly, actors as plain functions that wait. Times in seconds.
/// SimGrid keeps one engine per process and cannot start a second one: run each simulation in a
/// process of its own (simgrid_run.hpp does). Stacks are set to 64 KiB: with its default of 8 MiB
/// it is 24 times slower.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace shopsim::models::flow {

/// Index of a host or link, in the order of creation.
struct HostId {
  std::size_t index = 0;
};
struct LinkId {
  std::size_t index = 0;
};

/// A platform under construction, then the simulation of it. One object per process.
class Engine {
 public:
  Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  /// A host of `cores` cores; work of one second takes 1 / `speed` seconds on an idle core.
  HostId add_host(const std::string& name, unsigned cores, double speed);
  LinkId add_link(const std::string& name, double bytes_per_second);
  /// The links between two hosts, in both directions.
  void add_route(HostId a, HostId b, const std::vector<LinkId>& links);

  /// A new actor on a host. Before run() or from inside an actor.
  void spawn(HostId host, std::function<void()> body);
  /// An actor that does not keep the simulation alive.
  void spawn_daemon(HostId host, std::function<void()> body);
  /// Simulates until `end`.
  void run(double end);

  // From inside an actor:
  [[nodiscard]] static double now();
  static void sleep(double seconds);
  /// This actor lives on that host from now on, and dies with it.
  void move_to(HostId host);
  /// Work on a host, sharing it with the others. False: the host failed under it.
  [[nodiscard]] bool execute(HostId host, double seconds);
  /// A flow of bytes over the route. Returns when the last byte is there.
  void transfer(HostId from, HostId to, double bytes);
  void turn_off(HostId host);
  void turn_on(HostId host);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Counts permits; those who wait are served first come, first served.
class Gate {
 public:
  explicit Gate(unsigned permits);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate();
  void acquire();
  /// False: no permit came in time.
  [[nodiscard]] bool acquire_for(double seconds);
  void release();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shopsim::models::flow
