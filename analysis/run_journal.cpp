// The file: a line of JSON that says what it belongs to, then for each replication a line of JSON
// with sizes and a hash, the bytes of its summary and its periods, and an end of line.
#include "analysis/run_journal.hpp"

#include <cerrno>
#include <functional>
#include <nlohmann/json.hpp>
#include <system_error>

#include "analysis/identity.hpp"
#include "analysis/replication_bytes.hpp"
#include "models/drawn_inputs.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::analysis {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "shopsim run journal";
constexpr int kVersion = 1;

std::string head_line(const std::string& identity) {
  return json({{"format", kFormat}, {"version", kVersion}, {"identity", identity}}).dump();
}

/// Of a frame: its numbers are part of it, so that no changed one can lead astray.
std::string hash_of(const json& numbers, std::string_view body) {
  return text_hash(numbers.dump() + std::string(body));
}

/// A replication as it stands in the file.
std::string frame_of(const Replication& replication) {
  std::string body = summary_bytes(replication.summary);
  const std::size_t summary = body.size();
  replication.periods->copy_to(body);
  json head = {{"replication", replication.summary.replication},
               {"summary", summary},
               {"periods", body.size() - summary},
               {"records", replication.periods->records()}};
  head["hash"] = hash_of(head, body);
  return head.dump() + '\n' + body + '\n';
}

/// One frame that was read.
struct FrameText {
  std::uint32_t replication = 0;
  std::uint64_t summary = 0;
  std::uint64_t periods = 0;
  std::uint64_t records = 0;
  std::uint64_t begin = 0;  ///< of the body, in the file
  std::string text;         ///< all of it, as it stands in the file
};

/// What a file holds, frame after frame.
class FrameReader {
 public:
  explicit FrameReader(const std::string& path) : stream_(path, std::ios::binary) {
    if (stream_) std::getline(stream_, head_);
    is_cut_ = stream_.eof();
    at_ = head_.size() + 1;
  }
  /// The first line; `is_cut`: no end of line stands behind it.
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] bool is_cut() const { return is_cut_; }
  [[nodiscard]] bool is_open() const { return stream_.is_open(); }
  /// Up to here the file is whole.
  [[nodiscard]] std::uint64_t whole() const { return at_; }
  [[nodiscard]] bool is_damaged() const { return is_damaged_; }

  /// The next whole frame; nothing at the end, at what a kill cut off, and at what is damaged.
  std::optional<FrameText> next() {
    std::string line;
    if (is_cut_ || !std::getline(stream_, line) || stream_.eof()) return std::nullopt;
    FrameText frame;
    json head;
    std::string hash;
    try {
      head = json::parse(line);
      frame.replication = head.at("replication");
      frame.summary = head.at("summary");
      frame.periods = head.at("periods");
      frame.records = head.at("records");
      hash = head.at("hash");
      head.erase("hash");
    } catch (const json::exception&) {
      is_damaged_ = true;
      return std::nullopt;
    }
    frame.begin = at_ + line.size() + 1;
    const auto body = read(frame.summary + frame.periods + 1);
    if (!body) return std::nullopt;
    if (hash_of(head, std::string_view(*body).substr(0, body->size() - 1)) != hash) {
      is_damaged_ = true;
      return std::nullopt;
    }
    frame.text = line + '\n' + *body;
    at_ += frame.text.size();
    return frame;
  }

 private:
  /// Exactly so many bytes; nothing: the file ends before. Never makes more room than there are.
  std::optional<std::string> read(std::uint64_t size) {
    constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
    std::string bytes;
    while (bytes.size() < size) {
      const std::size_t before = bytes.size();
      bytes.resize(before + static_cast<std::size_t>(std::min(kPiece, size - before)));
      stream_.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
      if (!stream_) return std::nullopt;
    }
    return bytes;
  }

  std::ifstream stream_;
  std::string head_;
  bool is_cut_ = false;
  bool is_damaged_ = false;
  std::uint64_t at_ = 0;
};

void report_damage(const std::string& path, sim::Diagnostics& diagnostics) {
  diagnostics.error("damaged-journal", {path, 0, 0}, "a replication in it is not as it was written",
                    "remove the journal; its replications have to run again");
}

}  // namespace

std::string run_identity(const models::LoadedScenario& loaded,
                         const std::string& program_version) {
  models::Scenario scenario = loaded.scenario;
  const models::ReplicationConfig defaults;
  scenario.replications.least = defaults.least;
  scenario.replications.most = defaults.most;
  scenario.replications.precision = defaults.precision;
  return text_hash(program_version + "\n" + replication_layout() + "\n" +
                   models::with_laws(sim::to_canonical_yaml(scenario), loaded.scenario_draws) +
                   counts_text(loaded) +
                   models::with_laws(sim::to_canonical_yaml(loaded.platform),
                                     loaded.platform_draws) +
                   catalogue_text(loaded.catalogue));
}

