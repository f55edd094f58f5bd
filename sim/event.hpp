#pragma once
/// An event is a plain value of 16 bytes: no pointer, no captured state. Its kind and entity can be
/// read from the word alone, which lets the loop prefetch the record of the event to come.
#include <cstdint>

#include "sim/int128.hpp"
#include "sim/time.hpp"

namespace shopsim::sim {

/// Order is (time, sequence), compared as one 128-bit integer. Word: sequence (36 bits, top), kind
/// (5 bits), entity (23 bits).
struct Event {
  Time time;
  std::uint64_t word = 0;
  friend constexpr bool operator==(const Event&, const Event&) = default;
};

inline constexpr unsigned kEntityBits = 23;
inline constexpr unsigned kKindBits = 5;
inline constexpr unsigned kSequenceBits = 36;
inline constexpr std::uint32_t kEntityLimit = 1U << kEntityBits;              ///< entities below
inline constexpr std::uint8_t kKindLimit = 1U << kKindBits;                   ///< kinds below
inline constexpr std::uint64_t kSequenceLimit = std::uint64_t{1} << kSequenceBits;

/// sequence < 2^36 (6.9e10 events), kind < 32, entity < 2^23.
constexpr Event make_event(Time time, std::uint64_t sequence, std::uint8_t kind,
                           std::uint32_t entity) {
  return {time, (sequence << (kEntityBits + kKindBits)) |
                    (static_cast<std::uint64_t>(kind) << kEntityBits) | entity};
}

constexpr std::uint64_t sequence(const Event& event) {
  return event.word >> (kEntityBits + kKindBits);
}
constexpr std::uint8_t kind(const Event& event) {
  return static_cast<std::uint8_t>((event.word >> kEntityBits) & (kKindLimit - 1U));
}
constexpr std::uint32_t entity(const Event& event) {
  return static_cast<std::uint32_t>(event.word) & (kEntityLimit - 1U);
}

/// The order as one integer: compiles to a compare and a subtract with borrow, no branch.
constexpr Int128 order_key(const Event& event) {
  return (static_cast<Int128>(event.time.nanoseconds) << 64) | static_cast<Int128>(event.word);
}
constexpr bool earlier(const Event& a, const Event& b) { return order_key(a) < order_key(b); }

}  // namespace shopsim::sim
