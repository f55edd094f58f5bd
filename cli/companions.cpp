#include "cli/companions.hpp"

#include <cstdlib>
#include <initializer_list>

namespace shopsim::cli {

bool has_companions() {
  // Open MPI's mpirun; launchers that speak PMI (MPICH's, Slurm's).
  for (const char* const name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    const char* const size = std::getenv(name);
    if (size != nullptr && std::atoi(size) > 1) return true;
  }
  return false;
}

}  // namespace shopsim::cli
