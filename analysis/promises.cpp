#include "analysis/promises.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <memory>

#include "analysis/recovery.hpp"
#include "analysis/units.hpp"
#include "models/cloudwatch_metrics.hpp"
#include "models/page_table.hpp"

namespace shopsim::analysis {
namespace {

using models::PeriodRecord;
using models::SloConfig;
using models::SloMetric;

/// The classes a promise is about: one, or all pages (images are no pages).
std::vector<std::size_t> classes_of(const SloConfig& promise,
                                    const std::vector<std::string>& class_names) {
  const std::string wanted = models::promised_class(promise);
  std::vector<std::size_t> classes;
  for (std::size_t c = 0; c < class_names.size(); ++c) {
    if (wanted.empty() ? !models::is_image_class(class_names[c]) : class_names[c] == wanted) {
      classes.push_back(c);
    }
  }
  return classes;
}

/// How many classes are pages: those before the first of images.
std::size_t page_classes(const std::vector<std::string>& class_names) {
  return static_cast<std::size_t>(
      std::find_if(class_names.begin(), class_names.end(), models::is_image_class) -
      class_names.begin());
}

/// Where a promise about the whole run goes wrong: its first bad and its worst period.
class BadPeriods {
 public:
  void offer(std::uint64_t bad, sim::Time start) {
    if (bad == 0) return;
    if (!first_) first_ = start;
    if (bad > most_) worst_ = start;
    most_ = std::max(most_, bad);
  }
  /// Puts the places into the result of a promise about the run, if it is broken.
  void point_out(PromiseValue& result) const {
    if (!result.first_breach || !first_) return;
    result.first_breach = first_;
    result.worst = worst_;
  }

 private:
  std::optional<sim::Time> first_;
  sim::Time worst_;
  std::uint64_t most_ = 0;
};

/// Keeps the value of the worst window and the first breach.
class Worst {
 public:
  explicit Worst(const SloConfig& promise)
      : is_upper_(is_upper_limit(promise)), limit_(limit_of(promise)) {
    result_.value = is_upper_ ? 0 : 1;
  }
  void offer(double value, sim::Time begin) {
    if (!seen_ || (is_upper_ ? value > result_.value : value < result_.value)) {
      result_.value = value;
      result_.worst = begin;
      seen_ = true;
    }
    const bool breaks = is_upper_ ? value > limit_ : value < limit_;
    if (breaks && !result_.first_breach) result_.first_breach = begin;
  }
  [[nodiscard]] const PromiseValue& result() const { return result_; }
  [[nodiscard]] bool has_seen() const { return seen_; }

 private:
  bool is_upper_;
  double limit_;
  bool seen_ = false;
  PromiseValue result_;
};

/// A promise being judged period by period.
class Meter {
 public:
  Meter() = default;
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  virtual ~Meter() = default;
  virtual void add(const PeriodRecord& record) = 0;
  virtual PromiseValue finish() = 0;
  /// The value of the worst complete window until now; empty where only the run is judged.
  [[nodiscard]] virtual std::optional<double> so_far() const { return std::nullopt; }
};

/// The percentile over every sliding window of `periods` periods, or over the run (0).
class LatencyMeter final : public Meter {
 public:
  LatencyMeter(const SloConfig& promise, std::vector<std::size_t> classes, std::size_t periods)
      : worst_(promise), quantile_(promise.percentile / 100),
        limit_bin_(sim::Histogram::bin_of(sim::seconds_to_duration(limit_of(promise)))),
        classes_(std::move(classes)), periods_(periods), counts_(sim::Histogram::bins()) {}

