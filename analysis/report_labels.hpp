#pragma once
/// What is a run called beside others? Its file's name; with as many folders in front as it takes
/// to tell files of the same name apart.
#include <span>
#include <string>
#include <vector>

namespace shopsim::analysis {

/// [run]: "x", or "d1/x" and "d2/x". Labels differ where the paths do.
std::vector<std::string> labels_of(std::span<const std::string> paths);

}  // namespace shopsim::analysis
