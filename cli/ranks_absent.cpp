// In the place of ranks.cpp where MPI is not linked (-DSHOPSIM_MPI=OFF): there is one process.
#include "cli/companions.hpp"
#include "cli/ranks.hpp"

namespace shopsim::cli {

struct Ranks::World {};

Ranks::Ranks(std::unique_ptr<World> world) : world_(std::move(world)) {}

std::unique_ptr<Ranks> Ranks::join(sim::Diagnostics& diagnostics) {
  if (has_companions()) {
    diagnostics.error("no-mpi", {"mpirun", 0, 0},
                      "this program was built without MPI, its processes would know nothing of "
                      "each other",
                      "build it with -DSHOPSIM_MPI=ON, or share the work with --shard");
  }
  return nullptr;
}

// Nobody has one, so nobody calls these.
Ranks::~Ranks() = default;
bool Ranks::is_first() const { return true; }
bool Ranks::agree(const std::string&) const { return true; }
void Ranks::serve(const std::function<std::optional<std::string>(const std::string&)>&,
                  const std::atomic<bool>&) const {}
std::size_t Ranks::count() const { return 0; }
void Ranks::ask(std::size_t, const std::string&) {}
std::optional<analysis::UnitHelpers::Answer> Ranks::answered() { return std::nullopt; }

}  // namespace shopsim::cli
