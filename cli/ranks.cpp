#include "cli/ranks.hpp"

#include <boost/mpi/collectives.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "cli/companions.hpp"

namespace shopsim::cli {
namespace {

namespace mpi = boost::mpi;

constexpr int kQuestion = 1;
constexpr int kAnswer = 2;
constexpr int kEnd = 3;
/// Waiting ranks look for a message so often; MPI's own waiting would keep a core busy.
constexpr auto kPause = std::chrono::milliseconds(1);

void send(const mpi::communicator& world, int rank, int tag, const std::string& text) {
  world.send(rank, tag, text.data(), static_cast<int>(text.size()));
}

std::string receive(const mpi::communicator& world, const mpi::status& from) {
  std::vector<char> text(static_cast<std::size_t>(from.count<char>().value_or(0)));
  world.recv(from.source(), from.tag(), text.data(), static_cast<int>(text.size()));
  return {text.begin(), text.end()};
}

}  // namespace

struct Ranks::World {
  mpi::environment environment{mpi::threading::funneled, false};
  mpi::communicator all;
};

Ranks::Ranks(std::unique_ptr<World> world) : world_(std::move(world)) {}

std::unique_ptr<Ranks> Ranks::join(sim::Diagnostics&) {
  if (!has_companions()) return nullptr;
  return std::unique_ptr<Ranks>(new Ranks(std::make_unique<World>()));
}

Ranks::~Ranks() {
  if (!is_first()) return;
  for (int rank = 1; rank < world_->all.size(); ++rank) send(world_->all, rank, kEnd, "");
}

bool Ranks::is_first() const { return world_->all.rank() == 0; }

bool Ranks::agree(const std::string& text) const {
  std::vector<char> first(text.begin(), text.end());
  int size = static_cast<int>(first.size());
  mpi::broadcast(world_->all, size, 0);
  first.resize(static_cast<std::size_t>(size));
  mpi::broadcast(world_->all, first.data(), size, 0);
  const int same = std::string(first.begin(), first.end()) == text ? 1 : 0;
  return mpi::all_reduce(world_->all, same, mpi::minimum<int>()) == 1;
}

void Ranks::serve(const std::function<std::optional<std::string>(const std::string&)>& answer,
                  const std::atomic<bool>& stop) const {
  while (!stop) {
    const auto message = world_->all.iprobe(0, mpi::any_tag);
    if (!message) {
      std::this_thread::sleep_for(kPause);
      continue;
    }
    const std::string text = receive(world_->all, *message);
    if (message->tag() == kEnd) return;
    const auto line = answer(text);
    if (!line) return;
    send(world_->all, 0, kAnswer, *line);
  }
}

std::size_t Ranks::count() const { return static_cast<std::size_t>(world_->all.size()) - 1; }

void Ranks::ask(std::size_t helper, const std::string& question) {
  send(world_->all, static_cast<int>(helper) + 1, kQuestion, question);
}

std::optional<analysis::UnitHelpers::Answer> Ranks::answered() {
  const auto message = world_->all.iprobe(mpi::any_source, kAnswer);
  if (!message) return std::nullopt;
  const auto helper = static_cast<std::size_t>(message->source()) - 1;
  return Answer{helper, receive(world_->all, *message)};
}

}  // namespace shopsim::cli
