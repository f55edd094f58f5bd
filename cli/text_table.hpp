#pragma once
/// Columns of text for a terminal.
#include <string>
#include <vector>

namespace shopsim::cli {

/// Rows of cells, the first row is the head. Columns are as wide as their widest cell (as
/// `shown_width` counts); `right` says which columns are numbers and stand to the right.
std::string text_table(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<bool>& right);

}  // namespace shopsim::cli
