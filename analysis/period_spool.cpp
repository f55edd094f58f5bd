#include "analysis/period_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <system_error>

#include "analysis/packer.hpp"

namespace shopsim::analysis {
namespace {

using models::ClassRecord;
using models::PeriodRecord;

constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr std::size_t kLengthBytes = 4;

/// How one metric is packed against the same metric of the last record of its series.
enum class MetricCode : std::uint8_t { same, missing, whole, raw };

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

void pack_class(Packer& out, const ClassRecord& record) {
  out.number(record.requests);
  out.number(record.succeeded);
  out.number(record.failed);
  out.number(record.attempts);
  for (const auto count : record.attempt_outcomes) out.number(count);
  out.number(record.late_replies);
  out.number(record.latency.bins.size());
  std::uint64_t previous = 0;
  for (std::size_t i = 0; i < record.latency.bins.size(); ++i) {
    out.number(record.latency.bins[i] - previous);
    out.number(record.latency.counts[i]);
    previous = record.latency.bins[i];
  }
  out.number(record.latency.sum_nanoseconds);
  for (const auto& tier : record.tiers) {
    out.number(tier.visits);
    out.number(tier.queue_nanoseconds);
    out.number(tier.service_nanoseconds);
  }
}

void unpack_class(Unpacker& in, ClassRecord& record) {
  record.requests = in.number();
  record.succeeded = in.number();
  record.failed = in.number();
  record.attempts = in.number();
  for (auto& count : record.attempt_outcomes) count = in.number();
  record.late_replies = in.number();
  const std::size_t bins = in.number();
  record.latency.bins.resize(bins);
  record.latency.counts.resize(bins);
  std::uint64_t previous = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    previous += in.number();
    record.latency.bins[i] = static_cast<std::uint16_t>(previous);
    record.latency.counts[i] = static_cast<std::uint32_t>(in.number());
  }
  record.latency.sum_nanoseconds = in.number();
  for (auto& tier : record.tiers) {
    tier.visits = in.number();
    tier.queue_nanoseconds = in.number();
    tier.service_nanoseconds = in.number();
  }
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool small_whole(double value) {
  return value >= 0 && value < 1e15 && value == std::floor(value) && !std::signbit(value);
}

void pack_metrics(Packer& out, const std::vector<double>& metrics, std::vector<double>& last) {
  out.number(metrics.size());
  const bool comparable = last.size() == metrics.size();
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const double value = metrics[i];
    if (comparable && same_bits(value, last[i])) {
      out.byte(static_cast<std::uint8_t>(MetricCode::same));
    } else if (std::isnan(value)) {
      out.byte(static_cast<std::uint8_t>(MetricCode::missing));
    } else if (small_whole(value)) {
      out.byte(static_cast<std::uint8_t>(MetricCode::whole));
      out.number(static_cast<std::uint64_t>(value));
    } else {
      out.byte(static_cast<std::uint8_t>(MetricCode::raw));
      out.raw(value);
    }
  }
  last = metrics;
}

void unpack_metrics(Unpacker& in, std::vector<double>& metrics, std::vector<double>& last) {
  metrics.resize(in.number());
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    switch (static_cast<MetricCode>(in.byte())) {
      case MetricCode::same: metrics[i] = last[i]; break;
      case MetricCode::missing: metrics[i] = std::numeric_limits<double>::quiet_NaN(); break;
      case MetricCode::whole: metrics[i] = static_cast<double>(in.number()); break;
      case MetricCode::raw: metrics[i] = in.raw(); break;
    }
  }
  last = metrics;
}

void pack(Packer& out, const PeriodRecord& record, std::vector<double>* last_metrics) {
  out.number(record.index);
  out.signed_number(record.start.nanoseconds);
  out.signed_number(record.length.nanoseconds);
  out.byte(record.fine ? 1 : 0);
  out.number(record.classes.size());
  for (const auto& one : record.classes) pack_class(out, one);
  pack_metrics(out, record.metrics, last_metrics[record.fine ? 1 : 0]);
  out.number(record.orders_placed);
  out.number(record.orders_lost);
  out.signed_number(record.order_value_placed.nano_dollars);
  out.signed_number(record.order_value_lost.nano_dollars);
  out.number(record.sessions_started);
  out.number(record.sessions_abandoned);
  out.number(record.arrivals);
}

