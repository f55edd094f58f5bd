/// Promises: each is complete, and about something that exists.
#include <algorithm>
#include <string>

#include "models/check.hpp"
#include "models/page_table.hpp"

namespace shopsim::models {

namespace {

class SloCheck {
 public:
  SloCheck(const Scenario& scenario, const Platform& platform, std::size_t index,
           const CheckSink& sink)
      : scenario_(scenario), platform_(platform), slo_(scenario.slos[index]),
        path_(item_path("slos", index)), sink_(sink) {}

  void run() const {
    switch (slo_.metric) {
      case SloMetric::latency: latency(); break;
      case SloMetric::success_ratio:
      case SloMetric::orders_lost: share(); break;
      case SloMetric::recovery_time: recovery(); break;
    }
    check_class();
    check_viewers();
    check_window();
    if (slo_.metric != SloMetric::recovery_time && !slo_.fault.empty()) {
      no_use(".fault", "fault");
    }
  }

 private:
  void latency() const {
    if (!slo_.limit_time) missing("limit_time", "limit_time: 800 ms");
    if (slo_.limit_share) no_use(".limit_share", "limit_share");
    if (slo_.request_class.empty()) missing("request_class", "request_class: checkout");
    if (!(slo_.percentile > 0 && slo_.percentile < 100)) {
      sink_.error("slo-percentile", path_ + ".percentile",
                  "the percentile of '" + slo_.name + "' must lie between 0 and 100",
                  "write e.g. percentile: 99");
    }
  }

  void share() const {
    if (!slo_.limit_share) missing("limit_share", "limit_share: 99.9 %");
    if (slo_.limit_time) no_use(".limit_time", "limit_time");
  }

  void recovery() const {
    if (!slo_.limit_time) missing("limit_time", "limit_time: 5 min");
    if (slo_.limit_share) no_use(".limit_share", "limit_share");
    std::vector<std::string_view> names;
    for (const FaultConfig& fault : scenario_.faults) names.push_back(fault.name);
    if (slo_.fault.empty()) {
      missing("fault", "fault: <name of the fault>");
    } else if (std::find(names.begin(), names.end(), slo_.fault) == names.end()) {
      sink_.error("unknown-fault", path_ + ".fault", "there is no fault '" + slo_.fault + "'",
                  suggest(slo_.fault, names));
    }
  }

  void check_class() const {
    if (slo_.request_class.empty()) return;
    std::vector<std::string_view> classes(kRequestClasses.begin(), kRequestClasses.end());
    classes.push_back(kImageClass);
    if (std::find(classes.begin(), classes.end(), slo_.request_class) != classes.end()) return;
    sink_.error("unknown-class", path_ + ".request_class",
                "there is no request class '" + slo_.request_class + "'",
                suggest(slo_.request_class, classes));
  }

  void check_viewers() const {
    if (!slo_.viewers) return;
    const std::string region(to_text(*slo_.viewers));
    if (slo_.request_class != kImageClass) {
      sink_.error("slo-viewers", path_ + ".viewers",
                  "`viewers` is for images, not for '" + slo_.request_class + "'",
                  "write request_class: image, or remove `viewers`");
      return;
    }
    std::vector<std::string_view> told;
    for (const EdgeLocation& edge : platform_.cdn.edge_locations) {
      if (platform_.cdn.enabled && edge.edge_region) told.push_back(to_text(*edge.edge_region));
    }
    if (std::find(told.begin(), told.end(), region) != told.end()) return;
    sink_.error("slo-viewers", path_ + ".viewers",
                "no edge location of the platform has the edge_region " + region,
                told.empty() ? "write edge_region at every entry of cdn.edge_locations"
                             : suggest(region, told));
  }

  void check_window() const {
    if (!slo_.window) return;
    if (slo_.metric == SloMetric::recovery_time) {
      no_use(".window", "window");
    } else if (*slo_.window > scenario_.duration) {
      sink_.error("slo-window", path_ + ".window",
                  "the window of '" + slo_.name + "' is longer than the run of " +
                      sim::to_text(scenario_.duration),
                  "shorten it, or leave it out to judge the whole run");
    } else if (scenario_.recording.period.nanoseconds > 0 &&
               (*slo_.window % scenario_.recording.period).nanoseconds != 0) {
      sink_.error("slo-window", path_ + ".window",
                  "the window of '" + slo_.name + "' is not a multiple of recording.period, " +
                      sim::to_text(scenario_.recording.period));
    }
  }

  void missing(std::string_view field, const std::string& example) const {
    sink_.error("slo-incomplete", path_,
                "promise '" + slo_.name + "' (" + std::string(to_text(slo_.metric)) +
                    ") needs `" + std::string(field) + "`",
                "write e.g. " + example);
  }

  void no_use(const std::string& suffix, std::string_view field) const {
    sink_.error("slo-field", path_ + suffix,
                "`" + std::string(field) + "` has no meaning for " +
                    std::string(to_text(slo_.metric)),
                "remove it");
  }

  const Scenario& scenario_;
  const Platform& platform_;
  const SloConfig& slo_;
  std::string path_;
  const CheckSink& sink_;
};

}  // namespace

void check_slos(const Scenario& scenario, const Platform& platform, const CheckSink& sink) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario.slos.size(); ++i) {
    names.push_back(scenario.slos[i].name);
    SloCheck(scenario, platform, i, sink).run();
  }
  check_unique(names, "slos", "name", sink);
}

}  // namespace shopsim::models
