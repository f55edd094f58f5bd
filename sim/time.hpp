#pragma once
/// Simulated time: signed 64-bit nanoseconds, so that equality is exact and a run is reproducible.
/// The range is +-292 years; arithmetic is plain integer arithmetic.
#include <compare>
#include <cstdint>

namespace shopsim::sim {

/// A length of simulated time. Unit: nanoseconds.
struct Duration {
  std::int64_t nanoseconds = 0;

  [[nodiscard]] constexpr double seconds() const {
    return static_cast<double>(nanoseconds) * 1e-9;
  }
  [[nodiscard]] constexpr double milliseconds() const {
    return static_cast<double>(nanoseconds) * 1e-6;
  }
  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) {
    return {a.nanoseconds + b.nanoseconds};
  }
  friend constexpr Duration operator-(Duration a, Duration b) {
    return {a.nanoseconds - b.nanoseconds};
  }
  friend constexpr Duration operator-(Duration a) { return {-a.nanoseconds}; }
  friend constexpr Duration operator*(Duration a, std::int64_t k) { return {a.nanoseconds * k}; }
  friend constexpr Duration operator*(std::int64_t k, Duration a) { return a * k; }
  friend constexpr std::int64_t operator/(Duration a, Duration b) {
    return a.nanoseconds / b.nanoseconds;
  }
  friend constexpr Duration operator/(Duration a, std::int64_t k) { return {a.nanoseconds / k}; }
  friend constexpr Duration operator%(Duration a, Duration b) {
    return {a.nanoseconds % b.nanoseconds};
  }
  constexpr Duration& operator+=(Duration other) {
    nanoseconds += other.nanoseconds;
    return *this;
  }
  constexpr Duration& operator-=(Duration other) {
    nanoseconds -= other.nanoseconds;
    return *this;
  }
};

/// A point of simulated time. Unit: nanoseconds since the start of the scenario.
struct Time {
  std::int64_t nanoseconds = 0;

  [[nodiscard]] constexpr double seconds() const {
    return static_cast<double>(nanoseconds) * 1e-9;
  }
  friend constexpr auto operator<=>(Time, Time) = default;
  friend constexpr Time operator+(Time t, Duration d) { return {t.nanoseconds + d.nanoseconds}; }
  friend constexpr Time operator-(Time t, Duration d) { return {t.nanoseconds - d.nanoseconds}; }
  friend constexpr Duration operator-(Time a, Time b) { return {a.nanoseconds - b.nanoseconds}; }
  constexpr Time& operator+=(Duration d) {
    nanoseconds += d.nanoseconds;
    return *this;
  }
};

/// Later than everything that can happen: the key of a source that has nothing to offer.
inline constexpr Time kNever{INT64_MAX};

/// The duration nearest to a number of seconds (rounded half away from zero).
constexpr Duration seconds_to_duration(double seconds) {
  const double nanoseconds = seconds * 1e9;
  return {static_cast<std::int64_t>(nanoseconds < 0 ? nanoseconds - 0.5 : nanoseconds + 0.5)};
}

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Duration operator""_us(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 1'000};
}
constexpr Duration operator""_ms(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 1'000'000};
}
constexpr Duration operator""_s(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 1'000'000'000};
}
constexpr Duration operator""_min(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 60'000'000'000};
}
constexpr Duration operator""_h(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 3'600'000'000'000};
}
constexpr Duration operator""_day(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 86'400'000'000'000};
}
}  // namespace literals

}  // namespace shopsim::sim