std::unique_ptr<RunJournal> RunJournal::open(const std::string& path, const std::string& identity,
                                             sim::Diagnostics& diagnostics) {
  auto journal = std::make_unique<RunJournal>();
  journal->path_ = path;
  const std::string head = head_line(identity);
  std::error_code error;
  bool is_new = true;
  if (std::filesystem::exists(path, error)) {
    FrameReader reader(path);
    // A kill may have cut off the head itself; nothing is behind it then.
    is_new = reader.is_cut() && head.starts_with(reader.head());
    if (!is_new && reader.head() != head) {
      const bool is_journal = reader.head().find(kFormat) != std::string::npos;
      diagnostics.error("other-journal", {path, 1, 1},
                        is_journal ? "the journal belongs to another version, scenario, platform, "
                                     "seed or price list"
                                   : "the file is no journal of a run",
                        "give another file with --journal, or remove this one");
      return nullptr;
    }
    while (auto frame = reader.next()) {
      journal->frames_[frame->replication] = {frame->begin, frame->summary, frame->periods,
                                              frame->records};
    }
    if (reader.is_damaged()) {
      report_damage(path, diagnostics);
      return nullptr;
    }
    std::filesystem::resize_file(path, is_new ? 0 : reader.whole(), error);
  }
  const auto folder = journal->path_.parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  journal->stream_.open(path, std::ios::binary | std::ios::app);
  if (is_new) journal->stream_ << head << '\n' << std::flush;
  if (journal->stream_) return journal;
  diagnostics.error("output-not-writable", {path}, "the journal cannot be written",
                    "choose another file with --journal, or make its folder writable");
  return nullptr;
}

bool RunJournal::has(std::uint32_t replication) const {
  const std::lock_guard lock(mutex_);
  return frames_.contains(replication);
}

models::RunSummary RunJournal::play(std::uint32_t replication, models::PeriodSink& sink) const {
  Frame frame;
  {
    const std::lock_guard lock(mutex_);
    frame = frames_.at(replication);
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(frame.summary + frame.periods));
  std::ifstream stream(path_, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(frame.begin));
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!stream) {
    throw std::system_error(errno, std::generic_category(), "cannot read " + path_.string());
  }
  const auto all = std::span<const std::uint8_t>(bytes);
  PeriodSpool spool;
  spool.restore(all.subspan(static_cast<std::size_t>(frame.summary)),
                static_cast<std::size_t>(frame.records));
  PeriodReader reader(spool);
  for (models::PeriodRecord record; reader.next(record);) sink.close_period(record);
  return bytes_summary(all.first(static_cast<std::size_t>(frame.summary)));
}

void RunJournal::add(const Replication& replication) {
  if (has(replication.summary.replication)) return;
  const std::string frame = frame_of(replication);
  const std::lock_guard lock(mutex_);
  stream_ << frame << std::flush;
  if (!stream_) {
    throw std::system_error(errno, std::generic_category(), "cannot write " + path_.string());
  }
  frames_[replication.summary.replication];  // it is not played in the run that made it
}

std::vector<std::uint32_t> RunJournal::replications() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint32_t> all;
  for (const auto& [replication, frame] : frames_) all.push_back(replication);
  return all;
}

bool is_run_journal(const std::string& path) {
  return FrameReader(path).head().find(kFormat) != std::string::npos;
}

std::optional<std::string> merge_run_journals(const std::vector<std::string>& paths,
                                              sim::Diagnostics& diagnostics) {
  std::string head;
  std::map<std::uint32_t, std::string> frames;  // [replication]
  for (const std::string& path : paths) {
    FrameReader reader(path);
    if (reader.head().find(kFormat) == std::string::npos) {
      diagnostics.error("no-journal", {path, 1, 1},
                        reader.is_open() ? "the file is no journal of a run"
                                         : "there is no journal to read",
                        "name the files that were given with --journal");
      continue;
    }
    if (head.empty()) head = reader.head();
    if (head != reader.head()) {
      diagnostics.error("other-journal", {path, 1, 1},
                        "the journal belongs to another run than " + paths.front(),
                        "merge journals of one version, scenario, platform, seed and price list");
      continue;
    }
    while (auto frame = reader.next()) {
      const auto [known, is_new] = frames.emplace(frame->replication, frame->text);
      if (is_new || known->second == frame->text) continue;
      diagnostics.error("other-result", {path, 0, 0},
                        "another journal holds another result of replication " +
                            std::to_string(frame->replication),
                        "one of the two was not written by this program, or was changed");
    }
    if (reader.is_damaged()) report_damage(path, diagnostics);
  }
  if (diagnostics.has_errors()) return std::nullopt;
  std::string merged = head + '\n';
  for (const auto& [replication, text] : frames) merged += text;
  return merged;
}

}  // namespace shopsim::analysis
