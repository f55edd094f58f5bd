#include "analysis/html_report.hpp"

#include <algorithm>
#include <map>

#include "analysis/document_differences.hpp"
#include "analysis/report_data.hpp"
#include "analysis/report_differences.hpp"
#include "analysis/report_labels.hpp"
#include "analysis/report_texts.hpp"
#include "sim/check.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {
namespace {

/// The page with every `@name@` replaced, in one pass: what is put in is not looked at again.
std::string filled(std::string_view page, const std::map<std::string_view, std::string>& parts) {
  std::string result;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t begin = page.find('@', at);
    const std::size_t end = begin == page.npos ? page.npos : page.find('@', begin + 1);
    if (end == page.npos) {
      result += page.substr(at);
      break;
    }
    const auto part = parts.find(page.substr(begin + 1, end - begin - 1));
    if (part == parts.end()) {  // an ordinary @
      result += page.substr(at, begin + 1 - at);
      at = begin + 1;
    } else {
      result += page.substr(at, begin - at);
      result += part->second;
      at = end + 1;
    }
  }
  return result;
}

std::string replaced(std::string_view text, std::span<const std::pair<char, const char*>> table) {
  std::string result;
  for (const char c : text) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [c](const auto& entry) { return entry.first == c; });
    if (found == table.end()) {
      result += c;
    } else {
      result += found->second;
    }
  }
  return result;
}

/// Of a latency's histogram: the widest bucket relative to its lower end.
double widest_bucket() {
  double widest = 0;
  for (std::size_t bin = 1; bin + 1 < sim::Histogram::bins(); ++bin) {
    const auto low = static_cast<double>(sim::Histogram::bin_lower(bin).nanoseconds);
    const auto high = static_cast<double>(sim::Histogram::bin_upper(bin).nanoseconds);
    widest = std::max(widest, high / low - 1);
  }
  return widest;
}

std::string warning_of(std::span<const ResultsReader> results,
                       std::span<const std::string> labels) {
  std::string text;
  for (std::size_t i = 1; i < results.size(); ++i) {
    const auto keys = scenario_differences(results[0], results[i]);
    if (keys.empty()) continue;
    text += text.empty() ? "These are not runs of the same scenario: " : "; ";
    text += labels[i] + " differs from " + labels[0] + " in ";
    for (std::size_t k = 0; k < std::min<std::size_t>(keys.size(), 5); ++k) {
      text += (k > 0 ? ", " : "") + keys[k];
    }
    if (keys.size() > 5) text += " and more";
  }
  return text.empty() ? text : text + ". A difference between them need not be the platform's.";
}

}  // namespace

std::string escaped(std::string_view text) {
  constexpr std::pair<char, const char*> table[] = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  return replaced(text, table);
}

std::string escaped_json(std::string_view json) {
  // Inside of JSON these stand in strings only, where the escape means the same character.
  constexpr std::pair<char, const char*> table[] = {
      {'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"}};
  return replaced(json, table);
}

std::string html_report(std::span<const ResultsReader> results) {
  SHOPSIM_CHECK(!results.empty() && results.size() <= kMostReports, results.size(), " results");
  std::vector<std::string> paths;
  for (const auto& one : results) paths.push_back(one.path());
  const std::vector<std::string> labels = labels_of(paths);
  std::string runs;
  const std::string explained = promise_to_explain(results[0]);
  for (std::size_t i = 0; i < results.size(); ++i) {
    runs += (i > 0 ? "," : "") + report_data(results[i], labels[i], explained);
  }
  const std::string data =
      "{\"runs\":[" + runs + "],\"differences\":" +
      report::differences(results, labels)
          .dump(-1, ' ', false, report::Json::error_handler_t::replace) +
      ",\"bucket_share\":" + report::number(widest_bucket()).dump() + "}";
  const std::string title =
      results.size() == 1 ? results[0].text("scenario_name")
                          : "comparison of " + std::to_string(results.size()) + " runs";
  return filled(report_page_html(),
                {{"title", escaped(title)},
                 {"warning", escaped(warning_of(results, labels))},
                 {"data", escaped_json(data)},
                 {"licence", escaped(dygraphs_licence())},
                 {"library_css", std::string(dygraphs_css())},
                 {"css", std::string(report_page_css())},
                 {"library", std::string(dygraphs_js())},
                 {"synchronizer", std::string(dygraphs_synchronizer_js())},
                 {"tables", std::string(report_tables_js())},
                 {"differences", std::string(report_differences_js())},
                 {"script", std::string(report_page_js())}});
}

}  // namespace shopsim::analysis
