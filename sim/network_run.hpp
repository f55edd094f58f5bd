#pragma once
/// The event loop of a network run. Internal to network.cpp, which chooses the template arguments:
/// the layout, and the number of places in the source tree.
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

/// How many places of a source tree a plan would use: calendar, sources, rings, slots.
struct Places {
  std::size_t sources = 0;
  std::size_t rings = 0;
  std::size_t slots = 0;
  [[nodiscard]] std::size_t total() const { return 1 + sources + rings + slots; }
};

enum EventKind : std::uint8_t { kCompletion, kSharing, kArrival, kTimer };

template <NetworkCalendar layout, std::size_t N>
class NetworkRun {
  static constexpr bool kAllInHeap = layout == NetworkCalendar::everything_in_a_heap;
  using Calendar = std::conditional_t<kAllInHeap, HeapCalendar, WheelCalendar>;

 public:
  NetworkRun(const NetworkPlan& plan, const NetworkOptions& options)
      : options_(options), end_(Time{} + options.horizon) {
    for (std::uint32_t i = 0; i < plan.stations.size(); ++i) {
      stations_.emplace_back(plan.stations[i], i, options);
    }
    for (std::uint32_t i = 0; i < plan.sources.size(); ++i) {
      sources_.emplace_back(plan.sources[i], i, options);
    }
    if constexpr (!kAllInHeap) assign_places(plan);
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
  // Places of the tree, in order: calendar, arrival streams, rings, slots of stations.
  void assign_places(const NetworkPlan& plan) {
    first_ring_ = 1 + sources_.size();
    for (Source& source : sources_) {
      if (!source.timeout) continue;
      source.ring = 0;
      while (source.ring < rings_.size() && rings_[source.ring].delay() != *source.timeout) {
        ++source.ring;
      }
      if (source.ring == rings_.size()) rings_.emplace_back(*source.timeout);
    }
    first_slot_ = first_ring_ + rings_.size();
    std::size_t place = first_slot_;
    for (std::size_t i = 0; i < stations_.size() && place < N; ++i) {
      const NetworkStation& station = plan.stations[i];
      const bool single = station.discipline == Discipline::fcfs && station.servers == 1;
      if (single || station.discipline == Discipline::processor_sharing) {
        stations_[i].slot = place++;
        slot_station_.push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  void run_sources() {
    for (;;) {
      now_ = tree_.first_time();
      if (now_ > end_) break;
      if (now_ == kNever) break;
      ++events_;
      const std::size_t place = tree_.first();
      if (place == 0) {
        const Event event = calendar_.pop();
        note_calendar();
        on_calendar(event);
      } else if (place < first_ring_) {
        arrive(static_cast<std::uint32_t>(place - 1));
      } else if (place < first_slot_) {
        fire_ring(place);
      } else {
        complete_slot(slot_station_[place - first_slot_]);
      }
    }
    finish(calendar_.empty() && tree_.first_time() == kNever);
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
      tree_.set(0, calendar_.empty() ? kNever : calendar_.top().time);
    }
  }

  // --- customers come and go ---

  void schedule_arrival(std::uint32_t number) {
    Time next = kNever;
    if (announced_ < options_.arrivals) {
      ++announced_;
      next = now_ + sources_[number].interarrival.draw();
    }
    if constexpr (kAllInHeap) {
      if (next != kNever) schedule(next, kArrival, number);
    } else {
      tree_.set(1 + number, next);
    }
  }

  void arrive(std::uint32_t number) {
    Source& source = sources_[number];
    schedule_arrival(number);
    count_customers();
    ++arrivals_;
    const std::uint32_t id = customers_.acquire();
    Customer& customer = customers_[id];
    customer = {.arrived = now_, .since = now_, .source = static_cast<std::uint16_t>(number)};
    if (source.timeout) arm_timer(source, customer, id);
    send(source.first.choose([this](std::uint32_t s) { return outstanding(s); }), id);
  }

  [[nodiscard]] std::size_t outstanding(std::uint32_t station) const {
    return station == kLeave ? 0 : stations_[station].jobs();
  }

  void leave(std::uint32_t id) {
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
  void forget(std::uint32_t id) {
    if constexpr (kAllInHeap) customers_[id].timer = kNothingPending;
    customers_.release(id);
  }

  // Call before the number in the network changes.
  void count_customers() {
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
      if (was_empty) tree_.set(first_ring_ + source.ring, ring.next_deadline());
    }
  }

  // Fires the first timer if its customer is still here; those of customers who have left are
  // dropped in passing, so that hardly any of them costs an event.
  void fire_ring(std::size_t place) {
    TimerRing& ring = rings_[place - first_ring_];
    const auto alive = [this](const TimerRing::Entry& entry) {
      return customers_.alive(entry.entity, entry.generation);
    };
    if (alive(ring.front())) time_out(ring.front().entity);
    ring.pop();
    ring.drop_cancelled(alive);
    tree_.set(place, ring.next_deadline());
  }

  void time_out(std::uint32_t id) {
    customers_[id].timed_out = true;
    ++timed_out_;
  }

  // --- stations ---

  void send(std::uint32_t target, std::uint32_t id) {
    if (target == kLeave) {
      leave(id);
      return;
    }
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

  void start(Station& station, std::uint32_t id) {
    Customer& customer = customers_[id];
    ++station.started;
    station.waits += static_cast<std::uint64_t>((now_ - customer.since).nanoseconds);
    customer.since = now_;
    customer.in_service = true;
    const Time completion = now_ + station.service.draw();
    if constexpr (!kAllInHeap) {
      if (station.slot != kNoSlot) {
        station.in_slot = id;
        tree_.set(station.slot, completion);
        return;
      }
    }
    schedule(completion, kCompletion, id);
  }

  void complete_slot(std::uint32_t number) {
    Station& station = stations_[number];
    if (station.discipline == Discipline::processor_sharing) {
      complete_sharing(number);
      return;
    }
    tree_.set(station.slot, kNever);
    complete_customer(number, station.in_slot);
  }

  void complete_customer(std::uint32_t number, std::uint32_t id) {
    Station& station = stations_[number];
    note_service(station, id);
    if (const auto waiting = station.fcfs.depart(now_)) start(station, *waiting);
    send(station.next.choose([this](std::uint32_t s) { return outstanding(s); }), id);
  }

  void complete_sharing(std::uint32_t number) {
    Station& station = stations_[number];
    const std::uint32_t id = station.sharing.complete(now_);
    note_service(station, id);
    schedule_sharing(station, number);
    send(station.next.choose([this](std::uint32_t s) { return outstanding(s); }), id);
  }

  void note_service(Station& station, std::uint32_t id) {
    ++station.completed;
    station.services += static_cast<std::uint64_t>((now_ - customers_[id].since).nanoseconds);
  }

  void schedule_sharing(Station& station, std::uint32_t number) {
    const Time next = station.sharing.next_completion();
    if constexpr (!kAllInHeap) {
      if (station.slot != kNoSlot) {
        tree_.set(station.slot, next);
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
    for (const Station& station : stations_) result.stations.push_back(collect(station));
    add_ages(result);
    return result;
  }

  StationResult collect(const Station& station) const {
    StationResult result;
    result.arrivals = station.arrivals;
    result.refused = station.refused;
    result.started = station.started;
    result.completed = station.completed;
    result.present = station.jobs();
    const bool sharing = station.discipline == Discipline::processor_sharing;
    result.waiting_integral = sharing ? 0 : station.fcfs.waiting_nanoseconds(now_);
    result.serving_integral = sharing ? station.sharing.job_nanoseconds(now_)
                                      : station.fcfs.busy_nanoseconds(now_);
    result.waits_and_ages = station.waits;
    result.services_and_ages = station.services;
    const auto ratio = [](std::uint64_t sum, std::uint64_t count) {
      return count > 0 ? static_cast<double>(sum) * 1e-9 / static_cast<double>(count) : 0;
    };
    result.mean_wait_seconds = ratio(station.waits, station.started);
    result.mean_service_seconds = ratio(station.services, station.completed);
    const double span = now_.seconds();
    if (span <= 0) return result;
    const auto jobs = static_cast<double>(result.waiting_integral + result.serving_integral);
    result.mean_jobs = jobs * 1e-9 / span;
    const double busy = sharing ? station.sharing.busy_seconds(now_)
                                : static_cast<double>(result.serving_integral) * 1e-9;
    const bool infinite = station.discipline == Discipline::infinite_servers;
    result.utilisation = busy / span / (infinite ? 1 : station.sharing.servers());
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
  std::vector<std::uint32_t> slot_station_;  // by slot, from first_slot_
  std::size_t first_ring_ = 0;
  std::size_t first_slot_ = 0;
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
