#pragma once
/// Scenario file: requests that are no customers. Scrapers, credential stuffing, a flood at the
/// application layer: each asks for one page again and again from many addresses and buys nothing.
#include <string>

#include "models/platform_network.hpp"

namespace shopsim::models {

struct BotConfig {
  std::string name;
  std::string page = "search_results";
  sim::Rate requests{100};           ///< a second, over all its addresses
  std::int64_t addresses = 1'000;
  sim::ClockTime start;
  sim::Duration duration = 30_min;
  /// Share of its requests that the managed rules recognise (reputation of the address, signature).
  sim::Fraction recognised{0};
  void describe(FieldVisitor& v);
};

/// Customers who reach the shop from an address they share with others: mobile networks, offices.
struct SharedAddressConfig {
  sim::Fraction share{0};
  std::int64_t addresses = 100;
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
