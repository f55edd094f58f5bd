#pragma once
#include "cli/verbs.hpp"

namespace shopsim::cli {

VerbEntry merge_verb();

}  // namespace shopsim::cli
