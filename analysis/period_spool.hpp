#pragma once
/// Keeps the periods of one replication in little memory: records are packed into a buffer which
/// spills into an unlinked temporary file, so that memory does not depend on the run's length.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/result.hpp"

namespace shopsim::analysis {

struct SpoolOptions {
  std::size_t memory_bytes = std::size_t{4} << 20;  ///< kept in memory before it spills
  std::string directory;  ///< where it spills to; empty: the system's temporary folder
};

/// Takes periods in time order; read them back, any number of times, with PeriodReader.
/// Throws std::system_error when the disk is full or the folder cannot be written.
class PeriodSpool final : public models::PeriodSink {
 public:
  explicit PeriodSpool(SpoolOptions options = {});
  ~PeriodSpool() override;

  void close_period(const models::PeriodRecord& record) override;

  [[nodiscard]] std::size_t records() const { return records_; }
  /// Size of everything packed so far, in bytes; `spilled_bytes` of them are on disk.
  [[nodiscard]] std::uint64_t bytes() const { return spilled_ + buffer_.size(); }
  [[nodiscard]] std::uint64_t spilled_bytes() const { return spilled_; }

  /// Appends everything packed so far: what `restore` of an empty spool takes. Such a spool can be
  /// read, but takes no more periods.
  void copy_to(std::string& bytes) const;
  void restore(std::span<const std::uint8_t> bytes, std::size_t records);

 private:
  friend class PeriodReader;
  void spill();
  void read(std::uint64_t offset, std::span<std::uint8_t> target) const;

  SpoolOptions options_;
  std::vector<std::uint8_t> buffer_;
  std::vector<std::uint8_t> packed_;  ///< of the record in work, reused
  std::uint64_t spilled_ = 0;
  std::size_t records_ = 0;
  int file_ = -1;
  std::vector<double> last_metrics_[2];  ///< [fine]: metrics are packed against the last record
};

/// Reads a spool from the beginning. The spool must outlive the reader and not grow meanwhile.
class PeriodReader {
 public:
  explicit PeriodReader(const PeriodSpool& spool) : spool_(spool) {}
  /// Fills `record` with the next period; false at the end. Throws std::system_error when the
  /// temporary file cannot be read.
  bool next(models::PeriodRecord& record);

 private:
  void refill(std::size_t wanted);

  const PeriodSpool& spool_;
  std::uint64_t position_ = 0;        ///< of the spool, behind what lies in `chunk_`
  std::vector<std::uint8_t> chunk_;
  std::size_t used_ = 0;              ///< of `chunk_`
  std::vector<double> last_metrics_[2];
};

}  // namespace shopsim::analysis
