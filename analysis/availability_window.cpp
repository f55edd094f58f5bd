#include "analysis/availability_window.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/promises.hpp"
#include "analysis/simulate.hpp"
#include "analysis/units.hpp"
#include "models/cloudwatch_metrics.hpp"
#include "models/page_table.hpp"
#include "models/world.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

using models::World;
using sim::Duration;
using sim::Time;
using namespace sim::literals;

/// Between the warmed-up world and the fault: at least one closed period.
constexpr Duration kSettle = 3_min;
/// Every window is at least so long: late answers, retries and scaling have shown themselves.
constexpr Duration kLeast = 30_min;
/// Windows grow by this.
constexpr Duration kStep = 5_min;
/// The shop is well again after so long without a difference.
constexpr Duration kCalm = 10_min;

/// A promise about pages that can be judged minute by minute. Not one about images: no failure here
/// touches CloudFront or S3, and a window's edges hold only what its warm-up has filled.
struct MinutePromise {
  std::vector<std::size_t> classes;
  bool is_latency = false;
  double limit = 0;
  double quantile = 0;
};

std::vector<MinutePromise> minute_promises(const models::Plan& plan) {
  std::vector<MinutePromise> promises;
  for (const models::SloConfig& slo : plan.scenario.slos) {
    const bool is_latency = slo.metric == models::SloMetric::latency;
    if (!is_latency && slo.metric != models::SloMetric::success_ratio) continue;
    const std::string wanted = models::promised_class(slo);
    MinutePromise promise{{}, is_latency, limit_of(slo), slo.percentile / 100};
    for (std::size_t c = 0; c < plan.image_class; ++c) {
      if (wanted.empty() || plan.class_names[c] == wanted) promise.classes.push_back(c);
    }
    if (!promise.classes.empty()) promises.push_back(std::move(promise));
  }
  return promises;
}

bool is_kept(const MinutePromise& promise, const models::PeriodRecord& record) {
  std::uint64_t good = 0;
  std::uint64_t all = 0;
  const std::size_t limit_bin =
      sim::Histogram::bin_of(sim::seconds_to_duration(promise.is_latency ? promise.limit : 0));
  for (const std::size_t c : promise.classes) {
    const models::ClassRecord& of = record.classes[c];
    if (!promise.is_latency) {
      good += of.succeeded;
      all += of.succeeded + of.failed;
      continue;
    }
    for (std::size_t i = 0; i < of.latency.bins.size(); ++i) {
      all += of.latency.counts[i];
      if (of.latency.bins[i] <= limit_bin) good += of.latency.counts[i];
    }
  }
  const double wanted = promise.is_latency ? promise.quantile : promise.limit;
  return static_cast<double>(good) >= wanted * static_cast<double>(all);
}

/// Adds up periods from the moment of the fault on.
class Books final : public models::PeriodSink {
 public:
  Books(const models::Plan& plan, const std::vector<MinutePromise>& promises)
      : plan_(plan), promises_(promises) {}

  void close_period(const models::PeriodRecord& record) override {
    if (record.fine) return;
    const auto in_service =
        static_cast<std::size_t>(models::MetricId::group_in_service_instances);
    if (record.start < Time{} + kSettle) {
      if (in_service < record.metrics.size() && !std::isnan(record.metrics[in_service])) {
        servers = record.metrics[in_service];
      }
      return;
    }
    Happened now;
    for (std::size_t c = 0; c < record.classes.size(); ++c) {
      if (c >= plan_.image_class) continue;
      now.lost_pages += static_cast<double>(record.classes[c].failed);
      now.pages += static_cast<double>(record.classes[c].succeeded + record.classes[c].failed);
    }
    now.orders_lost = static_cast<double>(record.orders_lost);
    now.value_lost = to_dollars(record.order_value_lost);
    std::uint64_t broken_now = 0;
    for (std::size_t i = 0; i < promises_.size(); ++i) {
      if (!is_kept(promises_[i], record)) broken_now |= std::uint64_t{1} << (i % 64);
    }
    if (broken_now != 0) now.broken_minutes = record.length.seconds() / 60;
    broken.push_back(broken_now);
    Happened sum = until.empty() ? Happened{} : until.back();
    sum += now;
    until.push_back(sum);
  }

