#pragma once
/// The parts of the report's page, built into the program by cmake/embed_texts.cmake.
#include <string_view>

namespace shopsim::analysis {

std::string_view report_page_html();
std::string_view report_page_css();
std::string_view report_page_js();
std::string_view report_tables_js();
std::string_view report_differences_js();
std::string_view dygraphs_licence();
std::string_view dygraphs_css();
std::string_view dygraphs_js();
std::string_view dygraphs_synchronizer_js();

}  // namespace shopsim::analysis
