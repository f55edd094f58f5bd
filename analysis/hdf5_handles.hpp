#pragma once
/// Inside of the HDF5 door: owned identifiers and checked calls. Included by hdf5_store.cpp and
/// hdf5_tables.cpp only; the only file that includes the library's header.
#include <hdf5.h>

#include <cstdint>
#include <string>

#include "analysis/hdf5_store.hpp"

namespace shopsim::analysis::hdf5 {

/// More than this in one table or text of a foreign file is taken for damage.
inline constexpr std::uint64_t kLargestObject = std::uint64_t{1} << 31;

/// The library's message of the innermost failed call; its error stack is cleared.
std::string library_message();

template <class Result>
Result checked(Result result, const char* doing) {
  if (result < 0) throw Hdf5Error(std::string(doing) + ": " + library_message());
  return result;
}

/// Owns an identifier; `Close` is the library's function for its kind.
template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  Handle(hid_t id, const char* doing) : id_(checked(id, doing)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { Close(id_); }
  operator hid_t() const { return id_; }  // NOLINT: passes as the library's own type

 private:
  hid_t id_;
};

using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using Properties = Handle<H5Pclose>;
using Attribute = Handle<H5Aclose>;
using Dataset = Handle<H5Dclose>;
using Object = Handle<H5Oclose>;

hid_t link_properties();
/// No object times; chunked, shuffled and compressed unless `chunk` is empty or holds a 0.
hid_t dataset_properties(const Extent& chunk);

}  // namespace shopsim::analysis::hdf5
