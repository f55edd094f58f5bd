#pragma once
/// What the emitted templates show of a derived platform: who each resource is there for, and
/// whether the proofs hold.
#include <optional>
#include <string>

#include "requirements/derive.hpp"

namespace shopsim::cli {

/// Reads the templates of a folder that `shopsim generate` wrote. No value, and findings, if there
/// are none or one is broken.
std::optional<requirements::TemplateEvidence> read_evidence(const std::string& folder,
                                                            const requirements::Rules& rules,
                                                            sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
