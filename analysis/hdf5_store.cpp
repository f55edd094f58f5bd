#include "analysis/hdf5_store.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "analysis/hdf5_handles.hpp"

namespace shopsim::analysis {
namespace hdf5 {

std::string library_message() {
  std::string message;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
        auto& text = *static_cast<std::string*>(data);
        if (text.empty() && error->desc != nullptr) text = error->desc;
        return 0;
      },
      &message);
  H5Eclear2(H5E_DEFAULT);
  return message;
}

hid_t link_properties() {
  const hid_t list = checked(H5Pcreate(H5P_LINK_CREATE), "link properties");
  H5Pset_create_intermediate_group(list, 1);
  H5Pset_char_encoding(list, H5T_CSET_UTF8);
  return list;
}

hid_t dataset_properties(const Extent& chunk) {
  const hid_t list = checked(H5Pcreate(H5P_DATASET_CREATE), "dataset properties");
  H5Pset_obj_track_times(list, 0);
  const bool empty = std::find(chunk.begin(), chunk.end(), 0U) != chunk.end();
  if (!chunk.empty() && !empty) {
    const std::vector<hsize_t> dimensions(chunk.begin(), chunk.end());
    H5Pset_chunk(list, static_cast<int>(dimensions.size()), dimensions.data());
    H5Pset_shuffle(list);
    H5Pset_deflate(list, 4);
  }
  return list;
}

}  // namespace hdf5

namespace {

using namespace hdf5;

void silence_library() {
  // A file whose closing failed (a full disk) crashes the library's own work at exit (1.10); every
  // handle of ours is closed by its owner, so nothing is left to do then.
  static_cast<void>(H5dont_atexit());
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

hid_t native_type(StoredNumber type) {
  switch (type) {
    case StoredNumber::float64: return H5T_IEEE_F64LE;
    case StoredNumber::uint64: return H5T_STD_U64LE;
    case StoredNumber::uint32: return H5T_STD_U32LE;
  }
  return H5T_IEEE_F64LE;
}

void write_text_attribute(hid_t object, std::string_view name, std::string_view text) {
  const Type type(H5Tcopy(H5T_C_S1), "text type");
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  const Space space(H5Screate(H5S_SCALAR), "scalar");
  const Attribute attribute(H5Acreate2(object, std::string(name).c_str(), type, space,
                                       H5P_DEFAULT, H5P_DEFAULT), "create attribute");
  const std::string copy(text);
  const char* pointer = copy.c_str();
  checked(H5Awrite(attribute, type, &pointer), "write attribute");
}

template <class Number>
void write_number_attribute(hid_t object, std::string_view name, hid_t stored, hid_t in_memory,
                            Number number) {
  const Space space(H5Screate(H5S_SCALAR), "scalar");
  const Attribute attribute(H5Acreate2(object, std::string(name).c_str(), stored, space,
                                       H5P_DEFAULT, H5P_DEFAULT), "create attribute");
  checked(H5Awrite(attribute, in_memory, &number), "write attribute");
}

/// A text of variable length. The library (1.10) copies it from beyond its heap when a damaged file
/// says so, and nobody can catch that: a child process reads it and hands it over.
std::string read_variable_text(hid_t attribute, hid_t type) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw Hdf5Error("no pipe for reading an attribute");
  const pid_t child = fork();
  if (child < 0) throw Hdf5Error("no process for reading an attribute");
  if (child == 0) {
    ::close(ends[0]);
    static_cast<void>(std::freopen("/dev/null", "w", stderr));
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) std::signal(signal, SIG_DFL);
    char* text = nullptr;
    if (H5Aread(attribute, type, &text) < 0) _exit(1);
    std::string_view left = text == nullptr ? std::string_view{} : std::string_view(text);
    while (!left.empty()) {
      const ssize_t written = write(ends[1], left.data(), left.size());
      if (written < 0) _exit(1);
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    _exit(0);
  }
  ::close(ends[1]);
  std::string result;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t got = read(ends[0], block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    result.append(block.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Hdf5Error("read attribute: its text lies outside the file's heap");
  }
  return result;
}

/// A scalar text attribute, of fixed or variable length.
std::optional<std::string> read_text_attribute(hid_t object, std::string_view name) {
  const std::string key(name);
  if (H5Aexists(object, key.c_str()) <= 0) return std::nullopt;
  const Attribute attribute(H5Aopen(object, key.c_str(), H5P_DEFAULT), "open attribute");
  const Type type(H5Aget_type(attribute), "attribute type");
  const Space space(H5Aget_space(attribute), "attribute space");
  if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) {
    return std::nullopt;
  }
  if (H5Tis_variable_str(type) > 0) return read_variable_text(attribute, type);
  const std::size_t size = H5Tget_size(type);
  if (size > kLargestObject) throw Hdf5Error("attribute " + key + " is too large");
  std::string result(size, '\0');
  checked(H5Aread(attribute, type, result.data()), "read attribute");
  result.resize(std::strlen(result.c_str()));
  return result;
}

template <class Number>
std::optional<Number> read_number_attribute(hid_t object, std::string_view name, hid_t memory) {
  const std::string key(name);
  if (H5Aexists(object, key.c_str()) <= 0) return std::nullopt;
  const Attribute attribute(H5Aopen(object, key.c_str(), H5P_DEFAULT), "open attribute");
  const Type type(H5Aget_type(attribute), "attribute type");
  const Space space(H5Aget_space(attribute), "attribute space");
  const H5T_class_t kind = H5Tget_class(type);
  if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || H5Sget_simple_extent_npoints(space) != 1) {
    return std::nullopt;
  }
  Number number{};
  checked(H5Aread(attribute, memory, &number), "read attribute");
  return number;
}

