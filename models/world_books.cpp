// Question: do the books balance? What came in must have gone out or still be inside, and the
// counters the models keep (workers, connections, queues, jobs) must equal what a walk over all
// attempts finds. Always on: one walk at the end of every run.
#include "models/world.hpp"
#include "sim/check.hpp"

namespace shopsim::models {

namespace {

struct Found {
  std::uint64_t accept_queue = 0;
  std::uint64_t working = 0;       ///< holds a worker
  std::uint64_t computing = 0;
  std::uint64_t pool_queue = 0;
  std::uint64_t connections = 0;
};

void count(const Attempt& attempt, Found& found) {
  switch (attempt.stage) {
    case Stage::unused:
    case Stage::travelling: return;
    case Stage::accept_queue: ++found.accept_queue; return;
    case Stage::computing:
      ++found.computing;
      ++found.working;
      return;
    case Stage::reading_cache: ++found.working; return;
    case Stage::pool_queue:
      ++found.pool_queue;
      ++found.working;
      return;
    case Stage::querying:
    case Stage::stuck_statement:
      ++found.connections;
      ++found.working;
      return;
    case Stage::finishing:
      if (attempt.reads + attempt.writes > 0) ++found.connections;
      ++found.working;
      return;
  }
}

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::check_books() const {
  const std::string replay = "seed " + std::to_string(summary_.seed) + ", replication " +
                             std::to_string(summary_.replication) + ", simulated time " +
                             sim::to_text(now_ - sim::Time{}) +
                             "; the same files with this seed replay it";
  const Conservation books = summary().conservation;
  SHOPSIM_CHECK(books.requests == books.succeeded + books.failed + books.open_at_end, "requests ",
                books.requests, " = ", books.succeeded, " answered + ", books.failed,
                " failed + ", books.open_at_end, " open; ", replay);
  SHOPSIM_CHECK(books.attempts == books.attempts_answered + books.attempts_at_end, "attempts ",
                books.attempts, " = ", books.attempts_answered, " over + ",
                books.attempts_at_end, " under way; ", replay);
  SHOPSIM_CHECK(books.sessions == books.sessions_finished + books.sessions_at_end, "sessions ",
                books.sessions, " = ", books.sessions_finished, " over + ",
                books.sessions_at_end, " inside; ", replay);
  SHOPSIM_CHECK(books.population_integral == books.sojourn_sum,
                "Little's law: the integral of the population is ", books.population_integral,
                ", the times in the stations sum to ", books.sojourn_sum, "; ", replay);
  std::array<Found, kServerSlots> found{};
  std::uint64_t querying = 0;
  for (std::uint32_t id = 0; id < attempts_.capacity(); ++id) {
    const Attempt& attempt = attempts_[id];
    if (attempt.stage == Stage::querying) ++querying;  // the lost ones too: work is not cancelled
    if (!attempt.lost && attempt.server != kNoServer) count(attempt, found[attempt.server]);
  }
  SHOPSIM_CHECK(database_cpu_.jobs() == querying, "the database works on ", database_cpu_.jobs(),
                " jobs, ", querying, " attempts query it; ", replay);
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    check_server(servers_[slot], found[slot].accept_queue, found[slot].working, replay);
    SHOPSIM_CHECK(servers_[slot].cpu.jobs() == found[slot].computing, "server ", slot, " has ",
                  servers_[slot].cpu.jobs(), " jobs, ", found[slot].computing,
                  " attempts compute; ", replay);
    SHOPSIM_CHECK(servers_[slot].pool_queue.size == found[slot].pool_queue &&
                      servers_[slot].connections_used == found[slot].connections,
                  "pool of server ", slot, ": ", servers_[slot].connections_used, " used and ",
                  servers_[slot].pool_queue.size, " waiting, found ", found[slot].connections,
                  " and ", found[slot].pool_queue, "; ", replay);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::check_server(const WebServer& server, std::uint64_t accept_queue,
                                        std::uint64_t working, const std::string& replay) const {
  std::uint64_t outstanding = 0;
  for (const std::uint32_t of_node : server.outstanding) outstanding += of_node;
  SHOPSIM_CHECK(server.busy_workers == working && server.accept_queue.size == accept_queue,
                "instance ", server.instance, ": ", server.busy_workers, " workers busy and ",
                server.accept_queue.size, " waiting, found ", working, " and ", accept_queue,
                "; ", replay);
  SHOPSIM_CHECK(outstanding == working + accept_queue, "instance ", server.instance, ": ",
                outstanding, " outstanding, found ", working + accept_queue, "; ", replay);
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
