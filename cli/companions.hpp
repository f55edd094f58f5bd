#pragma once

namespace shopsim::cli {

/// Whether a launcher of MPI programs (mpirun) has started this process beside others. Looks at
/// the launcher's environment variables, so that a program alone never starts MPI.
bool has_companions();

}  // namespace shopsim::cli
