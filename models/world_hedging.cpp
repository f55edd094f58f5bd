// Question: what does asking twice do? A client that has no answer after `clients.hedge_after` asks
// for the page a second time (GET only) and takes the answer that comes first. The other one is
// work for nobody, as after a timeout. Against slow servers it helps; in an overload it is load.
#include "models/world.hpp"

namespace shopsim::models {

template <class Calendar>
void BasicWorld<Calendar>::on_hedge_due(std::uint32_t session_slot) {
  Session& session = sessions_[session_slot];
  // The record may be another customer's by now, or the customer may wait for something else.
  const bool still_waits = session.wait != 0 && session.attempt != kNobody &&
                           session.hedge == kNobody &&
                           session.wait_start + plan_->scenario.clients.hedge_after == now_;
  if (!still_waits) return;
  const std::uint32_t first = session.attempt;
  start_attempt(session, session_slot);
  session.hedge = first;
}

/// The customer no longer waits for this one; the other, if there is one, is still waited for.
template <class Calendar>
void BasicWorld<Calendar>::forget_attempt(Session& session, std::uint32_t attempt_slot) {
  if (session.attempt == attempt_slot) {
    session.attempt = session.hedge;
    session.hedge = kNobody;
  } else if (session.hedge == attempt_slot) {
    session.hedge = kNobody;
  }
}

/// The customer waits for nothing any more.
template <class Calendar>
void BasicWorld<Calendar>::forget_attempts(Session& session) {
  for (std::uint32_t* slot : {&session.attempt, &session.hedge}) {
    if (*slot != kNobody) attempts_[*slot].session = kNobody;
    *slot = kNobody;
  }
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
