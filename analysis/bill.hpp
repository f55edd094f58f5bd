#pragma once
/// What does the platform cost? A bill per service from the hours, requests and bytes that were
/// simulated, and the fixed parts that the platform file names.
///
/// "Per month" means 730 hours like those of the run: a sale's day times 30.4, not a year's mix.
/// Leaves out: taxes, support plans, free tiers of new accounts, Savings Plans and reserved
/// instances. A price we do not know stays unknown: it is listed and never counted as 0.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/statistics.hpp"
#include "models/catalogue.hpp"
#include "models/platform.hpp"
#include "models/result.hpp"

namespace shopsim::analysis {

inline constexpr double kHoursPerMonth = 730;

/// One line of the bill.
struct BillItem {
  std::string service;    ///< "EC2", "RDS", "CloudFront", ...
  std::string item;       ///< what of it: "m7g.large instance hours"
  std::string component;  ///< section of the platform file: "web", "database", ...
  std::string unit;       ///< of the quantities and the price: "hour", "GB-month", "1000 requests"
  double run_quantity = 0;
  double month_quantity = 0;
  /// Of one unit, averaged over the price's steps at the month's quantity; empty: unknown.
  std::optional<sim::Money> unit_price;
  std::optional<sim::Money> run;    ///< empty: the price is not known
  std::optional<sim::Money> month;
  bool is_fixed = false;  ///< the same whatever the traffic is
  std::string as_of;      ///< date of the price
  std::string source;     ///< of the price, id of docs/sources.md
  std::string note;       ///< what the price leaves out, if anything
};

/// Known amounts only; `unknown` names the items without a price.
struct Bill {
  std::vector<BillItem> items;
  sim::Money run;
  sim::Money month;
  std::vector<std::string> unknown;
};

/// The bill of one replication. The items and their order depend on the platform only, so that the
/// bills of two replications can be compared line by line.
Bill make_bill(const models::Platform& platform, const models::Catalogue& catalogue,
               const models::Usage& usage);

/// Mean and 95 % interval over replications, in US dollars.
struct BillSummary {
  struct Line {
    BillItem item;  ///< texts and price of the first replication, mean quantities
    Interval run;   ///< no samples when the price is unknown
    Interval month;
  };
  std::vector<Line> lines;
  Interval run;
  Interval month;
  std::vector<std::string> unknown;
};

/// `bills` are of the same platform; at least one.
BillSummary summarize_bills(std::span<const Bill> bills);

}  // namespace shopsim::analysis
