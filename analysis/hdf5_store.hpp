#pragma once
/// The one door to the HDF5 library: groups, attributes, numeric arrays and compound tables.
/// What is written depends on the arguments only (no object times), so that equal inputs give
/// equal bytes. Every failure throws Hdf5Error; the library's own error print-out is silenced.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/table.hpp"

namespace shopsim::analysis {

class Hdf5Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How numbers lie in the file; in memory they are doubles or 32-bit counts.
enum class StoredNumber : std::uint8_t { float64, uint64, uint32 };

using Extent = std::vector<std::uint64_t>;

/// An open numeric array of any rank, written and read in blocks. Blocks that are never written
/// read as 0 (counts) or NaN (float64).
class Hdf5Array {
 public:
  Hdf5Array(Hdf5Array&&) noexcept;
  Hdf5Array& operator=(Hdf5Array&&) noexcept;
  ~Hdf5Array();
  [[nodiscard]] Extent extent() const;
  /// `offset` and `count` have the array's rank; `values` has the product of `count` entries.
  void write(const Extent& offset, const Extent& count, std::span<const double> values);
  void write(const Extent& offset, const Extent& count, std::span<const std::uint32_t> values);
  void read(const Extent& offset, const Extent& count, std::span<double> values) const;
  void read(const Extent& offset, const Extent& count, std::span<std::uint32_t> values) const;
  void attribute(std::string_view name, std::string_view text);
  void attribute(std::string_view name, double number);

 private:
  friend class Hdf5Store;
  explicit Hdf5Array(std::int64_t id) : id_(id) {}
  std::int64_t id_;
};

/// An open file. Groups on the way to an object are made as needed; paths begin with '/'.
class Hdf5Store {
 public:
  static Hdf5Store create(const std::string& path);
  static Hdf5Store open(const std::string& path);
  Hdf5Store(Hdf5Store&&) noexcept;
  Hdf5Store& operator=(Hdf5Store&&) noexcept;
  ~Hdf5Store();
  /// Writes everything out; the destructor does the same but cannot tell of a full disk.
  void close();

  void root_attribute(std::string_view name, std::string_view text);
  void root_attribute(std::string_view name, std::int64_t number);
  [[nodiscard]] std::optional<std::string> root_text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> root_number(std::string_view name) const;

  /// Chunked and compressed; a chunk of zero extent anywhere means one chunk.
  Hdf5Array create_array(const std::string& path, const Extent& extent, const Extent& chunk,
                         StoredNumber type);
  [[nodiscard]] Hdf5Array open_array(const std::string& path) const;
  [[nodiscard]] std::optional<std::string> text_attribute(const std::string& path,
                                                          std::string_view name) const;
  [[nodiscard]] std::optional<double> number_attribute(const std::string& path,
                                                       std::string_view name) const;

  /// Text columns become fixed-length UTF-8, as long as their longest value.
  void write_table(const std::string& path, const Table& table);
  [[nodiscard]] Table read_table(const std::string& path) const;

  [[nodiscard]] bool exists(const std::string& path) const;
  /// Names of the members of a group, ascending; empty when there is no such group.
  [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
  /// Paths of all arrays below a group, ascending.
  [[nodiscard]] std::vector<std::string> arrays_below(const std::string& group) const;

 private:
  explicit Hdf5Store(std::int64_t id) : id_(id) {}
  std::int64_t id_;
};

}  // namespace shopsim::analysis
