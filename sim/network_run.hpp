#pragma once
/// The event loop of a network run. Internal to network.cpp, which chooses the template arguments:
/// the layout, and the number of places in the source tree.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "sim/calendar.hpp"
#include "sim/check.hpp"
#include "sim/id_pool.hpp"
#include "sim/network_state.hpp"
#include "sim/source_tree.hpp"
#include "sim/timer_ring.hpp"

namespace shopsim::sim::network_detail {

enum EventKind : std::uint8_t { kCompletion, kSharing, kArrival, kTimer };

template <NetworkCalendar layout, std::size_t N>
class NetworkRun {
  static constexpr bool kAllInHeap = layout == NetworkCalendar::everything_in_a_heap;
  using Calendar = std::conditional_t<kAllInHeap, HeapCalendar, WheelCalendar>;

 public:
  /// `assignment` has at most N places; the layout with one heap needs none.
  NetworkRun(const NetworkPlan& plan, const NetworkOptions& options,
             const Assignment& assignment)
      : options_(options), end_(Time{} + options.horizon) {
    for (std::uint32_t i = 0; i < plan.stations.size(); ++i) {
      stations_.emplace_back(plan.stations[i], i, options);
    }
    for (std::uint32_t i = 0; i < plan.sources.size(); ++i) {
      sources_.emplace_back(plan.sources[i], i, options);
    }
    take_places(assignment);
    for (std::uint32_t i = 0; i < sources_.size(); ++i) schedule_arrival(i);
  }

  NetworkResult run() {
    if constexpr (kAllInHeap) {
      run_heap();
    } else {
      run_sources();
    }
    SHOPSIM_CHECK(sequence_ < kSequenceLimit, "the sequence of events has wrapped");
    return collect();
  }

 private:
  void take_places(const Assignment& assignment) {
    places_ = assignment.places;
    in_service_.resize(places_.size());
    for (const Duration delay : assignment.delays) rings_.emplace_back(delay);
    for (std::uint32_t place = 0; place < places_.size(); ++place) {
      const std::uint32_t number = places_[place].number;
      switch (places_[place].kind) {
        case PlaceKind::arrival: sources_[number].place = place; break;
        case PlaceKind::ring: ring_place_.push_back(place); break;
        case PlaceKind::sharing: stations_[number].first_place = place; break;
        case PlaceKind::calendar: calendar_place_ = place; break;
        case PlaceKind::server: {
          Station& station = stations_[number];
          if (station.free_servers == 0) station.first_place = place;
          station.free_servers = (station.free_servers << 1) | 1U;
          break;
        }
      }
    }
    for (Source& source : sources_) {
      if (!source.timeout) continue;
      const auto ring = std::find(assignment.delays.begin(), assignment.delays.end(),
                                  *source.timeout);
      source.ring = static_cast<std::size_t>(ring - assignment.delays.begin());
    }
  }

  void run_sources() {
    for (;;) {
      now_ = tree_.first_time();
      if (now_ > end_ || now_ == kNever) break;
      ++events_;
      const std::size_t place = tree_.first();
      const std::uint32_t number = places_[place].number;
      const PlaceKind kind = places_[place].kind;
      if (kind == PlaceKind::arrival) {
        arrive(number);
      } else if (kind == PlaceKind::server) {
        complete_at_place(number, place);
      } else {
        on_rarer_place(kind, number);
      }
    }
    finish(tree_.first_time() == kNever);
  }

  void on_rarer_place(PlaceKind kind, std::uint32_t number) {
    if (kind == PlaceKind::calendar) {
      const Event event = calendar_.pop();
      note_calendar();
      on_calendar(event);
    } else if (kind == PlaceKind::sharing) {
      complete_sharing(number);
    } else {
      fire_ring(number);
    }
  }

  void run_heap() {
    while (!calendar_.empty() && calendar_.top().time <= end_) {
      const Event event = calendar_.pop();
      now_ = event.time;
      ++events_;
      on_calendar(event);
    }
    finish(calendar_.empty());
  }

  // The clock stops at the last event when nothing is left, else at the horizon.
  void finish(bool nothing_left) {
    now_ = nothing_left ? last_change_ : end_;
  }

  void on_calendar(const Event& event) {
    const std::uint32_t id = entity(event);
    switch (kind(event)) {
      case kCompletion: complete_customer(customers_[id].station, id); break;
      case kSharing:
        if (stations_[id].pending == sequence(event)) complete_sharing(id);
        break;
      case kArrival: arrive(id); break;
      case kTimer:
        if (customers_[id].timer == sequence(event)) time_out(id);
        break;
    }
  }

