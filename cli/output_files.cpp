#include "cli/output_files.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace shopsim::cli {
namespace {

namespace fs = std::filesystem;

std::string partial(const OutputFile& file) { return file.path + ".partial"; }

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

void check_place(const std::vector<OutputFile>& files, std::size_t index,
                 const OutputOptions& options, sim::Diagnostics& diagnostics) {
  const OutputFile& file = files[index];
  const sim::Place place{file.path, 0, 0};
  std::error_code error;
  for (const std::string& input : options.inputs) {
    if (same_file(input, file.path)) {
      diagnostics.error("output-is-input", place, "this file is read; it is not overwritten");
    }
  }
  for (std::size_t i = 0; i < index; ++i) {
    if (same_file(files[i].path, file.path)) {
      diagnostics.error("same-output", place, "two outputs go to this file",
                        "give each its own name");
    }
  }
  const fs::path folder = fs::path(file.path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    diagnostics.error("no-folder", place, "there is no folder '" + folder.string() + "'",
                      "make it first");
  } else if (fs::is_directory(file.path, error)) {
    diagnostics.error("is-folder", place, "this is a folder, not a file");
  } else if (fs::exists(file.path, error) && !options.overwrite) {
    diagnostics.error("exists", place, "this file exists; it was not touched",
                      "give another name, or --force to replace it");
  }
}

bool write(const OutputFile& file, sim::Diagnostics& diagnostics) {
  std::ofstream stream(partial(file), std::ios::binary | std::ios::trunc);
  stream << file.text;
  stream.close();
  if (stream) return true;
  diagnostics.error("cannot-write", {file.path, 0, 0}, "the file cannot be written");
  return false;
}

}  // namespace

void write_files(const std::vector<OutputFile>& files, const OutputOptions& options,
                 sim::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < files.size(); ++i) check_place(files, i, options, diagnostics);
  if (diagnostics.has_errors()) return;
  bool complete = true;
  for (const OutputFile& file : files) complete = complete && write(file, diagnostics);
  for (const OutputFile& file : files) {
    std::error_code error;
    if (complete) fs::rename(partial(file), file.path, error);
    else fs::remove(partial(file), error);
    if (error && complete) {
      diagnostics.error("cannot-write", {file.path, 0, 0}, error.message());
    }
  }
}

}  // namespace shopsim::cli
