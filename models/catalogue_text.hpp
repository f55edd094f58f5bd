#pragma once
#include <string_view>

namespace shopsim::models {

/// The built-in catalogue as JSON: the file catalogue/aws_us-east-1.json, built into the library.
[[nodiscard]] std::string_view built_in_catalogue_text();

}  // namespace shopsim::models