/// Memory space and file selection of one block.
struct Selection {
  Selection(hid_t dataset, const Extent& offset, const Extent& count, std::size_t values)
      : file(H5Dget_space(dataset), "array space"),
        memory(H5Screate_simple(static_cast<int>(count.size()),
                                std::vector<hsize_t>(count.begin(), count.end()).data(), nullptr),
               "block space") {
    const std::vector<hsize_t> from(offset.begin(), offset.end());
    const std::vector<hsize_t> length(count.begin(), count.end());
    if (H5Sget_simple_extent_ndims(file) != static_cast<int>(count.size()) ||
        offset.size() != count.size() ||
        H5Sget_simple_extent_npoints(memory) != static_cast<hssize_t>(values)) {
      throw Hdf5Error("a block does not fit its array");
    }
    checked(H5Sselect_hyperslab(file, H5S_SELECT_SET, from.data(), nullptr, length.data(),
                                nullptr), "select block");
  }
  Space file;
  Space memory;
};

void write_block(hid_t dataset, const Extent& offset, const Extent& count, hid_t type,
                 const void* values, std::size_t size) {
  if (size == 0) return;
  const Selection selection(dataset, offset, count, size);
  checked(H5Dwrite(dataset, type, selection.memory, selection.file, H5P_DEFAULT, values),
          "write to results file");
}

void read_block(hid_t dataset, const Extent& offset, const Extent& count, hid_t type,
                void* values, std::size_t size) {
  if (size == 0) return;
  const Selection selection(dataset, offset, count, size);
  checked(H5Dread(dataset, type, selection.memory, selection.file, H5P_DEFAULT, values),
          "read from results file");
}

}  // namespace

Hdf5Array::Hdf5Array(Hdf5Array&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
Hdf5Array& Hdf5Array::operator=(Hdf5Array&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}
Hdf5Array::~Hdf5Array() {
  if (id_ >= 0) H5Dclose(id_);
}

Extent Hdf5Array::extent() const {
  const Space space(H5Dget_space(id_), "array space");
  const int rank = checked(H5Sget_simple_extent_ndims(space), "array rank");
  std::vector<hsize_t> dimensions(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, dimensions.data(), nullptr);
  return {dimensions.begin(), dimensions.end()};
}

void Hdf5Array::write(const Extent& offset, const Extent& count, std::span<const double> values) {
  write_block(id_, offset, count, H5T_NATIVE_DOUBLE, values.data(), values.size());
}
void Hdf5Array::write(const Extent& offset, const Extent& count,
                      std::span<const std::uint32_t> values) {
  write_block(id_, offset, count, H5T_NATIVE_UINT32, values.data(), values.size());
}
void Hdf5Array::read(const Extent& offset, const Extent& count, std::span<double> values) const {
  read_block(id_, offset, count, H5T_NATIVE_DOUBLE, values.data(), values.size());
}
void Hdf5Array::read(const Extent& offset, const Extent& count,
                     std::span<std::uint32_t> values) const {
  read_block(id_, offset, count, H5T_NATIVE_UINT32, values.data(), values.size());
}
void Hdf5Array::attribute(std::string_view name, std::string_view text) {
  write_text_attribute(id_, name, text);
}
void Hdf5Array::attribute(std::string_view name, double number) {
  write_number_attribute(id_, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, number);
}

Hdf5Store Hdf5Store::create(const std::string& path) {
  silence_library();
  const Properties creation(H5Pcreate(H5P_FILE_CREATE), "file properties");
  H5Pset_obj_track_times(creation, 0);
  return Hdf5Store(checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT),
                           "create file"));
}

