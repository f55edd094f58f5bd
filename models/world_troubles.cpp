// Question: what does a lasting fault change while it lasts? Every one that is present worsens a
// part of Troubles; here the sum reaches the stations. What cannot be changed in a station is
// looked at where a request passes (packet loss, lookups of names, payments).
#include "models/packet_loss.hpp"
#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;

template <class Calendar>
void BasicWorld<Calendar>::begin_trouble(std::uint32_t index, Duration duration) {
  present_faults_.resize(plan_->faults.size());
  present_faults_[index] = true;
  feel_troubles();
  schedule(now_ + duration, EventKind::trouble_ends, index);
}

template <class Calendar>
void BasicWorld<Calendar>::on_trouble_ends(std::uint32_t index) {
  present_faults_[index] = false;
  feel_troubles();
  std::visit(
      [&](const auto& kind) {
        note_fault(plan_->faults[index].name, std::string(kind.kTag), "as always", "ends");
      },
      plan_->faults[index].kind);
}

template <class Calendar>
void BasicWorld<Calendar>::feel_troubles() {
  Troubles felt;
  for (std::size_t i = 0; i < present_faults_.size(); ++i) {
    if (!present_faults_[i]) continue;
    std::visit(
        [&felt](const auto& kind) {
          if constexpr (Lasting<std::decay_t<decltype(kind)>>) kind.worsen(felt);
        },
        plan_->faults[i].kind);
  }
  if (felt.database_slowdown != troubles_.database_slowdown) {
    database_cpu_.set_capacity(now_, plan_->database.vcpus, 1 / felt.database_slowdown);
    for (ReplicaState& replica : replicas_) {
      replica.cpu.set_capacity(now_, plan_->database.replica.vcpus, 1 / felt.database_slowdown);
    }
    arm_database();
  }
  if (felt.database_iops_share != troubles_.database_iops_share) {
    const double iops = plan_->database.iops * felt.database_iops_share;
    storage_.set_rate(now_, iops, iops);
  }
  if (felt.bucket_slowdown != troubles_.bucket_slowdown) {
    images_.set_origin_first_byte(
        slowed(plan_->platform.object_storage.first_byte, felt.bucket_slowdown));
  }
  images_.set_bucket_trouble({felt.bucket_failures, felt.bucket_status, felt.bucket_silent});
  troubles_ = felt;
}

/// What lost packets add to an attempt between the viewer and the edge: to its way there, and (by
/// `return_us`) to the answer's.
template <class Calendar>
Duration BasicWorld<Calendar>::resend_to_edge(Attempt& attempt, const Session& session) {
  sim::Stream own = draws_of(attempt.base)
                        .stream(static_cast<std::uint8_t>(Draw::packet_loss),
                                attempt.page_number, static_cast<std::uint16_t>(attempt.send << 8));
  const LossyWay way{.share = troubles_.viewer_packet_loss,
                     .round_trip_seconds = session.round_trip_us * 1e-6};
  double there = resend_seconds(way, 1, own);
  if (session.page_number == 0 && attempt.send == 0) {
    // The first packets of a connection know no round trip yet: the timer is 1 s (S-RFC6298).
    const LossyWay opening{way.share, way.round_trip_seconds, 1.0};
    there += resend_seconds(opening, 1, own) + resend_seconds(opening, 1, own);
  }
  const double back =
      resend_seconds(way, packets_of(plan_->pages[attempt.page].response_bytes), own);
  attempt.return_us += static_cast<std::uint32_t>(back * 1e6);
  return sim::seconds_to_duration(there);
}

/// The same between two zones: `messages` there and back, of which the answers have `bytes` each.
template <class Calendar>
double BasicWorld<Calendar>::resend_between_zones(const Attempt& attempt, std::uint32_t messages,
                                                  double bytes, std::uint8_t counter) {
  sim::Stream own =
      draws_of(attempt.base)
          .stream(static_cast<std::uint8_t>(Draw::packet_loss), attempt.page_number,
                  static_cast<std::uint16_t>((attempt.send << 8) | counter));
  const LossyWay way{
      .share = troubles_.zone_packet_loss,
      .round_trip_seconds = sim::mean_of(plan_->platform.network.round_trip_between_zones)};
  double seconds = 0;
  for (std::uint32_t i = 0; i < messages; ++i) {
    seconds += resend_seconds(way, 1, own) + resend_seconds(way, packets_of(bytes), own);
  }
  return seconds;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