  std::vector<Happened> until;  ///< [period]: from the moment to the end of that period
  std::vector<std::uint64_t> broken;  ///< [period]: a bit for each promise that did not hold
  double servers = 0;

 private:
  const models::Plan& plan_;
  const std::vector<MinutePromise>& promises_;
};

/// The scenario cut to the window, with one fault whose kind is put in later.
std::optional<models::Plan> window_plan(const WindowInput& input, Duration jitter,
                                        bool with_standby) {
  models::Scenario scenario = input.loaded->scenario;
  models::Platform platform = input.loaded->platform;
  const models::CatalogueConfig catalogue = scenario.catalogue;
  scenario.start.since_midnight += input.moment - kSettle;
  scenario.duration = kSettle + jitter + input.longest + kLeast + kCalm;
  scenario.catalogue.products = 1;  // the samplers are shared, below
  scenario.catalogue.images = 1;
  scenario.recording.fine_before = Duration{0};
  scenario.recording.fine_after = Duration{0};
  scenario.faults.clear();
  if (with_standby) {
    platform.database.multi_az = true;
    platform.database.failover.detection = input.database_restart;
  }
  sim::Diagnostics none;  // the whole scenario has passed
  auto plan =
      models::compile({platform, scenario, input.loaded->catalogue, nullptr, nullptr}, none);
  if (!plan) return plan;
  plan->scenario.catalogue = catalogue;
  plan->products = input.shared->products;
  plan->images = input.shared->images;
  plan->image_classes = input.shared->image_classes;
  models::InstanceCrash nothing;
  nothing.count = 0;
  plan->faults = {{"the fault", plan->recording_from + kSettle + jitter, nothing}};
  return plan;
}

/// Copies of one warmed-up world that go different ways.
class Branches {
 public:
  Branches(const Branches&) = delete;
  Branches& operator=(const Branches&) = delete;
  Branches(models::Plan plan, const WindowInput& input, Duration jitter)
      : plan_(std::move(plan)), promises_(minute_promises(plan_)), input_(input), jitter_(jitter),
        warm_(plan_, seed_of(plan_), input.replication), plain_(warm_),
        plain_books_(plan_, promises_) {
    control_.stop = input.stop;
    Books before(plan_, promises_);
    warm_.run_until(plan_.recording_from + kSettle, before, control_);
    plain_ = warm_;
    end_ = kLeast;
    plain_.run_until(time_of(end_), plain_books_, control_);
    servers_ = plain_books_.servers > 0 ? plain_books_.servers : before.servers;
  }

  /// The difference a fault makes; `cut` says whether it still made one when the window ended.
  Happened difference(const Strike& strike, bool& cut, std::uint64_t& events) {
    World world = warm_;
    Books books(plan_, promises_);
    const std::uint64_t events_before = world.events();
    plan_.faults[0].kind = strike.fault;
    Duration end = kLeast;
    const Duration over = jitter_ + strike.lasts + kCalm;
    cut = false;
    for (;;) {
      world.run_until(time_of(end), books, control_);
      extend_plain(end);
      if (stopped()) break;
      if (end >= over && is_calm(books)) break;
      if (end + kStep > input_.longest + kLeast) {
        cut = true;
        break;
      }
      end += kStep;
    }
    plan_.faults[0].kind = nothing();
    events += world.events() - events_before;
    const std::size_t periods = std::min(books.until.size(), plain_books_.until.size());
    if (periods == 0) return {};
    Happened more = books.until[periods - 1];
    more -= plain_books_.until[periods - 1];
    more.lost_pages -= more.pages;  // failed more, and asked for less: fewer that ended well
    more.broken_minutes = broken_more(books, 0, periods);
    return more;
  }

  [[nodiscard]] Happened without_fault() const {
    const auto periods = static_cast<std::size_t>(kLeast / plan_.scenario.recording.period);
    if (plain_books_.until.empty()) return {};
    return plain_books_.until[std::min(periods, plain_books_.until.size()) - 1];
  }
  [[nodiscard]] double servers() const { return servers_; }
  [[nodiscard]] std::uint64_t events() const { return plain_.events(); }

