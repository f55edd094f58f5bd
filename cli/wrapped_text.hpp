#pragma once
/// Sentences that are longer than a line.
#include <cstddef>
#include <string>
#include <string_view>

namespace shopsim::cli {

/// The words of `text` in lines of at most `columns`. The first line begins in column `indent`
/// already; the others are indented to it.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns = 80);

}  // namespace shopsim::cli
