#pragma once
/// 128-bit integers (a GNU extension of both compilers we build with) and what we use them for.
#include <cstdint>

namespace shopsim::sim {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

/// The upper 64 bits of a 64 x 64 bit product: maps 64 uniform bits onto 0..b-1.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((static_cast<Uint128>(a) * b) >> 64);
}

}  // namespace shopsim::sim