 private:
  static std::uint64_t seed_of(const models::Plan& plan) {
    return static_cast<std::uint64_t>(plan.scenario.replications.seed);
  }
  static models::InstanceCrash nothing() {
    models::InstanceCrash none;
    none.count = 0;
    return none;
  }
  /// The end of the window, on a border of periods, with that border's own tick.
  [[nodiscard]] Time time_of(Duration end) const {
    return plan_.recording_from + kSettle + end + Duration{1};
  }
  [[nodiscard]] bool stopped() const {
    return input_.stop != nullptr && input_.stop->load(std::memory_order_relaxed);
  }
  void extend_plain(Duration end) {
    if (end <= end_) return;
    end_ = end;
    plain_.run_until(time_of(end), plain_books_, control_);
  }
  /// No request more failed and no minute more was broken than without the fault, for a while.
  [[nodiscard]] bool is_calm(const Books& books) const {
    const std::size_t periods = std::min(books.until.size(), plain_books_.until.size());
    const auto calm = static_cast<std::size_t>(kCalm / plan_.scenario.recording.period);
    if (periods <= calm) return false;
    const auto gained = [periods, calm](const Books& of) {
      Happened sum = of.until[periods - 1];
      sum -= of.until[periods - 1 - calm];
      return sum;
    };
    const Happened with = gained(books);
    const Happened without = gained(plain_books_);
    return with.lost_pages <= without.lost_pages &&
           broken_more(books, periods - calm, periods) <= 0;
  }
  /// Minutes in which a promise is broken that holds without the fault, less those in which only
  /// the other way round: what is broken anyway is not the fault's doing.
  [[nodiscard]] double broken_more(const Books& books, std::size_t from, std::size_t to) const {
    double periods = 0;
    for (std::size_t p = from; p < to; ++p) {
      const std::uint64_t with = books.broken[p];
      const std::uint64_t without = plain_books_.broken[p];
      if ((with & ~without) != 0) {
        periods += 1;
      } else if ((without & ~with) != 0) {
        periods -= 1;
      }
    }
    return periods * plan_.scenario.recording.period.seconds() / 60;
  }

  models::Plan plan_;  ///< only the fault's kind changes: a world reads it when the fault strikes
  std::vector<MinutePromise> promises_;
  const WindowInput& input_;
  Duration jitter_;
  models::RunControl control_;
  World warm_;
  World plain_;
  Books plain_books_;
  Duration end_{0};
  double servers_ = 0;
};

}  // namespace

WindowOutcome simulate_window(const WindowInput& input, const std::vector<Strike>& strikes) {
  // The fault strikes at any phase of health checks, metrics and scaling.
  sim::Stream draws(sim::stream_key(
      static_cast<std::uint64_t>(input.loaded->scenario.replications.seed), input.replication,
      "availability phase"));
  const Duration period = input.loaded->scenario.recording.period;
  const Duration jitter{static_cast<std::int64_t>(draws.uniform() *
                                                  static_cast<double>(period.nanoseconds))};
  WindowOutcome outcome;
  outcome.more.resize(strikes.size());
  outcome.is_cut.resize(strikes.size());
  const auto run = [&](bool restarts, bool is_reference) {
    const bool wanted = std::any_of(strikes.begin(), strikes.end(), [restarts](const Strike& s) {
      return s.restarts_database == restarts;
    });
    if (!wanted && !is_reference) return;
    auto plan = window_plan(input, jitter, restarts);
    if (!plan) return;
    Branches branches(std::move(*plan), input, jitter);
    for (std::size_t i = 0; i < strikes.size(); ++i) {
      if (strikes[i].restarts_database != restarts) continue;
      bool cut = false;
      outcome.more[i] = branches.difference(strikes[i], cut, outcome.events);
      outcome.is_cut[i] = cut;
    }
    outcome.events += branches.events();
    if (!is_reference) return;
    outcome.without_fault = branches.without_fault();
    outcome.hours = kLeast.seconds() / 3600;
    outcome.servers = branches.servers();
  };
  run(false, true);
  run(true, false);
  return outcome;
}

}  // namespace shopsim::analysis
