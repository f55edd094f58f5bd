// A transaction keeps a row that pages lock.
#include <algorithm>
#include <string>
#include <vector>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void RowLocked::describe(sim::FieldVisitor& v) {
  field(v, {.key = "lock", .meaning = "name of the row, as pages give it (clients.pages[].lock)",
            .required = true}, lock);
  field(v, {.key = "duration", .meaning = "time until that transaction ends", .least = 0.001,
            .most = 2'592'000, .influences = "waits for the lock, database connections"},
        duration);
}

void RowLocked::check(const FaultSite& site) const {
  if (site.scenario == nullptr) return;
  std::vector<std::string_view> names;
  for (const PageConfig& page : site.scenario->clients.pages) {
    if (!page.lock.empty()) names.push_back(page.lock);
  }
  if (std::find(names.begin(), names.end(), lock) != names.end()) return;
  site.sink.error("unknown-lock", site.path + ".lock", "no page locks a row '" + lock + "'",
                  names.empty() ? "give a page of clients.pages the key `lock`"
                                : suggest(lock, names));
}

void RowLocked::apply(FaultLevers& shop) const {
  shop.note("a transaction keeps the row `" + lock + "`", "begins");
  shop.block_lock(lock, duration);
}

}  // namespace shopsim::models
