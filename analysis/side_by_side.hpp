#pragma once
/// Independent pieces of work on several threads.
#include <atomic>
#include <cstddef>
#include <functional>

namespace shopsim::analysis {

/// Runs `work(0 .. count-1)` on threads, each index once; what it throws first (by index) is thrown
/// again. No further index is begun once `stop` is set.
void run_side_by_side(std::size_t count, unsigned threads, const std::atomic<bool>* stop,
                      const std::function<void(std::size_t)>& work);

}  // namespace shopsim::analysis
