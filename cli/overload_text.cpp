#include "cli/overload_text.hpp"

#include <vector>

#include "cli/number_text.hpp"
#include "cli/text_table.hpp"
#include "cli/wrapped_text.hpp"

namespace shopsim::cli {
namespace {

std::string heading(const Screen& screen, const std::string& text) {
  return '\n' + inked(screen, Ink::strong, text) + '\n';
}

/// When who notices each bot, after its first request.
std::string warnings_text(const analysis::RunReport& report) {
  const auto cell = [&](const analysis::FirstSign& sign) -> std::string {
    if (sign.seen_in == 0) return "never";
    std::string text = time_text(sign.after.mean);
    if (sign.seen_in < report.replications) {
      text += " in " + std::to_string(sign.seen_in) + " of " + std::to_string(report.replications);
    }
    return text;
  };
  std::vector<std::vector<std::string>> rows = {
      {"noticed after", "rate rule", "alarm", "mail", "phone", "GuardDuty", "by"}};
  for (const auto& bot : report.bots) {
    const auto& signs = bot.warnings;
    rows.push_back({bot.name, cell(signs.block), cell(signs.alarm), cell(signs.email),
                    cell(signs.phone), signs.guard_duty,
                    signs.alarm.what.empty() ? "-" : signs.alarm.what});
  }
  return text_table(rows, {false, true, true, true, true, false, false}) + "  " +
         wrapped(report.guard_duty, 2) + '\n';
}

}  // namespace

std::string metastability_text(const analysis::RunReport& report, const Screen& screen) {
  if (!report.metastability) return {};
  const analysis::Metastability& found = *report.metastability;
  const analysis::Outlived& worst = found.worst;
  std::string text = heading(screen, "Metastable failure");
  text += "  The overload outlives `" + found.trigger + "` in " + std::to_string(found.found_in) +
          " of " + std::to_string(report.replications) + " replications, " +
          analysis::loop_in_words(worst) + ".\n";
  text += "  It goes on for " + time_text(found.lasted.mean) +
          " on average after the trigger is over (longest: " + time_text(worst.lasted.seconds()) +
          ", from " + analysis::clock_text(report.start_of_day, worst.from) + " on)";
  if (found.recovered_in == found.found_in) {
    text += ", then the shop recovers by itself.\n";
  } else {
    text += " and does not end within the run in " +
            std::to_string(found.found_in - found.recovered_in) + " of them.\n";
  }
  text += "  Meanwhile " + share_text(worst.success) + " of the pages end well, and " +
          printed("%.0f %%", 100 * worst.late_share) +
          " of the attempts are answered when nobody waits any more.\n";
  return text +
         "  Try: --remedies runs a short list of changes and names the cheapest that removes it.\n";
}

std::string bots_text(const analysis::RunReport& report, const Screen& screen) {
  if (report.bots.empty() && report.customers_blocked.mean == 0) return {};
  std::string text = heading(screen, "Bots and the firewall");
  if (!report.bots.empty()) {
    std::vector<std::vector<std::string>> rows = {
        {"bot", "sent", "rate rule", "recognised", "answered", "failed", "edge cost"}};
    for (const auto& bot : report.bots) {
      rows.push_back({bot.name, short_number(bot.sent.mean),
                      short_number(bot.blocked_by_rate.mean), short_number(bot.recognised.mean),
                      short_number(bot.answered.mean), short_number(bot.failed.mean),
                      dollars(bot.edge_dollars.mean)});
    }
    text += text_table(rows, {false, true, true, true, true, true, true});
    text += warnings_text(report);
  }
  return text + "  Customers turned away by the rate rule: " +
         printed("%.0f", report.customers_blocked.mean) + " attempts a replication\n";
}

std::string stores_text(const analysis::RunReport& report, const Screen& screen) {
  std::vector<std::vector<std::string>> rows = {{"caches and stores", "in a replication"}};
  bool any = false;
  for (const auto& of : report.stores) {
    if (of.count.mean == 0) continue;
    rows.push_back({std::string(of.words), short_number(of.count.mean)});
    any = any || of.name != "database_statements";
  }
  if (!any) return {};
  return heading(screen, "Guards and limits of caches and stores") +
         text_table(rows, {false, true});
}

}  // namespace shopsim::cli
