#include "generator/output_folder.hpp"

#include <fstream>
#include <string>
#include <system_error>

namespace shopsim::generator {

namespace fs = std::filesystem;

namespace {

/// `deploy/` and `deploy` are the same folder; a path without a name (`.`) has none to rename to.
fs::path without_slash(const fs::path& folder) {
  const fs::path normal = folder.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

/// A sibling's name that nobody uses.
fs::path sibling(const fs::path& folder, const std::string& ending) {
  for (int number = 0;; ++number) {
    fs::path candidate = folder;
    candidate += "." + ending + std::to_string(number);
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(candidate, ignored))) return candidate;
  }
}

void write_all(const fs::path& folder, const std::vector<DeploymentFile>& files) {
  for (const DeploymentFile& file : files) {
    const fs::path path = folder / file.path;
    fs::create_directories(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << file.content;
    stream.close();
    if (!stream) {
      throw fs::filesystem_error("cannot write", path, std::make_error_code(std::errc::io_error));
    }
    if (file.executable) {
      fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                      fs::perm_options::add);
    }
  }
}

}  // namespace

bool may_write(const fs::path& folder, Overwrite overwrite, sim::Diagnostics& diagnostics) {
  const fs::path path = without_slash(folder);
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) return true;
  if (!fs::is_directory(status)) {
    diagnostics.error("output-exists", {folder.string(), 0, 0}, "this is a file, not a folder",
                      "name another folder with -o");
    return false;
  }
  if (overwrite == Overwrite::replace) return true;
  if (fs::is_empty(path, failed) && !failed) return true;
  diagnostics.error("output-exists", {folder.string(), 0, 0}, "the folder is not empty",
                    "name another folder with -o, or replace it with --force");
  return false;
}

bool write_folder(const fs::path& folder, const std::vector<DeploymentFile>& files,
                  Overwrite overwrite, sim::Diagnostics& diagnostics) {
  if (!may_write(folder, overwrite, diagnostics)) return false;
  const fs::path path = without_slash(folder);
  const fs::path fresh = sibling(path, "new");
  std::error_code ignored;
  try {
    write_all(fresh, files);
    if (fs::exists(path)) {
      const fs::path old = sibling(path, "old");
      fs::rename(path, old);
      std::error_code failed;
      fs::rename(fresh, path, failed);
      if (failed) {
        fs::rename(old, path);
        throw fs::filesystem_error("cannot rename", fresh, path, failed);
      }
      fs::remove_all(old, ignored);
    } else {
      fs::rename(fresh, path);
    }
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(fresh, ignored);
    diagnostics.error("cannot-write", {folder.string(), 0, 0}, error.what());
    return false;
  }
  return true;
}

}  // namespace shopsim::generator
