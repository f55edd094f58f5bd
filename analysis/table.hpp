#pragma once
/// A small table of named columns: what compound datasets of a results file hold, and what
/// reports print.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace shopsim::analysis {

using ColumnValues = std::variant<std::vector<double>, std::vector<std::int64_t>,
                                  std::vector<std::uint64_t>, std::vector<std::string>>;

struct Column {
  std::string name;
  ColumnValues values;
};

/// All columns have the same length.
struct Table {
  std::vector<Column> columns;

  [[nodiscard]] std::size_t rows() const {
    if (columns.empty()) return 0;
    return std::visit([](const auto& values) { return values.size(); }, columns[0].values);
  }
  /// The values of a column if it exists and has this type, else null.
  template <class T>
  [[nodiscard]] const std::vector<T>* find(std::string_view name) const {
    for (const auto& column : columns) {
      if (column.name == name) return std::get_if<std::vector<T>>(&column.values);
    }
    return nullptr;
  }
};

struct NamedTable {
  std::string name;
  Table table;
};

}  // namespace shopsim::analysis
