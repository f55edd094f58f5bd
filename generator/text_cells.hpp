#pragma once
/// A user's text inside tables and pages: nothing in it is markup, and no cell is a formula.
#include <string>
#include <string_view>

namespace shopsim::generator {

/// A cell of a CSV file, quoted where needed. What begins like a formula begins with an apostrophe.
std::string csv_cell(std::string_view text);
/// A cell of a table in Markdown.
std::string page_cell(std::string_view text);

}  // namespace shopsim::generator
