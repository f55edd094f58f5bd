#pragma once
/// How the enums of the platform and scenario files are spelled there.
#define SHOPSIM_ENUM_NAMES(Enum, ...)                                               \
  [[nodiscard]] inline std::span<const std::string_view> enum_names(Enum) {         \
    static constexpr std::string_view names[] = {__VA_ARGS__};                      \
    return names;                                                                   \
  }                                                                                 \
  [[nodiscard]] inline std::string_view to_text(Enum value) {                       \
    return enum_names(value)[static_cast<std::size_t>(value)];                      \
  }
#include <cstddef>
#include <span>
#include <string_view>
