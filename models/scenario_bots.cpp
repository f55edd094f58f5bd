/// The fields of bots and of shared addresses, and what a single bound cannot see.
#include "models/scenario_bots.hpp"

#include <algorithm>

#include "models/check.hpp"
#include "models/page_graph.hpp"

namespace shopsim::models {

using sim::field;

void BotConfig::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls it", .required = true}, name);
  field(v, {.key = "page", .meaning = "page it asks for again and again",
            .influences = "what the shop works on for it"}, page);
  field(v, {.key = "requests", .meaning = "requests a second over all its addresses",
            .least = 0.001, .most = 1e5, .influences = "load of every component"}, requests);
  field(v, {.key = "addresses", .meaning = "addresses it comes from", .least = 1,
            .most = 200'000, .influences = "whether a rate rule sees it"}, addresses);
  field(v, {.key = "start", .meaning = "clock time of its first request", .required = true},
        start);
  field(v, {.key = "duration", .meaning = "time until it stops", .least = 1, .most = 2'592'000},
        duration);
  field(v, {.key = "recognised",
            .meaning = "share of its requests that the managed rules of WAF recognise",
            .least = 0, .most = 1, .influences = "blocked requests"}, recognised);
}

void SharedAddressConfig::describe(FieldVisitor& v) {
  field(v, {.key = "share", .meaning = "share of the customers behind a shared address",
            .least = 0, .most = 1, .influences = "customers that a rate rule blocks"}, share);
  field(v, {.key = "addresses", .meaning = "shared addresses they come from", .least = 1,
            .most = 100'000}, addresses);
}

void check_bots(const Scenario& scenario, const Platform& platform, const CheckSink& sink) {
  std::vector<std::string> names;
  const PageGraph graph = build_page_graph(scenario.clients);
  std::vector<std::string_view> pages;
  for (const PageConfig& page : graph.pages) pages.push_back(page.name);
  for (std::size_t i = 0; i < scenario.bots.size(); ++i) {
    const BotConfig& bot = scenario.bots[i];
    names.push_back(bot.name);
    if (std::find(pages.begin(), pages.end(), bot.page) == pages.end()) {
      sink.error("unknown-page", item_path("bots", i, "page"),
                 "there is no page '" + bot.page + "'", suggest(bot.page, pages));
    }
    const sim::Duration begin = bot.start.since_midnight - scenario.start.since_midnight;
    if (begin < sim::Duration{} || begin >= scenario.duration) {
      sink.error("bot-outside", item_path("bots", i, "start"),
                 "'" + bot.name + "' does not begin in this run, which goes from " +
                     sim::to_text(scenario.start) + " for " + sim::to_text(scenario.duration));
    }
    if (bot.recognised.value > 0 &&
        (!platform.waf.enabled || platform.waf.managed_rule_groups.empty())) {
      sink.error("bot-recognised", item_path("bots", i, "recognised"),
                 "nothing recognises '" + bot.name + "': the platform has no managed rules",
                 "write recognised: 0 %, or add waf.managed_rule_groups");
    }
  }
  check_unique(names, "bots", "name", sink);
}

}  // namespace shopsim::models
