#pragma once
/// The kinds of YAML files the program reads, and what is known of their keys: for `explain`,
/// `schema` and the reference of all keys.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/field_tree.hpp"

namespace shopsim::cli {

struct FileSchema {
  std::string_view name;   ///< "platform"; what its keys begin with in `explain`
  std::string_view about;  ///< one sentence
  sim::FieldTree (*tree)();
  bool may_draw = false;   ///< a number may be a law that every replication draws from
};

/// In the order in which they are listed.
std::span<const FileSchema> file_schemas();

/// Nothing if no kind has this name.
const FileSchema* file_schema(std::string_view name);

/// The JSON schema of a kind's files. A file the reader accepts is valid against it.
std::string json_schema_text(const FileSchema& kind);

}  // namespace shopsim::cli
