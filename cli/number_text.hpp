#pragma once
/// Numbers as people read them at a terminal.
#include <string>

namespace shopsim::cli {

/// One value with a printf format for a double.
std::string printed(const char* format, double value);

/// Three significant digits with the unit that fits: `84.2 ms`, `1.32 s`, `4.1 min`; signed.
std::string time_text(double seconds);

/// Per cent with as many digits as a value near 0 or 100 % needs.
std::string share_text(double share);

/// `12,345.60 USD`.
std::string dollars(double amount);

/// `1.9 M`, `834 k`, `12`.
std::string short_number(double number);

}  // namespace shopsim::cli
