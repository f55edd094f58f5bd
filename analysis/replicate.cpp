#include "analysis/replicate.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace shopsim::analysis {
namespace {

using Clock = std::chrono::steady_clock;

/// What one worker shares with the waiting thread about the replication it has in work.
struct Gauge {
  std::atomic<std::int64_t> simulated_nanoseconds{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<bool> finished{false};
};

struct Slot {
  Gauge gauge;
  std::optional<Replication> result;
  std::exception_ptr error;
  std::vector<WatchedValue> watched;
};

/// Runs one batch on up to `threads` threads; the caller's thread reports progress meanwhile.
class Batch {
 public:
  Batch(const ReplicationModel& model, const Watch& watch, const ReplicateOptions& options,
        std::vector<std::unique_ptr<Slot>>& slots, std::size_t first)
      : model_(model), watch_(watch), options_(options), slots_(slots), next_(first) {}

  /// Returns when every replication of the batch has finished, failed or been stopped.
  void run(const std::function<void()>& report) {
    const std::size_t size = slots_.size() - next_;
    std::vector<std::jthread> workers;
    const std::size_t threads = std::min<std::size_t>(std::max(1U, options_.threads), size);
    running_ = threads;
    for (std::size_t i = 0; i < threads; ++i) {
      workers.emplace_back([this] { work(); });
    }
    std::unique_lock lock(mutex_);
    while (!done_.wait_for(lock, std::chrono::milliseconds(50), [this] { return running_ == 0; })) {
      if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) stop_ = true;
      lock.unlock();
      report();
      lock.lock();
    }
  }

  [[nodiscard]] bool stopped() const {
    return stop_ || (options_.stop != nullptr && *options_.stop);
  }

 private:
  void work() {
    while (true) {
      std::size_t index = 0;
      {
        const std::lock_guard lock(mutex_);
        if (next_ == slots_.size() || stopped()) break;
        index = next_++;
      }
      run_one(index);
    }
    const std::lock_guard lock(mutex_);
    --running_;
    done_.notify_one();
  }

  void run_one(std::size_t index) {
    Slot& slot = *slots_[index];
    try {
      Replication replication;
      replication.periods = std::make_unique<PeriodSpool>(options_.spool);
      const models::RunControl control{&slot.gauge.simulated_nanoseconds, &slot.gauge.requests,
                                       &stop_};
      const auto number = options_.only.empty() ? static_cast<std::uint32_t>(index)
                                                : options_.only[index];
      replication.summary = model_(number, *replication.periods, control);
      if (stopped()) return;  // whatever came out may be cut short
      slot.watched = watch_ ? watch_(replication) : std::vector<WatchedValue>{};
      slot.result = std::move(replication);
      slot.gauge.finished = true;
    } catch (...) {
      slot.error = std::current_exception();
      stop_ = true;
    }
  }

  const ReplicationModel& model_;
  const Watch& watch_;
  const ReplicateOptions& options_;
  std::vector<std::unique_ptr<Slot>>& slots_;
  std::size_t next_;
  std::size_t running_ = 0;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable done_;
};

Progress progress_of(const std::vector<std::unique_ptr<Slot>>& slots, sim::Duration horizon,
                     double elapsed_seconds) {
  Progress progress;
  progress.decided = slots.size();
  progress.elapsed_seconds = elapsed_seconds;
  progress.total_seconds = horizon.seconds() * static_cast<double>(slots.size());
  for (const auto& slot : slots) {
    const bool finished = slot->gauge.finished;
    const double simulated = static_cast<double>(slot->gauge.simulated_nanoseconds) * 1e-9;
    progress.simulated_seconds += finished ? horizon.seconds() : simulated;
    progress.requests += slot->gauge.requests;
    progress.finished += finished ? 1 : 0;
  }
  if (elapsed_seconds > 0) {
    progress.requests_per_second = static_cast<double>(progress.requests) / elapsed_seconds;
  }
  if (progress.simulated_seconds > 0) {
    const double left = std::max(0.0, progress.total_seconds - progress.simulated_seconds);
    progress.seconds_left = left * elapsed_seconds / progress.simulated_seconds;
  }
  return progress;
}

std::vector<WatchedSeries> watched_series(const std::vector<std::unique_ptr<Slot>>& slots) {
  std::vector<WatchedSeries> series;
  for (const auto& slot : slots) {
    series.resize(std::max(series.size(), slot->watched.size()));
    for (std::size_t i = 0; i < slot->watched.size(); ++i) {
      series[i].values.push_back(slot->watched[i].value);
      series[i].scale = slot->watched[i].scale;
    }
  }
  return series;
}

}  // namespace

ReplicationSet replicate(const ReplicationModel& model, const Watch& watch,
                         const ReplicateOptions& options) {
  const auto begin = Clock::now();
  auto last_report = begin - std::chrono::seconds(1);
  std::vector<std::unique_ptr<Slot>> slots;
  ReplicationSet set;
  set.may_look_again = options.rule.least < options.rule.most;
  while (true) {
    const auto series = watched_series(slots);
    const std::size_t more = options.only.empty()
                                 ? next_batch(options.rule, series, slots.size())
                                 : options.only.size() - slots.size();
    if (more == 0) break;
    const std::size_t first = slots.size();
    for (std::size_t i = 0; i < more; ++i) slots.push_back(std::make_unique<Slot>());
    Batch batch(model, watch, options, slots, first);
    batch.run([&] {
      const auto now = Clock::now();
      if (!options.progress || now - last_report < std::chrono::milliseconds(190)) return;
      last_report = now;
      const std::chrono::duration<double> elapsed = now - begin;
      options.progress(progress_of(slots, options.horizon, elapsed.count()));
    });
    for (const auto& slot : slots) {
      if (slot->error) std::rethrow_exception(slot->error);
    }
    if (batch.stopped()) {
      set.reason = StopReason::interrupted;
      break;
    }
  }
  const bool is_open = set.reason != StopReason::interrupted && options.only.empty();
  if (is_open && slots.size() >= options.rule.most) {
    const auto series = watched_series(slots);
    StoppingRule unbounded = options.rule;
    unbounded.most = slots.size() + 1;
    if (next_batch(unbounded, series, slots.size()) > 0) set.reason = StopReason::most_reached;
  }
  for (auto& slot : slots) {
    if (!slot->result) break;
    set.replications.push_back(std::move(*slot->result));
  }
  return set;
}

}  // namespace shopsim::analysis
