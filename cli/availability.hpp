#pragma once
/// The verb `availability`.
#include "cli/verbs.hpp"

namespace shopsim::cli {

VerbEntry availability_verb();

}  // namespace shopsim::cli