  void schedule(Time time, EventKind what, std::uint32_t id) {
    calendar_.push(make_event(time, sequence_++, what, id));
    note_calendar();
  }
  void note_calendar() {
    if constexpr (!kAllInHeap) {
      tree_.set(calendar_place_, calendar_.empty() ? kNever : calendar_.top().time);
    }
  }

  // --- customers come and go ---

  [[gnu::always_inline]] void schedule_arrival(std::uint32_t number) {
    Time next = kNever;
    if (announced_ < options_.arrivals) {
      ++announced_;
      next = now_ + sources_[number].interarrival.draw();
    }
    if constexpr (kAllInHeap) {
      if (next != kNever) schedule(next, kArrival, number);
    } else {
      tree_.set(sources_[number].place, next);
    }
  }

  [[gnu::always_inline]] void arrive(std::uint32_t number) {
    Source& source = sources_[number];
    schedule_arrival(number);
    count_customers();
    ++arrivals_;
    const std::uint32_t id = customers_.acquire();
    Customer& customer = customers_[id];
    customer = {.arrived = now_, .since = now_, .source = static_cast<std::uint16_t>(number)};
    if (source.timeout) arm_timer(source, customer, id);
    const std::uint32_t target =
        source.first.choose([this](std::uint32_t s) { return outstanding(s); });
    if (target == kLeave) {
      leave(id);
    } else {
      join(target, id);
    }
  }

  [[nodiscard]] std::size_t outstanding(std::uint32_t station) const {
    return station == kLeave ? 0 : stations_[station].jobs();
  }

  [[gnu::always_inline]] void leave(std::uint32_t id) {
    count_customers();
    const Customer& customer = customers_[id];
    const Duration sojourn = now_ - customer.arrived;
    sojourns_ += static_cast<std::uint64_t>(sojourn.nanoseconds);
    histogram_.record(sojourn);
    late_ += customer.timed_out ? 1U : 0U;
    forget(id);
  }
  void lose(std::uint32_t id) {
    count_customers();
    sojourns_ += static_cast<std::uint64_t>((now_ - customers_[id].arrived).nanoseconds);
    ++lost_;
    forget(id);
  }
  [[gnu::always_inline]] void forget(std::uint32_t id) {
    if constexpr (kAllInHeap) customers_[id].timer = kNothingPending;
    customers_.release(id);
  }

  // Call before the number in the network changes.
  [[gnu::always_inline]] void count_customers() {
    number_integral_ += customers_.in_use() *
                        static_cast<std::uint64_t>((now_ - last_change_).nanoseconds);
    last_change_ = now_;
  }

  // --- timers ---

  void arm_timer(const Source& source, Customer& customer, std::uint32_t id) {
    if constexpr (kAllInHeap) {
      customer.timer = sequence_;
      schedule(now_ + *source.timeout, kTimer, id);
    } else {
      TimerRing& ring = rings_[source.ring];
      const bool was_empty = ring.empty();
      ring.arm(now_, id, customers_.generation(id));
      if (was_empty) tree_.set(ring_place_[source.ring], ring.next_deadline());
    }
  }

  // Fires the first timer if its customer is still here; those of customers who have left are
  // dropped in passing, so that hardly any of them costs an event.
  void fire_ring(std::uint32_t number) {
    TimerRing& ring = rings_[number];
    const auto alive = [this](const TimerRing::Entry& entry) {
      return customers_.alive(entry.entity, entry.generation);
    };
    if (alive(ring.front())) time_out(ring.front().entity);
    ring.pop();
    ring.drop_cancelled(alive);
    tree_.set(ring_place_[number], ring.next_deadline());
  }

  void time_out(std::uint32_t id) {
    customers_[id].timed_out = true;
    ++timed_out_;
  }

  // --- stations ---

  void join(std::uint32_t target, std::uint32_t id) {
    Station& station = stations_[target];
    ++station.arrivals;
    Customer& customer = customers_[id];
    customer.station = target;
    customer.since = now_;
    if (station.discipline == Discipline::processor_sharing) {
      ++station.started;
      customer.in_service = true;
      station.sharing.join(now_, id, station.service.draw_seconds());
      schedule_sharing(station, target);
      return;
    }
    switch (station.fcfs.arrive(now_, id)) {
      case Admission::started: start(station, id); break;
      case Admission::queued: customer.in_service = false; break;
      case Admission::refused:
        ++station.refused;
        lose(id);
        break;
    }
  }

