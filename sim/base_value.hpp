#pragma once
/// Numbers of described structs in the base unit of their type (see Field): seconds, bytes, per
/// second, bits per second, dollars, 1.
#include <cmath>
#include <cstdint>

#include "sim/quantity.hpp"

namespace shopsim::sim {

inline double base_of(std::int64_t value) { return static_cast<double>(value); }
inline double base_of(double value) { return value; }
// Dividing rounds once, so that 100 ms is exactly the bound 0.1.
inline double base_of(Duration value) { return static_cast<double>(value.nanoseconds) / 1e9; }
inline double base_of(Bytes value) { return static_cast<double>(value.count); }
inline double base_of(Rate value) { return value.per_second; }
inline double base_of(BitRate value) { return value.bits_per_second; }
inline double base_of(Money value) { return static_cast<double>(value.nano_dollars) / 1e9; }
inline double base_of(Fraction value) { return value.value; }
inline double base_of(ClockTime value) { return base_of(value.since_midnight); }

/// The value of the type nearest to a number in its base unit.
inline void set_base(std::int64_t& value, double base) { value = std::llround(base); }
inline void set_base(double& value, double base) { value = base; }
inline void set_base(Duration& value, double base) { value = seconds_to_duration(base); }
inline void set_base(Bytes& value, double base) { value = {std::llround(base)}; }
inline void set_base(Rate& value, double base) { value = {base}; }
inline void set_base(BitRate& value, double base) { value = {base}; }
inline void set_base(Money& value, double base) { value = dollars_to_money(base); }
inline void set_base(Fraction& value, double base) { value = {base}; }
inline void set_base(ClockTime& value, double base) { value = {seconds_to_duration(base)}; }

}  // namespace shopsim::sim
