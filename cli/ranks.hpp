#pragma once
/// The one door to MPI: the processes that `mpirun -n K shopsim ...` starts. Rank 0 decides and
/// prints, the others answer its questions one at a time. Without mpirun there is one process and
/// MPI is never started.
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "analysis/tuning_helpers.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::cli {

class Ranks final : public analysis::UnitHelpers {
 public:
  /// Null: this is the only process. Code: no-mpi (started by mpirun, but built without MPI).
  static std::unique_ptr<Ranks> join(sim::Diagnostics& diagnostics);
  /// Of rank 0: lets the others end.
  ~Ranks() override;

  [[nodiscard]] bool is_first() const;
  /// Whether all ranks were given the same text. Every rank calls it once.
  [[nodiscard]] bool agree(const std::string& text) const;

  /// Of the others: answers until rank 0 has ended or `stop` is set. No answer ends it, too.
  void serve(const std::function<std::optional<std::string>(const std::string&)>& answer,
             const std::atomic<bool>& stop) const;

  [[nodiscard]] std::size_t count() const override;
  void ask(std::size_t helper, const std::string& question) override;
  [[nodiscard]] std::optional<Answer> answered() override;

 private:
  struct World;
  explicit Ranks(std::unique_ptr<World> world);
  std::unique_ptr<World> world_;
};

}  // namespace shopsim::cli
