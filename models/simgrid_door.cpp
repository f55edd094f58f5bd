#include "models/simgrid_door.hpp"

#include <iterator>

#include <simgrid/s4u.hpp>

namespace shopsim::models::flow {

namespace s4u = simgrid::s4u;

struct Engine::State {
  explicit State(int* count, char** words) : engine(count, words) {}
  s4u::Engine engine;
  s4u::NetZone* zone = nullptr;
  std::vector<s4u::Host*> hosts;
  std::vector<s4u::Link*> links;
};

namespace {

/// One second of work on a core of speed 1.
constexpr double kFlopsPerSecond = 1e9;

}  // namespace

Engine::Engine() {
  static char name[] = "shopsim";
  // Plain max-min sharing: no factors for protocol overhead, no TCP window.
  static char model[] = "--cfg=network/model:CM02";
  static char window[] = "--cfg=network/TCP-gamma:0";
  static char crosstraffic[] = "--cfg=network/crosstraffic:0";
  static char guards[] = "--cfg=contexts/guard-size:0";
  static char quiet[] = "--log=root.threshold:error";
#ifdef SHOPSIM_SANITIZED
  // A sanitizer does not see SimGrid change stacks, but it knows threads; its frames are larger.
  static char threads[] = "--cfg=contexts/factory:thread";
  static char larger[] = "--cfg=contexts/stack-size:512";
  static char* words[] = {name,  model,   window, crosstraffic, guards,
                          quiet, threads, larger, nullptr};
#else
  static char stacks[] = "--cfg=contexts/stack-size:64";
  static char* words[] = {name, model, window, crosstraffic, guards, quiet, stacks, nullptr};
#endif
  int count = static_cast<int>(std::size(words)) - 1;
  state_ = std::make_unique<State>(&count, words);
  state_->zone = s4u::create_full_zone("shop");
}

Engine::~Engine() = default;

HostId Engine::add_host(const std::string& name, unsigned cores, double speed) {
  s4u::Host* host = state_->zone->create_host(name, kFlopsPerSecond * speed);
  host->set_core_count(static_cast<int>(cores))->seal();
  state_->hosts.push_back(host);
  return {state_->hosts.size() - 1};
}

LinkId Engine::add_link(const std::string& name, double bytes_per_second) {
  s4u::Link* link = state_->zone->create_link(name, bytes_per_second);
  link->set_latency(0)->seal();
  state_->links.push_back(link);
  return {state_->links.size() - 1};
}

void Engine::add_route(HostId a, HostId b, const std::vector<LinkId>& links) {
  std::vector<s4u::LinkInRoute> route;
  for (const LinkId link : links) route.emplace_back(state_->links[link.index]);
  state_->zone->add_route(state_->hosts[a.index]->get_netpoint(),
                          state_->hosts[b.index]->get_netpoint(), nullptr, nullptr, route, true);
}

void Engine::spawn(HostId host, std::function<void()> body) {
  s4u::Actor::create("actor", state_->hosts[host.index], std::move(body));
}

void Engine::spawn_daemon(HostId host, std::function<void()> body) {
  s4u::Actor::create("daemon", state_->hosts[host.index], std::move(body))->daemonize();
}

void Engine::run(double end) {
  state_->zone->seal();
  state_->engine.run_until(end);
}

double Engine::now() { return s4u::Engine::get_clock(); }

void Engine::sleep(double seconds) {
  if (seconds > 0) s4u::this_actor::sleep_for(seconds);
}

void Engine::move_to(HostId host) { s4u::this_actor::set_host(state_->hosts[host.index]); }

bool Engine::execute(HostId host, double seconds) {
  if (seconds <= 0) return state_->hosts[host.index]->is_on();
  if (!state_->hosts[host.index]->is_on()) return false;
  try {
    s4u::ExecPtr work = s4u::this_actor::exec_init(seconds * kFlopsPerSecond);
    work->set_host(state_->hosts[host.index]);
    work->wait();
    return true;
  } catch (const simgrid::HostFailureException&) {
    return false;
  }
}

void Engine::transfer(HostId from, HostId to, double bytes) {
  if (bytes < 1) return;
  try {
    s4u::Comm::sendto(state_->hosts[from.index], state_->hosts[to.index],
                      static_cast<std::uint64_t>(bytes));
  } catch (const simgrid::Exception&) {
    // The sender died under way: who waits for the answer finds out by its own timeout.
  }
}

void Engine::turn_off(HostId host) { state_->hosts[host.index]->turn_off(); }
void Engine::turn_on(HostId host) { state_->hosts[host.index]->turn_on(); }

struct Gate::State {
  s4u::SemaphorePtr semaphore;
};

Gate::Gate(unsigned permits)
    : state_(std::make_unique<State>(State{s4u::Semaphore::create(permits)})) {}
Gate::~Gate() = default;
void Gate::acquire() { state_->semaphore->acquire(); }
bool Gate::acquire_for(double seconds) { return !state_->semaphore->acquire_timeout(seconds); }
void Gate::release() { state_->semaphore->release(); }

}  // namespace shopsim::models::flow
