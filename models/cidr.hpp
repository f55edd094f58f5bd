#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace shopsim::models {

/// An IPv4 address range such as 10.20.0.0/16.
struct Cidr {
  std::uint32_t first = 0;  ///< lowest address
  std::uint8_t prefix = 0;  ///< number of leading bits all its addresses share

  [[nodiscard]] std::uint32_t last() const;
  [[nodiscard]] bool contains(const Cidr& inner) const;
  [[nodiscard]] bool overlaps(const Cidr& other) const;
  /// AWS keeps 5 addresses of every subnet.
  [[nodiscard]] std::int64_t usable_addresses() const;
};

/// Empty: not four numbers of 0 to 255 and a prefix of 0 to 32, or bits set beyond the prefix.
[[nodiscard]] std::optional<Cidr> parse_cidr(std::string_view text);

}  // namespace shopsim::models
