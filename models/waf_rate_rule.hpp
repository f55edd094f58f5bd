#pragma once
/// Which addresses does a rate-based rule of WAF block now? WAF counts requests per address
/// over a window of 60 to 600 s, estimates the rates every 10 s, and acts a little later: usually
/// within 30 s in all (S-WAF-RB, S-WAF-RBC). Blocked requests count on; an address is free again
/// when its rate has fallen below the limit.
///
/// Left out: counts that are not exact, because WAF counts at many places; pauses of up to a minute
/// after a change of the rule.
#include <cstdint>
#include <vector>

#include "sim/time.hpp"

namespace shopsim::models {

/// The time between two estimates (S-WAF-RB).
inline constexpr sim::Duration kRateEstimateEvery{10'000'000'000};

class WafRateRule {
 public:
  WafRateRule() = default;
  /// More than `limit` requests of one address in `window`, a multiple of 10 s, are too many.
  WafRateRule(std::int64_t limit, sim::Duration window);

  /// Requests of an address, in the present 10 s. Addresses are small numbers; new ones may come.
  void count(std::uint32_t address, std::uint32_t requests = 1) {
    if (address >= totals_.size()) [[unlikely]] grow(address);
    slices_[slice_][address] += requests;
    totals_[address] += requests;
  }
  [[nodiscard]] bool blocks(std::uint32_t address) const {
    return address < blocked_.size() && blocked_[address] != 0;
  }
  /// Ends the present 10 s: finds who is over the limit. They are blocked by `apply`.
  void estimate();
  /// What the last estimate found takes effect.
  void apply();
  /// Another client has this address now.
  void forget(std::uint32_t address);
  /// Addresses that are blocked.
  [[nodiscard]] std::size_t blocked() const;

 private:
  void grow(std::uint32_t address);

  std::uint32_t limit_ = 0;
  std::size_t slice_ = 0;                            ///< the one that is filled now
  std::vector<std::vector<std::uint32_t>> slices_;   ///< [slice][address]
  std::vector<std::uint32_t> totals_;                ///< [address], over all slices
  std::vector<std::uint8_t> found_;                  ///< [address], by the last estimate
  std::vector<std::uint8_t> blocked_;                ///< [address]
};

}  // namespace shopsim::models
