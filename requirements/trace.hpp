#pragma once
/// The trace as Markdown: every sentence, what was understood, what follows from it, or that it was
/// not understood; and in reverse every component and setting with its reason.
#include <string>

#include "requirements/derive.hpp"

namespace shopsim::requirements {

[[nodiscard]] std::string trace_text(const Derivation& derivation, const Rules& rules,
                                     const DeriveOptions& options, const std::string& documents);

}  // namespace shopsim::requirements