Hdf5Store Hdf5Store::open(const std::string& path) {
  silence_library();
  return Hdf5Store(checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "open file"));
}

Hdf5Store::Hdf5Store(Hdf5Store&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
Hdf5Store& Hdf5Store::operator=(Hdf5Store&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}
Hdf5Store::~Hdf5Store() {
  if (id_ >= 0) H5Fclose(id_);
}
void Hdf5Store::close() {
  if (id_ < 0) return;
  checked(H5Fflush(id_, H5F_SCOPE_LOCAL), "write out the results file");
  checked(H5Fclose(std::exchange(id_, -1)), "close the results file");
}

void Hdf5Store::root_attribute(std::string_view name, std::string_view text) {
  write_text_attribute(id_, name, text);
}
void Hdf5Store::root_attribute(std::string_view name, std::int64_t number) {
  write_number_attribute(id_, name, H5T_STD_I64LE, H5T_NATIVE_INT64, number);
}
std::optional<std::string> Hdf5Store::root_text(std::string_view name) const {
  return read_text_attribute(id_, name);
}
std::optional<std::int64_t> Hdf5Store::root_number(std::string_view name) const {
  return read_number_attribute<std::int64_t>(id_, name, H5T_NATIVE_INT64);
}

Hdf5Array Hdf5Store::create_array(const std::string& path, const Extent& extent,
                                  const Extent& chunk, StoredNumber type) {
  const std::vector<hsize_t> dimensions(extent.begin(), extent.end());
  const Space space(H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(),
                                     nullptr), "array space");
  const Properties links(link_properties(), "link properties");
  const Properties creation(dataset_properties(chunk), "dataset properties");
  if (type == StoredNumber::float64) {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &missing);
  }
  const Properties access(H5Pcreate(H5P_DATASET_ACCESS), "access properties");
  // Chunks are written whole and once: caching them would only hold memory.
  H5Pset_chunk_cache(access, H5D_CHUNK_CACHE_NSLOTS_DEFAULT, 0, H5D_CHUNK_CACHE_W0_DEFAULT);
  return Hdf5Array(checked(
      H5Dcreate2(id_, path.c_str(), native_type(type), space, links, creation, access),
      ("create " + path).c_str()));
}

Hdf5Array Hdf5Store::open_array(const std::string& path) const {
  return Hdf5Array(checked(H5Dopen2(id_, path.c_str(), H5P_DEFAULT), ("open " + path).c_str()));
}

std::optional<std::string> Hdf5Store::text_attribute(const std::string& path,
                                                     std::string_view name) const {
  const Object object(H5Oopen(id_, path.c_str(), H5P_DEFAULT), "open object");
  return read_text_attribute(object, name);
}
std::optional<double> Hdf5Store::number_attribute(const std::string& path,
                                                  std::string_view name) const {
  const Object object(H5Oopen(id_, path.c_str(), H5P_DEFAULT), "open object");
  return read_number_attribute<double>(object, name, H5T_NATIVE_DOUBLE);
}

bool Hdf5Store::exists(const std::string& path) const {
  for (std::size_t end = path.find('/', 1); ; end = path.find('/', end + 1)) {
    if (H5Lexists(id_, path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

std::vector<std::string> Hdf5Store::members(const std::string& group) const {
  std::vector<std::string> names;
  if (!exists(group)) return names;
  const Object object(H5Oopen(id_, group.c_str(), H5P_DEFAULT), "open group");
  if (H5Iget_type(object) != H5I_GROUP) return names;
  checked(H5Literate(object, H5_INDEX_NAME, H5_ITER_INC, nullptr,
                     [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
                       static_cast<std::vector<std::string>*>(data)->emplace_back(name);
                       return 0;
                     },
                     &names), "list group");
  return names;
}

std::vector<std::string> Hdf5Store::arrays_below(const std::string& group) const {
  std::vector<std::string> found;
  for (const auto& name : members(group)) {
    const std::string path = group + "/" + name;
    const Object object(H5Oopen(id_, path.c_str(), H5P_DEFAULT), "open object");
    if (H5Iget_type(object) == H5I_DATASET) {
      found.push_back(path);
    } else {
      const auto deeper = arrays_below(path);
      found.insert(found.end(), deeper.begin(), deeper.end());
    }
  }
  return found;
}

}  // namespace shopsim::analysis
