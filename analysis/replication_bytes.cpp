#include "analysis/replication_bytes.hpp"

#include <array>
#include <optional>
#include <type_traits>

#include "analysis/packer.hpp"
#include "models/cloudwatch_metrics.hpp"

namespace shopsim::analysis {
namespace {

using models::RunSummary;

/// Usage holds nothing but numbers: new ones need no change here.
static_assert(std::is_trivially_copyable_v<models::Usage> &&
              sizeof(models::Usage) % sizeof(double) == 0);
using UsageNumbers = std::array<double, sizeof(models::Usage) / sizeof(double)>;

/// Packs its arguments in turn.
class Write {
 public:
  explicit Write(Packer& out) : out_(out) {}
  template <class... T>
  void operator()(const T&... values) {
    (one(values), ...);
  }

 private:
  void one(std::uint64_t value) { out_.number(value); }
  void one(std::uint32_t value) { out_.number(value); }
  void one(double value) { out_.raw(value); }
  void one(const std::string& value) { out_.text(value); }
  void one(sim::Time value) { out_.signed_number(value.nanoseconds); }
  void one(sim::Money value) { out_.signed_number(value.nano_dollars); }
  void one(const std::optional<sim::Time>& value) {
    out_.number(value ? 1 : 0);
    if (value) one(*value);
  }
  void one(const models::Usage& value) {
    for (const double number : std::bit_cast<UsageNumbers>(value)) out_.raw(number);
  }
  template <class T>
  void one(const std::vector<T>& values) {
    out_.number(values.size());
    for (const T& value : values) one(value);
  }
  template <class T>
  void one(const T& value) {
    members(*this, value);
  }
  Packer& out_;
};

/// Gives its arguments what Write packed.
class Read {
 public:
  explicit Read(Unpacker& in) : in_(in) {}
  template <class... T>
  void operator()(T&... values) {
    (one(values), ...);
  }

 private:
  void one(std::uint64_t& value) { value = in_.number(); }
  void one(std::uint32_t& value) { value = static_cast<std::uint32_t>(in_.number()); }
  void one(double& value) { value = in_.raw(); }
  void one(std::string& value) { value = in_.text(); }
  void one(sim::Time& value) { value.nanoseconds = in_.signed_number(); }
  void one(sim::Money& value) { value.nano_dollars = in_.signed_number(); }
  void one(std::optional<sim::Time>& value) {
    value.reset();
    if (in_.number() != 0) one(value.emplace());
  }
  void one(models::Usage& value) {
    UsageNumbers numbers{};
    for (double& number : numbers) number = in_.raw();
    value = std::bit_cast<models::Usage>(numbers);
  }
  template <class T>
  void one(std::vector<T>& values) {
    values.resize(in_.number());
    for (T& value : values) one(value);
  }
  template <class T>
  void one(T& value) {
    members(*this, value);
  }
  Unpacker& in_;
};

/// Every struct of a summary by all of its members: one that is added to a struct and not here
/// does not compile.
template <class T, class Record>
concept Of = std::is_same_v<std::remove_const_t<T>, Record>;

template <class Visit, Of<models::ScalingActivityRecord> T>
void members(Visit& visit, T& record) {
  auto& [time, group, description, cause, status] = record;
  visit(time, group, description, cause, status);
}
template <class Visit, Of<models::AlarmChangeRecord> T>
void members(Visit& visit, T& record) {
  auto& [time, alarm, from, to, reason] = record;
  visit(time, alarm, from, to, reason);
}
template <class Visit, Of<models::NotificationRecord> T>
void members(Visit& visit, T& record) {
  auto& [time, channel, subject] = record;
  visit(time, channel, subject);
}
template <class Visit, Of<models::FaultRecord> T>
void members(Visit& visit, T& record) {
  auto& [time, name, kind, detail, phase] = record;
  visit(time, name, kind, detail, phase);
}
template <class Visit, Of<models::SaturationRecord> T>
void members(Visit& visit, T& record) {
  auto& [time, resource, utilisation, queue_length] = record;
  visit(time, resource, utilisation, queue_length);
}
template <class Visit, Of<models::BotSummary> T>
void members(Visit& visit, T& record) {
  auto& [name, sent, blocked_by_rate, recognised, let_through, answered, failed, bytes,
         first_blocked] = record;
  visit(name, sent, blocked_by_rate, recognised, let_through, answered, failed, bytes,
        first_blocked);
}
template <class Visit, Of<models::StoreSummary> T>
void members(Visit& visit, T& stores) {
  auto& [statements, waits, timeouts, stale, refused, slow_downs, keys, secrets, ports] = stores;
  visit(statements, waits, timeouts, stale, refused, slow_downs, keys, secrets, ports);
}
template <class Visit, Of<models::Conservation> T>
void members(Visit& visit, T& books) {
  auto& [requests, succeeded, failed, open, attempts, answered, attempts_open, sessions, finished,
         sessions_open, integral, sojourn] = books;
  visit(requests, succeeded, failed, open, attempts, answered, attempts_open, sessions, finished,
        sessions_open, integral, sojourn);
}
template <class Visit, Of<RunSummary> T>
void members(Visit& visit, T& summary) {
  auto& [seed, replication, events, dynamic, images, image_misses, images_failed, images_stale,
         hits, misses, replica_reads, stale_reads, fingerprint, placed, lost, value_placed,
         value_lost, usage, stores, books, scaling, alarms, notifications, faults, saturation,
         bots] = summary;
  visit(seed, replication, events, dynamic, images, image_misses, images_failed, images_stale);
  visit(hits, misses, replica_reads, stale_reads, fingerprint);
  visit(placed, lost, value_placed, value_lost, usage, stores, books, scaling, alarms);
  visit(notifications, faults, saturation, bots);
}

}  // namespace

std::string summary_bytes(const RunSummary& summary) {
  std::vector<std::uint8_t> bytes;
  Packer packer(bytes);
  Write write(packer);
  write(summary);
  return {bytes.begin(), bytes.end()};
}

RunSummary bytes_summary(std::span<const std::uint8_t> bytes) {
  Unpacker unpacker(bytes);
  Read read(unpacker);
  RunSummary summary;
  read(summary);
  return summary;
}

std::string replication_layout() {
  std::string text;
  for (const std::size_t count : {models::kMetricCount, models::kOutcomes, models::kTiers,
                                  std::tuple_size_v<UsageNumbers>,
                                  sizeof(models::StoreSummary)}) {
    text += std::to_string(count) + " ";
  }
  return text;
}

}  // namespace shopsim::analysis
