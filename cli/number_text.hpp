#pragma once
/// Numbers as people read them at a terminal.
#include <string>

namespace shopsim::cli {

/// One value with a printf format for a double.
std::string printed(const char* format, double value);

/// Three significant digits with the unit that fits: `84.2 ms`, `1.32 s`, `4.1 min`; signed.
std::string time_text(double seconds);

/// `2.83 s to 2.90 s`: where both ends have one unit, the zeros that three digits end in stay.
std::string time_range_text(double low, double high);

/// Per cent with as many digits as a value near 0 or 100 % needs.
std::string share_text(double share);

/// `12,345.60`, of US dollars.
std::string amount_text(double amount);

/// `12,345.60 USD`.
std::string dollars(double amount);

/// `1 alarm`, `0 alarms`; `several` only where it is not `one` with an s.
std::string counted(double number, const std::string& one, const std::string& several = {});

/// `1.9 M`, `834 k`, `12`.
std::string short_number(double number);

}  // namespace shopsim::cli
