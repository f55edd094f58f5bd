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
  std::uint64_t connecting = 0;    ///< the balancer waits for an answer of a dead server
  std::uint64_t computing = 0;
  std::uint64_t pool_queue = 0;
  std::uint64_t connections = 0;
};

void count(const Attempt& attempt, Found& found) {
  switch (attempt.stage) {
    case Stage::unused:
      return;
    case Stage::travelling:
      if (attempt.server != kNoServer) ++found.connecting;
      return;
    case Stage::accept_queue: ++found.accept_queue; return;
    case Stage::computing:
      ++found.computing;
      ++found.working;
      return;
    case Stage::paying:
    case Stage::awaiting_store:
    case Stage::awaiting_fill:
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

std::string sum_text(std::string_view what, std::uint64_t all, std::uint64_t out,
                     std::uint64_t inside) {
  return std::string(what) + ": " + std::to_string(all) + " came, " + std::to_string(out) +
         " are out, " + std::to_string(inside) + " are inside";
}

}  // namespace

std::string imbalance(const Conservation& books) {
  const std::uint64_t ended = books.succeeded + books.failed;
  if (books.requests != ended + books.open_at_end) {
    return sum_text("requests", books.requests, ended, books.open_at_end);
  }
  if (books.attempts != books.attempts_answered + books.attempts_at_end) {
    return sum_text("attempts", books.attempts, books.attempts_answered, books.attempts_at_end);
  }
  if (books.sessions != books.sessions_finished + books.sessions_at_end) {
    return sum_text("sessions", books.sessions, books.sessions_finished, books.sessions_at_end);
  }
  if (books.open_at_end > books.sessions_at_end) {
    return "more pages are open than customers are there";
  }
  if (books.population_integral != books.sojourn_sum) {
    return "Little's law: the population's integral is " +
           std::to_string(books.population_integral) + ", the times in the stations sum to " +
           std::to_string(books.sojourn_sum);
  }
  return {};
}

template <class Calendar>
void BasicWorld<Calendar>::check_books() const {
  const std::string replay = "seed " + std::to_string(summary_.seed) + ", replication " +
                             std::to_string(summary_.replication) + ", simulated time " +
                             sim::to_text(now_ - sim::Time{}) +
                             "; the same files with this seed replay it";
  const std::string wrong = imbalance(summary().conservation);
  SHOPSIM_CHECK(wrong.empty(), wrong, "; ", replay);
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
    std::uint64_t outstanding = 0;
    for (const std::uint32_t of_node : servers_[slot].outstanding) outstanding += of_node;
    const std::uint64_t inside =
        found[slot].working + found[slot].accept_queue + found[slot].connecting;
    SHOPSIM_CHECK(outstanding == inside, "server ", slot, ": ", outstanding,
                  " outstanding, found ", inside, "; ", replay);
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
  SHOPSIM_CHECK(server.busy_workers == working && server.accept_queue.size == accept_queue,
                "instance ", server.instance, ": ", server.busy_workers, " workers busy and ",
                server.accept_queue.size, " waiting, found ", working, " and ", accept_queue,
                "; ", replay);
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
