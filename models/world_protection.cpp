// Question: what does a web server do when more is asked of it than it can do? It may refuse pages
// without priority while it has little room (load shedding), serve the newest first, drop work
// whose client has given up (deadlines), and stop asking a database that does not answer.
// A refused request costs no worker; its answer is the application's 503.
#include "models/world.hpp"

namespace shopsim::models {

/// Every worker this page may have is busy.
template <class Calendar>
void BasicWorld<Calendar>::enter_full_server(std::uint32_t attempt_slot, WebServer& server) {
  Attempt& attempt = attempts_[attempt_slot];
  if (!plan_->pages[attempt.page].may_queue) {
    ++minute_.target_5xx;
    turn_away(attempt_slot, server, Outcome::shed);
    return;
  }
  const bool newest_first =
      plan_->platform.web.protection.queue_order == QueueOrder::newest_first;
  AttemptQueue& queue = server.accept_queue;
  if (newest_first && queue.size > 0 && queue.size >= plan_->server.accept_queue) {
    refuse_for_want_of_room(pop_back(queue), server);
  }
  if (queue.size >= plan_->server.accept_queue) {
    refuse_for_want_of_room(attempt_slot, server);
    return;
  }
  attempt.stage = Stage::accept_queue;
  if (newest_first) {
    push_front(queue, attempt_slot);
  } else {
    push_back(queue, attempt_slot);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::refuse_for_want_of_room(std::uint32_t attempt_slot, WebServer& server) {
  ++minute_.elb_502;
  ++minute_.target_connection_errors;
  turn_away(attempt_slot, server, Outcome::accept_queue_full);
}

/// It holds no worker.
template <class Calendar>
void BasicWorld<Calendar>::turn_away(std::uint32_t attempt_slot, WebServer& server,
                                     Outcome outcome) {
  Attempt& attempt = attempts_[attempt_slot];
  --server.outstanding[attempt.zone];
  deliver_failure(attempt, outcome);
  release_attempt(attempt_slot);
}

/// A worker is free: the next that waits for one, without those whose clients have given up.
template <class Calendar>
void BasicWorld<Calendar>::take_from_queue(WebServer& server, std::uint32_t slot) {
  while (server.accept_queue.size > 0) {
    const std::uint32_t next = pop_front(server.accept_queue);
    if (!is_past_deadline(attempts_[next])) {
      start_work(next, server, slot);
      return;
    }
    ++minute_.target_5xx;
    turn_away(next, server, Outcome::deadline_passed);
  }
}

/// Requests carry the time at which the client gives up, less their way to the balancer.
template <class Calendar>
bool BasicWorld<Calendar>::is_past_deadline(const Attempt& attempt) const {
  return plan_->platform.web.protection.deadlines &&
         now_ - attempt.balancer_time >= plan_->scenario.clients.timeout;
}

/// After the CPU work of a page that pays, or where deadlines are looked at.
template <class Calendar>
void BasicWorld<Calendar>::pass_gates(std::uint32_t attempt_slot) {
  const Attempt& attempt = attempts_[attempt_slot];
  if (is_past_deadline(attempt)) {
    fail_at_server(attempt_slot, Outcome::deadline_passed);
  } else if (plan_->pages[attempt.page].pays) {
    call_payment(attempt_slot);
  } else {
    ask_stores(attempt_slot);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::push_front(AttemptQueue& queue, std::uint32_t slot) {
  attempts_[slot].next = queue.head;
  queue.head = slot;
  if (queue.tail == kNobody) queue.tail = slot;
  ++queue.size;
}

/// O(length): only a full queue that is served newest first is shortened so.
template <class Calendar>
std::uint32_t BasicWorld<Calendar>::pop_back(AttemptQueue& queue) {
  const std::uint32_t last = queue.tail;
  if (queue.head == last) {
    queue = {};
    return last;
  }
  std::uint32_t before = queue.head;
  while (attempts_[before].next != last) before = attempts_[before].next;
  attempts_[before].next = kNobody;
  queue.tail = before;
  --queue.size;
  return last;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
