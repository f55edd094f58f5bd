#include "cli/sensitivity.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/verbs.hpp"
#include "cli/wrapped_text.hpp"

namespace shopsim::cli {

using analysis::Doubt;
using analysis::End;

namespace {
constexpr std::size_t kColumns = 100;
}

analysis::Sensitivity run_sensitivity(const models::LoadedScenario& loaded,
                                      const TrialOptions& options) {
  const std::vector<Doubt> doubts = analysis::doubts_about(loaded);
  Trials trials(2 * doubts.size() + 1, options);
  const auto trial = [&](const Doubt* doubt,
                         End end) -> std::optional<std::vector<analysis::PromiseResult>> {
    models::LoadedScenario moved = loaded;
    if (doubt != nullptr) doubt->move(moved, end);
    const auto done = trials.run(moved);
    if (!done) return std::nullopt;
    return analysis::judge(moved.scenario, done->set.replications, done->judged,
                           analysis::verdict_rule(moved, done->set));
  };
  return analysis::try_doubts(doubts, trial);
}

namespace {

/// Promises that went the same way share a line: "missed -> met: checkout p99, browse p95".
std::string flips_text(const std::vector<analysis::Flip>& flips, std::size_t indent) {
  std::vector<std::pair<std::string, std::string>> ways;
  for (const analysis::Flip& flip : flips) {
    std::string way(to_text(flip.before));
    way += " -> ";
    way += to_text(flip.after);
    const auto same = std::find_if(ways.begin(), ways.end(),
                                   [&way](const auto& one) { return one.first == way; });
    if (same == ways.end()) {
      ways.emplace_back(way, flip.promise);
    } else {
      same->second += ", " + flip.promise;
    }
  }
  std::string text;
  for (const auto& [way, promises] : ways) {
    std::string line = way;
    line += ": " + promises;
    text += std::string(indent, ' ') + wrapped(line, indent, kColumns) + "\n";
  }
  return text;
}

}  // namespace

std::string sensitivity_text(const analysis::Sensitivity& found) {
  std::string text = "\nWhat the verdicts hang on (each assumption alone, the same customers)\n";
  std::string quiet;  // "time between two pages (x 0.67, x 1.50), CPU of a page (x 0.67)"
  std::string_view last;
  for (const auto& tried : found.tried) {
    if (!tried.flips.empty()) {
      text += "  " + tried.words + ", " + tried.value + "\n" + flips_text(tried.flips, 4);
    } else if (tried.words == last) {
      quiet.insert(quiet.size() - 1, ", " + tried.value);
    } else {
      quiet += (quiet.empty() ? "" : ", ") + tried.words + " (" + tried.value + ")";
      last = tried.words;
    }
  }
  if (!quiet.empty()) {
    text += "  No verdict flips by\n    " + wrapped(quiet, 4, kColumns) + "\n";
  }
  if (found.first.empty()) return text;
  text += "  Measure first: " + found.first.front() + "\n";
  std::string then;
  for (std::size_t i = 1; i < found.first.size(); ++i) {
    then += (i == 1 ? "" : ", ") + found.first[i];
  }
  if (!then.empty()) text += "  Then: " + wrapped(then, 8, kColumns) + "\n";
  return text;
}

}  // namespace shopsim::cli