  [[gnu::always_inline]] void start(Station& station, std::uint32_t id) {
    Customer& customer = customers_[id];
    ++station.started;
    station.waits += static_cast<std::uint64_t>((now_ - customer.since).nanoseconds);
    customer.since = now_;
    customer.in_service = true;
    const Time completion = now_ + station.service.draw();
    if constexpr (!kAllInHeap) {
      if (station.first_place != kNoPlace) {
        const auto server = static_cast<std::size_t>(std::countr_zero(station.free_servers));
        station.free_servers &= station.free_servers - 1;
        in_service_[station.first_place + server] = id;
        tree_.set(station.first_place + server, completion);
        return;
      }
    }
    schedule(completion, kCompletion, id);
  }

  [[gnu::always_inline]] void complete_at_place(std::uint32_t number, std::size_t place) {
    Station& station = stations_[number];
    const std::uint32_t id = in_service_[place];
    note_service(station, id);
    station.free_servers |= std::uint64_t{1} << (place - station.first_place);
    if (const auto waiting = station.fcfs.depart(now_)) {
      start(station, *waiting);
    } else {
      tree_.set(place, kNever);
    }
    route(station, id);
  }

  void complete_customer(std::uint32_t number, std::uint32_t id) {
    Station& station = stations_[number];
    note_service(station, id);
    if (const auto waiting = station.fcfs.depart(now_)) start(station, *waiting);
    route(station, id);
  }

  void complete_sharing(std::uint32_t number) {
    Station& station = stations_[number];
    const std::uint32_t id = station.sharing.complete(now_);
    note_service(station, id);
    schedule_sharing(station, number);
    route(station, id);
  }

  [[gnu::always_inline]] void route(Station& station, std::uint32_t id) {
    const std::uint32_t target =
        station.next.choose([this](std::uint32_t s) { return outstanding(s); });
    if (target == kLeave) {
      leave(id);
    } else {
      join(target, id);
    }
  }

  [[gnu::always_inline]] void note_service(Station& station, std::uint32_t id) {
    ++station.completed;
    station.services += static_cast<std::uint64_t>((now_ - customers_[id].since).nanoseconds);
  }

  void schedule_sharing(Station& station, std::uint32_t number) {
    const Time next = station.sharing.next_completion();
    if constexpr (!kAllInHeap) {
      if (station.first_place != kNoPlace) {
        tree_.set(station.first_place, next);
        return;
      }
    }
    station.pending = kNothingPending;
    if (next == kNever) return;
    station.pending = sequence_;
    schedule(next, kSharing, number);
  }

  // --- results ---

  NetworkResult collect() {
    count_customers();
    NetworkResult result;
    result.end = now_;
    result.arrivals = arrivals_;
    result.lost = lost_;
    result.in_flight = customers_.in_use();
    result.completed = histogram_.count();
    result.timed_out = timed_out_;
    result.late = late_;
    result.events = events_;
    result.sojourn = histogram_;
    result.number_integral = number_integral_;
    result.sojourns_and_ages = sojourns_;
    for (const Station& station : stations_) {
      result.stations.push_back(collect_station(station, now_));
    }
    add_ages(result);
    return result;
  }

  // Those still here: found by walking the customers, independently of all counters.
  void add_ages(NetworkResult& result) const {
    std::vector<bool> free(customers_.capacity(), false);
    for (const std::uint32_t id : customers_.free_ids()) free[id] = true;
    for (std::uint32_t id = 0; id < customers_.capacity(); ++id) {
      if (free[id]) continue;
      const Customer& customer = customers_[id];
      result.sojourns_and_ages += static_cast<std::uint64_t>((now_ - customer.arrived).nanoseconds);
      StationResult& station = result.stations[customer.station];
      const auto age = static_cast<std::uint64_t>((now_ - customer.since).nanoseconds);
      (customer.in_service ? station.services_and_ages : station.waits_and_ages) += age;
    }
  }

  NetworkOptions options_;
  Time end_;
  Time now_{};
  Calendar calendar_;
  SourceTree<N> tree_;
  std::vector<Station> stations_;
  std::vector<Source> sources_;
  std::vector<TimerRing> rings_;
  std::vector<PlaceUse> places_;             // by place of the tree
  std::vector<std::uint32_t> in_service_;    // by place: whose service a server completes
  std::vector<std::uint32_t> ring_place_;
  std::size_t calendar_place_ = 0;
  IdPool<Customer> customers_;
  std::uint64_t sequence_ = 0;
  std::uint64_t announced_ = 0;  // arrivals drawn, of all sources
  std::uint64_t arrivals_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t timed_out_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t events_ = 0;
  Time last_change_{};
  std::uint64_t number_integral_ = 0;
  std::uint64_t sojourns_ = 0;
  Histogram histogram_;
};

}  // namespace shopsim::sim::network_detail
