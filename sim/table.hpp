/// Large arrays that are read at random, on large pages.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace shopsim::sim {

/// Puts arrays of a large page (2 MiB) or more on large pages, where the kernel has them for the
/// asking (Linux, transparent_hugepage = madvise or always): a table of megabytes read at random
/// otherwise misses the address translation nearly every time. Smaller arrays are ordinary ones.
/// https://docs.kernel.org/admin-guide/mm/transhuge.html
template <class T>
class LargePageAllocator {
 public:
  using value_type = T;

  LargePageAllocator() = default;
  template <class Other>
  constexpr LargePageAllocator(const LargePageAllocator<Other>&) {}  // NOLINT: converts

  /// Memory for `count` objects. @throws std::bad_alloc, std::bad_array_new_length
  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) {
      throw std::bad_array_new_length();
    }
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kPage) return static_cast<T*>(::operator new(bytes, kSmall));
    void* memory = ::operator new(bytes, std::align_val_t{kPage});
#ifdef MADV_HUGEPAGE
    // A wish: where it is refused the pages are small and everything works. The last page is
    // shared with whatever follows, so it is left as it is.
    static_cast<void>(madvise(memory, bytes / kPage * kPage, MADV_HUGEPAGE));
#endif
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) {
    ::operator delete(memory, count * sizeof(T) < kPage ? kSmall : std::align_val_t{kPage});
  }

  template <class Other>
  constexpr bool operator==(const LargePageAllocator<Other>&) const {
    return true;
  }

 private:
  static constexpr std::size_t kPage = std::size_t{2} << 20;
  static constexpr std::align_val_t kSmall{
      alignof(T) > alignof(std::max_align_t) ? alignof(T) : alignof(std::max_align_t)};
};

/// A vector for tables that may become large and are read at random.
template <class T>
using Table = std::vector<T, LargePageAllocator<T>>;

}  // namespace shopsim::sim
