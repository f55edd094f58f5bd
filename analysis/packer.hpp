#pragma once
/// Numbers and texts as few bytes, and back: for what leaves memory and comes back into the same
/// program (the spool of periods, a run's journal). Equal values give equal bytes.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace shopsim::analysis {

/// Appends numbers to bytes: whole ones in seven bits a byte, low ones first.
class Packer {
 public:
  explicit Packer(std::vector<std::uint8_t>& out) : out_(out) {}
  void byte(std::uint8_t value) { out_.push_back(value); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void signed_number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    number((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void text(const std::string& value) {
    number(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }
  void raw(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8) {
      out_.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
  }

 private:
  std::vector<std::uint8_t>& out_;
};

/// Reads what Packer wrote. The bytes are our own: no bounds are checked.
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::uint8_t> in) : in_(in) {}
  std::uint8_t byte() { return in_[at_++]; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    unsigned shift = 0;
    while (true) {
      const std::uint8_t next = in_[at_++];
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
      shift += 7;
    }
  }
  std::int64_t signed_number() {
    const std::uint64_t bits = number();
    return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
  }
  std::string text() {
    const std::size_t size = number();
    std::string value(in_.begin() + static_cast<std::ptrdiff_t>(at_),
                      in_.begin() + static_cast<std::ptrdiff_t>(at_ + size));
    at_ += size;
    return value;
  }
  double raw() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bits |= static_cast<std::uint64_t>(in_[at_++]) << shift;
    }
    return std::bit_cast<double>(bits);
  }

 private:
  std::span<const std::uint8_t> in_;
  std::size_t at_ = 0;
};

}  // namespace shopsim::analysis