  void add(const PeriodRecord& record) override {
    Part part{record.start, {}};
    std::uint64_t slow = 0;
    for (const std::size_t c : classes_) {
      const auto& latency = record.classes[c].latency;
      for (std::size_t i = 0; i < latency.bins.size(); ++i) {
        counts_[latency.bins[i]] += latency.counts[i];
        total_ += latency.counts[i];
        if (latency.bins[i] > limit_bin_) slow += latency.counts[i];
      }
      if (periods_ > 0) part.latency.push_back(latency);
    }
    bad_.offer(slow, record.start);
    if (parts_.empty() || periods_ > 0) parts_.push_back(std::move(part));
    if (periods_ == 0 || parts_.size() < periods_) return;
    offer();
    remove_oldest();
  }

  PromiseValue finish() override {
    if (periods_ == 0) offer();
    PromiseValue result = worst_.result();
    if (periods_ == 0) bad_.point_out(result);
    return result;
  }
  [[nodiscard]] std::optional<double> so_far() const override {
    if (periods_ == 0 || !worst_.has_seen()) return std::nullopt;
    return worst_.result().value;
  }

 private:
  struct Part {
    sim::Time start;
    std::vector<models::SparseHistogram> latency;
  };
  void offer() {
    if (total_ > 0) {
      worst_.offer(quantile_of_bins(counts_, total_, quantile_), parts_.front().start);
    }
  }
  void remove_oldest() {
    for (const auto& latency : parts_.front().latency) {
      for (std::size_t i = 0; i < latency.bins.size(); ++i) {
        counts_[latency.bins[i]] -= latency.counts[i];
        total_ -= latency.counts[i];
      }
    }
    parts_.pop_front();
  }

  Worst worst_;
  BadPeriods bad_;
  double quantile_;
  std::size_t limit_bin_;
  std::vector<std::size_t> classes_;
  std::size_t periods_;
  std::deque<Part> parts_;
  std::vector<std::uint64_t> counts_;  ///< [bin]
  std::uint64_t total_ = 0;
};

/// A share of two counts over every sliding window, or over the run (0 periods).
class ShareMeter final : public Meter {
 public:
  struct Counts {
    std::uint64_t part = 0;
    std::uint64_t whole = 0;
  };
  using Read = std::function<Counts(const PeriodRecord&)>;

  ShareMeter(const SloConfig& promise, Read read, std::size_t periods)
      : worst_(promise), part_is_bad_(is_upper_limit(promise)), read_(std::move(read)),
        periods_(periods) {}

  void add(const PeriodRecord& record) override {
    const Counts counts = read_(record);
    sum_.part += counts.part;
    sum_.whole += counts.whole;
    bad_.offer(part_is_bad_ ? counts.part : counts.whole - counts.part, record.start);
    if (periods_ > 0 || parts_.empty()) parts_.emplace_back(record.start, counts);
    if (periods_ == 0 || parts_.size() < periods_) return;
    offer();
    sum_.part -= parts_.front().second.part;
    sum_.whole -= parts_.front().second.whole;
    parts_.pop_front();
  }
  PromiseValue finish() override {
    if (periods_ == 0) offer();
    PromiseValue result = worst_.result();
    if (periods_ == 0) bad_.point_out(result);
    return result;
  }
  [[nodiscard]] std::optional<double> so_far() const override {
    if (periods_ == 0 || !worst_.has_seen()) return std::nullopt;
    return worst_.result().value;
  }

 private:
  void offer() {
    if (sum_.whole == 0) return;
    worst_.offer(static_cast<double>(sum_.part) / static_cast<double>(sum_.whole),
                 parts_.front().first);
  }

  Worst worst_;
  BadPeriods bad_;
  bool part_is_bad_;
  Read read_;
  std::size_t periods_;
  std::deque<std::pair<sim::Time, Counts>> parts_;
  Counts sum_;
};

/// Lets the recovery be found among the fine periods.
class RecoveryMeter final : public Meter {
 public:
  RecoveryMeter(const SloConfig& promise, RecoveryFinder finder)
      : limit_(limit_of(promise)), finder_(std::move(finder)) {}
  void add(const PeriodRecord& record) override {
    if (record.fine) finder_.add(record);
  }
  PromiseValue finish() override {
    const Recovery recovery = finder_.find();
    PromiseValue result{to_seconds(recovery.time), std::nullopt, finder_.fault_time(),
                        !recovery.is_complete};
    if (result.value > limit_) result.first_breach = finder_.fault_time();
    return result;
  }

