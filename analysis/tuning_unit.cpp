#include "analysis/tuning_unit.hpp"

#include "analysis/units.hpp"
#include "analysis/verdict.hpp"
#include "models/page_table.hpp"
#include "models/run.hpp"
#include "sim/check.hpp"

namespace shopsim::analysis {
namespace {

/// Judges periods as they close and stops the run when a promise is lost for certain.
class JudgingSink final : public models::PeriodSink {
 public:
  JudgingSink(PromiseJudge judge, double stop_factor, const std::atomic<bool>* stop)
      : judge_(std::move(judge)), stop_factor_(stop_factor), asked_(stop) {}

  void close_period(const models::PeriodRecord& record) override {
    judge_.add(record);
    if (asked_ != nullptr && *asked_) ended_ = true;
    if (record.fine || stop_factor_ == 0 || broken_) return;
    broken_ = judge_.broken_by(stop_factor_);
    if (broken_) ended_ = true;
  }
  [[nodiscard]] const std::atomic<bool>& ended() const { return ended_; }
  [[nodiscard]] bool is_broken() const { return broken_.has_value(); }
  [[nodiscard]] Judged finish() { return judge_.finish(); }

 private:
  PromiseJudge judge_;
  double stop_factor_;
  const std::atomic<bool>* asked_;
  std::atomic<bool> ended_{false};
  std::optional<std::size_t> broken_;
};

/// Failures and what they are a share of, of a promise about shares.
void count_shares(const models::SloConfig& promise, const models::Plan& plan,
                  const Judged& judged, const models::RunSummary& summary,
                  PromiseSample& sample) {
  if (promise.metric == models::SloMetric::orders_lost) {
    sample.bad = static_cast<double>(summary.orders_lost);
    sample.whole = static_cast<double>(summary.orders_placed + summary.orders_lost);
  } else if (promise.metric == models::SloMetric::success_ratio) {
    const std::string wanted = models::promised_class(promise);
    for (std::size_t c = 0; c < plan.class_names.size(); ++c) {
      const bool counts =
          wanted.empty() ? c < plan.image_class : plan.class_names[c] == wanted;
      if (!counts) continue;
      sample.bad += static_cast<double>(judged.classes[c].failed);
      sample.whole +=
          static_cast<double>(judged.classes[c].failed + judged.classes[c].succeeded);
    }
  }
}

}  // namespace

std::optional<UnitResult> run_unit(const UnitInput& input, const std::atomic<bool>* stop) {
  const models::Scenario& scenario = input.window.scenario;
  sim::Diagnostics none;  // both files have passed all checks
  const auto plan = models::compile(
      {input.platform, scenario, input.loaded.catalogue,
       input.loaded.trace ? &*input.loaded.trace : nullptr, &input.loaded.key_counts},
      none);
  SHOPSIM_CHECK(plan.has_value(), sim::to_text(none));
  FaultTimes faults;
  for (const models::FaultPlan& fault : plan->faults) {
    faults.emplace_back(fault.name, sim::Time{} + (fault.time - plan->recording_from));
  }
  JudgingSink sink(PromiseJudge(scenario, plan->class_names, faults), input.stop_factor, stop);
  Replication replication;
  replication.summary = models::run_plan(*plan, input.seed, input.replication, sink,
                                         {nullptr, nullptr, &sink.ended()});
  if (stop != nullptr && *stop) return std::nullopt;
  const models::RunSummary& summary = replication.summary;
  const Judged judged = sink.finish();
  const auto results = judge(scenario, std::span(&replication, 1), std::span(&judged, 1));
  UnitResult unit;
  unit.stopped = sink.is_broken();
  unit.promises.resize(input.promises);
  for (std::size_t i = 0; i < results.size(); ++i) {
    PromiseSample& sample = unit.promises[input.window.promises[i]];
    const PromiseValue& value = judged.promises[i];
    // Of a run that was cut short only what is broken is known.
    sample.is_known = !unit.stopped || value.first_breach.has_value();
    sample.value = value.value;
    if (value.first_breach) sample.first_breach = to_seconds(*value.first_breach);
    if (results[i].bottleneck) sample.bottleneck = results[i].bottleneck->resource;
    count_shares(scenario.slos[i], *plan, judged, summary, sample);
  }
  unit.usage = summary.usage;
  unit.pages = static_cast<double>(summary.dynamic_requests);
  unit.orders_placed = static_cast<double>(summary.orders_placed);
  unit.orders_lost = static_cast<double>(summary.orders_lost);
  unit.value_lost = to_dollars(summary.order_value_lost);
  const auto reads = static_cast<double>(summary.cache_hits + summary.cache_misses);
  unit.cache_miss_ratio = reads > 0 ? static_cast<double>(summary.cache_misses) / reads : 1;
  unit.servers_mean = judged.servers_mean;
  return unit;
}

}  // namespace shopsim::analysis
