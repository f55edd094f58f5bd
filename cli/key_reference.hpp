#pragma once
/// The reference of all keys as a page of Markdown: docs/keys.md.
#include <string>

namespace shopsim::cli {

std::string key_reference();

}  // namespace shopsim::cli
