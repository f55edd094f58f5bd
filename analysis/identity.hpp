#pragma once
/// What the results of a run or a search depend on, as text: a journal belongs to it.
#include <string>
#include <string_view>

#include "models/load.hpp"

namespace shopsim::analysis {

/// The files of counts that a scenario names (trace, keys), as they were read.
std::string counts_text(const models::LoadedScenario& loaded);

/// All prices and speeds.
std::string catalogue_text(const models::Catalogue& catalogue);

/// A short name of a text: equal texts have equal ones. FNV-1a of 64 bits, twice, in hexadecimal.
std::string text_hash(std::string_view text);

}  // namespace shopsim::analysis
