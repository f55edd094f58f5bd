#pragma once
/// `shopsim derive --diff OLD NEW`: what a changed requirement changes.
#include <string>
#include <vector>

namespace shopsim::cli {

/// Derives both documents, prints what differs in sentences, platform and scenario, and the bill of
/// a normal day of each. Writes nothing. Returns an ExitCode.
int derive_diff(const std::string& before, const std::string& after);

}  // namespace shopsim::cli
