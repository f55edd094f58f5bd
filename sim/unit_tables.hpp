#pragma once
/// What people write instead of our units, and the words errors use per kind of quantity.
#include "sim/unit_text.hpp"

namespace shopsim::sim {

inline constexpr Spelling kDurationSpellings[] = {
    {"msec", "ms"},    {"msecs", "ms"},   {"millis", "ms"},       {"milliseconds", "ms"},
    {"millisecond", "ms"}, {"sec", "s"},  {"secs", "s"},          {"second", "s"},
    {"seconds", "s"},  {"m", "min"},      {"mins", "min"},        {"minute", "min"},
    {"minutes", "min"}, {"hr", "h"},      {"hrs", "h"},           {"hour", "h"},
    {"hours", "h"},    {"d", "day"},      {"days", "day"},        {"usec", "us"},
    {"micros", "us"},  {"microseconds", "us"}, {"nanos", "ns"},   {"nanoseconds", "ns"},
    {"\u03bcs", "us"}};
inline constexpr Spelling kBytesSpellings[] = {
    {"bytes", "B"}, {"byte", "B"}, {"b", "B"},     {"k", "kB"},    {"m", "MB"},   {"g", "GB"},
    {"t", "TB"},    {"KB", "kB"},  {"Ki", "KiB"},  {"Mi", "MiB"},  {"Gi", "GiB"}, {"Ti", "TiB"},
    {"kilobytes", "kB"}, {"megabytes", "MB"}, {"gigabytes", "GB"}, {"terabytes", "TB"}};
inline constexpr Spelling kRateSpellings[] = {
    {"rps", "/s"},        {"req/s", "/s"},     {"requests/s", "/s"}, {"qps", "/s"},
    {"tps", "/s"},        {"hz", "/s"},        {"per second", "/s"}, {"/sec", "/s"},
    {"/second", "/s"},    {"per minute", "/min"}, {"/minute", "/min"}, {"/m", "/min"},
    {"rpm", "/min"},      {"req/min", "/min"}, {"per hour", "/h"},   {"/hour", "/h"},
    {"/hr", "/h"},        {"per day", "/day"}, {"/d", "/day"}};
inline constexpr Spelling kBitRateSpellings[] = {
    {"bit/s", "bps"},   {"kbit/s", "kbps"}, {"Mbit/s", "Mbps"}, {"Gbit/s", "Gbps"},
    {"mbit/s", "Mbps"}, {"gbit/s", "Gbps"}, {"kb/s", "kbps"},   {"Mb/s", "Mbps"},
    {"Gb/s", "Gbps"},   {"MBps", "MB/s"},   {"GBps", "GB/s"},   {"MiBps", "MiB/s"},
    {"kBps", "kB/s"},   {"KB/s", "kB/s"},   {"MB", "MB/s"},     {"MiB", "MiB/s"}};
inline constexpr Spelling kMoneySpellings[] = {
    {"$", "USD"}, {"dollar", "USD"}, {"dollars", "USD"}, {"us$", "USD"}, {"usd/h", "USD"}};
inline constexpr Spelling kFractionSpellings[] = {{"percent", "%"}, {"pct", "%"}};

inline constexpr QuantityWords kDurationWords{"a duration", "250 ms", "s", kDurationSpellings};
inline constexpr QuantityWords kBytesWords{"a size", "13 GiB", "B", kBytesSpellings};
inline constexpr QuantityWords kRateWords{"a rate", "400 /s", "/s", kRateSpellings};
inline constexpr QuantityWords kBitRateWords{"a data rate", "10 Gbps", "Mbps", kBitRateSpellings};
inline constexpr QuantityWords kMoneyWords{"an amount of money", "12.50 USD", "USD",
                                           kMoneySpellings};
inline constexpr QuantityWords kFractionWords{"a share", "70 %", "%", kFractionSpellings};
inline constexpr QuantityWords kCountWords{"a number", "3", "", {}};

}  // namespace shopsim::sim