 private:
  double limit_;
  RecoveryFinder finder_;
};

/// `fault`: when the promise's fault begins; kNever if it does not happen.
std::unique_ptr<Meter> make_meter(const SloConfig& promise, sim::Time fault,
                                  const models::Scenario& scenario,
                                  const std::vector<std::string>& class_names) {
  const auto classes = classes_of(promise, class_names);
  const std::int64_t period = scenario.recording.period.nanoseconds;
  const std::size_t periods =
      promise.window ? static_cast<std::size_t>(promise.window->nanoseconds / period) : 0;
  switch (promise.metric) {
    case SloMetric::latency: return std::make_unique<LatencyMeter>(promise, classes, periods);
    case SloMetric::success_ratio: {
      const auto read = [classes](const PeriodRecord& record) {
        ShareMeter::Counts counts;
        for (const std::size_t c : classes) {
          counts.part += record.classes[c].succeeded;
          counts.whole += record.classes[c].succeeded + record.classes[c].failed;
        }
        return counts;
      };
      return std::make_unique<ShareMeter>(promise, read, periods);
    }
    case SloMetric::orders_lost: {
      const auto read = [](const PeriodRecord& record) {
        return ShareMeter::Counts{record.orders_lost, record.orders_placed + record.orders_lost};
      };
      return std::make_unique<ShareMeter>(promise, read, periods);
    }
    case SloMetric::recovery_time:
      return std::make_unique<RecoveryMeter>(
          promise, RecoveryFinder(fault, health_of(promise, scenario), classes,
                                  scenario.recording));
  }
  return nullptr;
}

void add_to_totals(std::vector<ClassTotals>& classes, const PeriodRecord& record) {
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const models::ClassRecord& of = record.classes[c];
    ClassTotals& total = classes[c];
    total.requests += of.requests;
    total.succeeded += of.succeeded;
    total.failed += of.failed;
    total.attempts += of.attempts;
    total.late_replies += of.late_replies;
    for (std::size_t i = 0; i < models::kOutcomes; ++i) {
      total.outcomes[i] += of.attempt_outcomes[i];
    }
    for (std::size_t i = 0; i < of.latency.bins.size(); ++i) {
      total.latency.record(sim::Histogram::bin_lower(of.latency.bins[i]), of.latency.counts[i]);
    }
    total.latency_sum_seconds += static_cast<double>(of.latency.sum_nanoseconds) * 1e-9;
    for (std::size_t t = 0; t < models::kTiers; ++t) {
      total.tiers[t].visits += of.tiers[t].visits;
      total.tiers[t].queue_nanoseconds += of.tiers[t].queue_nanoseconds;
      total.tiers[t].service_nanoseconds += of.tiers[t].service_nanoseconds;
    }
  }
}

/// Least, mean and most servers in service.
class ServerCount {
 public:
  void add(const PeriodRecord& record) {
    const auto id = static_cast<std::size_t>(models::MetricId::group_in_service_instances);
    if (id >= record.metrics.size() || std::isnan(record.metrics[id])) return;
    const double servers = record.metrics[id];
    least_ = std::min(least_, servers);
    most_ = std::max(most_, servers);
    sum_ += servers;
    ++minutes_;
  }
  void store(Judged& judged) const {
    if (minutes_ == 0) return;
    judged.servers_minimum = least_;
    judged.servers_maximum = most_;
    judged.servers_mean = sum_ / minutes_;
  }

 private:
  double least_ = std::numeric_limits<double>::infinity();
  double most_ = 0;
  double sum_ = 0;
  double minutes_ = 0;
};

}  // namespace

double limit_of(const SloConfig& promise) {
  const bool is_time =
      promise.metric == SloMetric::latency || promise.metric == SloMetric::recovery_time;
  return is_time ? to_seconds(promise.limit_time.value_or(sim::Duration{0}))
                 : promise.limit_share.value_or(sim::Fraction{0}).value;
}

