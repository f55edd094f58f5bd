/// Compound tables of the HDF5 store.
#include <algorithm>
#include <cstring>

#include "analysis/hdf5_handles.hpp"

namespace shopsim::analysis {
namespace {

using namespace hdf5;

struct Member {
  std::string name;
  std::size_t offset = 0;
  std::size_t size = 8;
  hid_t number = -1;  ///< native type; -1: text of `size` bytes
};

Member member_of(const Column& column, std::size_t offset) {
  Member member{.name = column.name, .offset = offset};
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
    member.size = 1;
    for (const auto& text : *texts) member.size = std::max(member.size, text.size());
  } else if (std::holds_alternative<std::vector<double>>(column.values)) {
    member.number = H5T_IEEE_F64LE;
  } else if (std::holds_alternative<std::vector<std::int64_t>>(column.values)) {
    member.number = H5T_STD_I64LE;
  } else {
    member.number = H5T_STD_U64LE;
  }
  return member;
}

hid_t compound_type(std::span<const Member> members, std::size_t size) {
  const hid_t compound = checked(H5Tcreate(H5T_COMPOUND, size), "table type");
  for (const auto& member : members) {
    if (member.number >= 0) {
      H5Tinsert(compound, member.name.c_str(), member.offset, member.number);
      continue;
    }
    const Type text(H5Tcopy(H5T_C_S1), "text type");
    H5Tset_size(text, member.size);
    H5Tset_cset(text, H5T_CSET_UTF8);
    H5Tset_strpad(text, H5T_STR_NULLPAD);
    H5Tinsert(compound, member.name.c_str(), member.offset, text);
  }
  return compound;
}

void pack_column(const Column& column, const Member& member, std::size_t row_size,
                 std::vector<char>& rows) {
  std::visit(
      [&](const auto& values) {
        for (std::size_t row = 0; row < values.size(); ++row) {
          char* target = rows.data() + row * row_size + member.offset;
          if constexpr (std::is_same_v<std::decay_t<decltype(values[0])>, std::string>) {
            std::memcpy(target, values[row].data(), values[row].size());
          } else {
            std::memcpy(target, &values[row], sizeof(values[row]));
          }
        }
      },
      column.values);
}

template <class T>
std::vector<T> unpack_numbers(const std::vector<char>& rows, std::size_t row_size,
                              std::size_t offset) {
  std::vector<T> values(rows.size() / row_size);
  for (std::size_t row = 0; row < values.size(); ++row) {
    std::memcpy(&values[row], rows.data() + row * row_size + offset, sizeof(T));
  }
  return values;
}

std::vector<std::string> unpack_texts(const std::vector<char>& rows, std::size_t row_size,
                                      const Member& member) {
  std::vector<std::string> values(rows.size() / row_size);
  for (std::size_t row = 0; row < values.size(); ++row) {
    const char* text = rows.data() + row * row_size + member.offset;
    values[row].assign(text, strnlen(text, member.size));
  }
  return values;
}

/// What a table of some file holds, in the layout we read it into. Foreign kinds of members
/// (arrays, variable-length text, references) are refused.
std::vector<Member> members_of(hid_t type) {
  if (H5Tget_class(type) != H5T_COMPOUND) throw Hdf5Error("not a table");
  std::vector<Member> members;
  std::size_t offset = 0;
  const int count = checked(H5Tget_nmembers(type), "table columns");
  for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
    char* name = H5Tget_member_name(type, i);
    Member member{.name = name == nullptr ? "" : name, .offset = offset};
    H5free_memory(name);
    const Type kind(H5Tget_member_type(type, i), "column type");
    const H5T_class_t shape = H5Tget_class(kind);
    if (shape == H5T_STRING && H5Tis_variable_str(kind) == 0) {
      member.size = H5Tget_size(kind);
    } else if (shape == H5T_FLOAT) {
      member.number = H5T_IEEE_F64LE;
    } else if (shape == H5T_INTEGER) {
      member.number = H5Tget_sign(kind) == H5T_SGN_2 ? H5T_STD_I64LE : H5T_STD_U64LE;
    } else {
      throw Hdf5Error("column '" + member.name + "' has a type this program does not write");
    }
    offset += member.size;
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace

void Hdf5Store::write_table(const std::string& path, const Table& table) {
  std::vector<Member> members;
  std::size_t row_size = 0;
  for (const auto& column : table.columns) {
    members.push_back(member_of(column, row_size));
    row_size += members.back().size;
  }
  const hsize_t rows = table.rows();
  std::vector<char> packed(rows * row_size, '\0');
  for (std::size_t i = 0; i < members.size(); ++i) {
    pack_column(table.columns[i], members[i], row_size, packed);
  }
  const Type type(compound_type(members, row_size), "table type");
  const Space space(H5Screate_simple(1, &rows, nullptr), "table space");
  const Properties links(link_properties(), "link properties");
  const Properties creation(
      dataset_properties({std::min<hsize_t>(rows, std::max<hsize_t>(1, 65536 / row_size))}),
      "dataset properties");
  const Dataset dataset(
      H5Dcreate2(id_, path.c_str(), type, space, links, creation, H5P_DEFAULT), path.c_str());
  if (rows == 0) return;
  checked(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()), "write table");
}

Table Hdf5Store::read_table(const std::string& path) const {
  const Dataset dataset(H5Dopen2(id_, path.c_str(), H5P_DEFAULT), ("open " + path).c_str());
  const Type stored(H5Dget_type(dataset), "table type");
  const Space space(H5Dget_space(dataset), "table space");
  const std::vector<Member> members = members_of(stored);
  const std::size_t row_size = members.empty() ? 1 : members.back().offset + members.back().size;
  const auto rows = static_cast<std::uint64_t>(
      checked(H5Sget_simple_extent_npoints(space), "table rows"));
  if (rows > kLargestObject / row_size) throw Hdf5Error(path + " is too large");
  std::vector<char> packed(rows * row_size);
  const Type type(compound_type(members, row_size), "table type");
  if (rows > 0) {
    checked(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data()), "read table");
  }
  Table table;
  for (const auto& member : members) {
    ColumnValues values;
    if (member.number < 0) {
      values = unpack_texts(packed, row_size, member);
    } else if (H5Tequal(member.number, H5T_IEEE_F64LE) > 0) {
      values = unpack_numbers<double>(packed, row_size, member.offset);
    } else if (H5Tequal(member.number, H5T_STD_I64LE) > 0) {
      values = unpack_numbers<std::int64_t>(packed, row_size, member.offset);
    } else {
      values = unpack_numbers<std::uint64_t>(packed, row_size, member.offset);
    }
    table.columns.push_back({member.name, std::move(values)});
  }
  return table;
}

}  // namespace shopsim::analysis
