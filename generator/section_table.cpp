#include "generator/section_table.hpp"

namespace shopsim::generator::checker {

SectionTable read_sections(std::string_view text) {
  SectionTable table;
  std::map<std::string_view, std::string_view>* section = nullptr;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != ' ') {
      section = &table[line];
      continue;
    }
    line.remove_prefix(2);
    const std::size_t space = line.find(' ');
    if (section == nullptr || space == std::string_view::npos) continue;
    (*section)[line.substr(0, space)] = line.substr(space + 1);
  }
  return table;
}

}  // namespace shopsim::generator::checker