bool is_upper_limit(const SloConfig& promise) {
  return promise.metric != SloMetric::success_ratio;
}

double quantile_of_bins(const std::vector<std::uint64_t>& counts, std::uint64_t total, double q) {
  if (total == 0) return 0;
  const double exact_rank = q * static_cast<double>(total);
  auto rank = static_cast<std::uint64_t>(exact_rank);
  if (static_cast<double>(rank) < exact_rank) ++rank;
  rank = std::clamp<std::uint64_t>(rank, 1, total);
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    seen += counts[bin];
    if (seen < rank) continue;
    const sim::Duration low = sim::Histogram::bin_lower(bin);
    if (bin + 1 == counts.size()) return to_seconds(low);
    return to_seconds((low + sim::Histogram::bin_upper(bin)) / 2);
  }
  return 0;
}

struct PromiseJudge::Parts {
  std::vector<std::unique_ptr<Meter>> meters;  ///< [promise]
  std::vector<bool> reads_fine;                ///< [promise]
  std::vector<double> limits;
  std::vector<bool> is_upper;
  Judged judged;
  ServerCount servers;
};

PromiseJudge::PromiseJudge(const models::Scenario& scenario,
                           const std::vector<std::string>& class_names, const FaultTimes& faults)
    : parts_(std::make_unique<Parts>()) {
  for (const SloConfig& promise : scenario.slos) {
    sim::Time fault = sim::kNever;
    for (auto at = faults.rbegin(); at != faults.rend(); ++at) {
      if (at->first == promise.fault) fault = at->second;
    }
    parts_->meters.push_back(make_meter(promise, fault, scenario, class_names));
    parts_->reads_fine.push_back(promise.metric == SloMetric::recovery_time);
    parts_->limits.push_back(limit_of(promise));
    parts_->is_upper.push_back(is_upper_limit(promise));
  }
  parts_->judged.classes.resize(class_names.size());
}

PromiseJudge::PromiseJudge(PromiseJudge&&) noexcept = default;
PromiseJudge::~PromiseJudge() = default;

void PromiseJudge::add(const PeriodRecord& record) {
  for (std::size_t i = 0; i < parts_->meters.size(); ++i) {
    if (record.fine == parts_->reads_fine[i]) parts_->meters[i]->add(record);
  }
  if (record.fine) return;
  add_to_totals(parts_->judged.classes, record);
  parts_->servers.add(record);
}

std::optional<std::size_t> PromiseJudge::broken_by(double factor) const {
  for (std::size_t i = 0; i < parts_->meters.size(); ++i) {
    const auto value = parts_->meters[i]->so_far();
    if (!value) continue;
    const double limit = parts_->limits[i];
    const bool breaks = parts_->is_upper[i] ? *value > factor * limit
                                            : 1 - *value > factor * (1 - limit);
    if (breaks) return i;
  }
  return std::nullopt;
}

Judged PromiseJudge::finish() {
  for (const auto& meter : parts_->meters) parts_->judged.promises.push_back(meter->finish());
  parts_->servers.store(parts_->judged);
  return std::move(parts_->judged);
}

Judged judge_replication(const Replication& replication, const models::Scenario& scenario,
                         const std::vector<std::string>& class_names) {
  FaultTimes faults;
  for (const auto& fault : replication.summary.faults) faults.emplace_back(fault.name, fault.time);
  PromiseJudge judge(scenario, class_names, faults);
  OverloadWatch overload(page_classes(class_names));
  PeriodReader reader(*replication.periods);
  for (PeriodRecord record; reader.next(record);) {
    judge.add(record);
    if (!record.fine) overload.add(record);
  }
  Judged judged = judge.finish();
  judged.outlived =
      overload.find(triggers_of(scenario, replication.summary), replication.summary);
  return judged;
}

}  // namespace shopsim::analysis