void unpack(Unpacker& in, PeriodRecord& record, std::vector<double>* last_metrics) {
  record.index = static_cast<std::uint32_t>(in.number());
  record.start.nanoseconds = in.signed_number();
  record.length.nanoseconds = in.signed_number();
  record.fine = in.byte() != 0;
  record.classes.resize(in.number());
  for (auto& one : record.classes) unpack_class(in, one);
  unpack_metrics(in, record.metrics, last_metrics[record.fine ? 1 : 0]);
  record.orders_placed = in.number();
  record.orders_lost = in.number();
  record.order_value_placed.nano_dollars = in.signed_number();
  record.order_value_lost.nano_dollars = in.signed_number();
  record.sessions_started = in.number();
  record.sessions_abandoned = in.number();
  record.arrivals = in.number();
}

/// A file that has no name any more: it vanishes with the process, however that ends.
int open_unlinked_file(const std::string& directory) {
  const std::string folder =
      directory.empty() ? std::filesystem::temp_directory_path().string() : directory;
  std::string name = folder + "/shopsim_periods_XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) fail(("cannot create a temporary file in " + folder).c_str());
  unlink(name.c_str());
  return file;
}

}  // namespace

PeriodSpool::PeriodSpool(SpoolOptions options) : options_(std::move(options)) {}

PeriodSpool::~PeriodSpool() {
  if (file_ >= 0) close(file_);
}

void PeriodSpool::close_period(const PeriodRecord& record) {
  packed_.clear();
  Packer packer(packed_);
  pack(packer, record, last_metrics_);
  const auto length = static_cast<std::uint32_t>(packed_.size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    buffer_.push_back(static_cast<std::uint8_t>(length >> shift));
  }
  buffer_.insert(buffer_.end(), packed_.begin(), packed_.end());
  ++records_;
  if (buffer_.size() > options_.memory_bytes) spill();
}

void PeriodSpool::spill() {
  if (file_ < 0) file_ = open_unlinked_file(options_.directory);
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t n = pwrite(file_, buffer_.data() + done, buffer_.size() - done,
                             static_cast<off_t>(spilled_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write the simulated periods to the temporary folder");
    done += static_cast<std::size_t>(n);
  }
  spilled_ += buffer_.size();
  buffer_.clear();
}

void PeriodSpool::read(std::uint64_t offset, std::span<std::uint8_t> target) const {
  std::size_t done = 0;
  while (done < target.size() && offset + done < spilled_) {
    const std::size_t on_disk = static_cast<std::size_t>(spilled_ - offset - done);
    const std::size_t wanted = std::min(target.size() - done, on_disk);
    const ssize_t n = pread(file_, target.data() + done, wanted, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) fail("cannot read the simulated periods back from the temporary folder");
    done += static_cast<std::size_t>(n);
  }
  if (done == target.size()) return;
  std::memcpy(target.data() + done, buffer_.data() + (offset + done - spilled_),
              target.size() - done);
}

void PeriodSpool::copy_to(std::string& bytes) const {
  const std::size_t begin = bytes.size();
  bytes.resize(begin + static_cast<std::size_t>(this->bytes()));
  read(0, std::span(reinterpret_cast<std::uint8_t*>(bytes.data()) + begin, bytes.size() - begin));
}

void PeriodSpool::restore(std::span<const std::uint8_t> bytes, std::size_t records) {
  buffer_.assign(bytes.begin(), bytes.end());
  spilled_ = 0;
  records_ = records;
  if (buffer_.size() > options_.memory_bytes) spill();
}

void PeriodReader::refill(std::size_t wanted) {
  if (chunk_.size() - used_ >= wanted) return;
  chunk_.erase(chunk_.begin(), chunk_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  const std::size_t kept = chunk_.size();
  const std::uint64_t left = spool_.bytes() - position_;
  const std::uint64_t more = std::min<std::uint64_t>(left, std::max(kChunk, wanted) - kept);
  chunk_.resize(kept + static_cast<std::size_t>(more));
  spool_.read(position_, std::span(chunk_).subspan(kept));
  position_ += more;
}

bool PeriodReader::next(PeriodRecord& record) {
  refill(kLengthBytes);
  if (chunk_.size() - used_ < kLengthBytes) return false;
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= static_cast<std::size_t>(chunk_[used_ + i]) << (8 * i);
  }
  used_ += kLengthBytes;
  refill(length);
  Unpacker unpacker(std::span<const std::uint8_t>(chunk_).subspan(used_, length));
  unpack(unpacker, record, last_metrics_);
  used_ += length;
  return true;
}

}  // namespace shopsim::analysis
