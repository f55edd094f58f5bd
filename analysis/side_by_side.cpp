#include "analysis/side_by_side.hpp"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace shopsim::analysis {

void run_side_by_side(std::size_t count, unsigned threads, const std::atomic<bool>* stop,
                      const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t failed_at = count;
  std::exception_ptr failure;
  const auto worker = [&] {
    for (;;) {
      const std::size_t unit = next.fetch_add(1);
      if (unit >= count || (stop != nullptr && stop->load())) return;
      try {
        work(unit);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (unit < failed_at) {
          failed_at = unit;
          failure = std::current_exception();
        }
        next.store(count);
      }
    }
  };
  std::vector<std::thread> helpers;
  for (unsigned t = 1; t < threads; ++t) helpers.emplace_back(worker);
  worker();
  for (std::thread& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace shopsim::analysis
