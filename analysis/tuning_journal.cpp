#include "analysis/tuning_journal.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <type_traits>

namespace shopsim::analysis {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "shopsim tuning journal";
constexpr int kVersion = 1;

/// Usage holds nothing but numbers: new ones need no change here.
static_assert(std::is_trivially_copyable_v<models::Usage> &&
              sizeof(models::Usage) % sizeof(double) == 0);
using UsageNumbers = std::array<double, sizeof(models::Usage) / sizeof(double)>;

json sample_json(const PromiseSample& sample) {
  return json::array({sample.is_known, sample.value, sample.first_breach, sample.bad, sample.whole,
                      sample.bottleneck});
}

PromiseSample sample_of(const json& from) {
  return {from.at(0), from.at(1), from.at(2), from.at(3), from.at(4), from.at(5)};
}

std::string head_line(const std::string& identity) {
  return json({{"format", kFormat}, {"version", kVersion}, {"identity", identity}}).dump();
}

}  // namespace

std::string unit_to_line(const std::string& key, const UnitResult& result) {
  json promises = json::array();
  for (const PromiseSample& sample : result.promises) promises.push_back(sample_json(sample));
  return json({{"unit", key},
               {"promises", promises},
               {"usage", std::bit_cast<UsageNumbers>(result.usage)},
               {"numbers",
                {result.pages, result.orders_placed, result.orders_lost, result.value_lost,
                 result.cache_miss_ratio, result.servers_mean}},
               {"stopped", result.stopped}})
      .dump();
}

std::optional<std::pair<std::string, UnitResult>> line_to_unit(const std::string& line) {
  try {
    const json from = json::parse(line);
    UnitResult result;
    for (const json& sample : from.at("promises")) result.promises.push_back(sample_of(sample));
    result.usage = std::bit_cast<models::Usage>(from.at("usage").get<UsageNumbers>());
    const json& numbers = from.at("numbers");
    result.pages = numbers.at(0);
    result.orders_placed = numbers.at(1);
    result.orders_lost = numbers.at(2);
    result.value_lost = numbers.at(3);
    result.cache_miss_ratio = numbers.at(4);
    result.servers_mean = numbers.at(5);
    result.stopped = from.at("stopped");
    return std::pair(from.at("unit").get<std::string>(), std::move(result));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

bool TuningJournal::read(const std::string& path, const std::string& head,
                         sim::Diagnostics& diagnostics) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::size_t end = text.find('\n');
  // A kill may have cut off the head itself; nothing of a unit is behind it then.
  if (end == std::string::npos && head.starts_with(text)) {
    std::filesystem::resize_file(path, 0);
    return true;
  }
  if (text.substr(0, end) != head) {
    const bool is_journal = text.find(kFormat) != std::string::npos;
    diagnostics.error("other-journal", {path, 1, 1},
                      is_journal ? "the journal belongs to another version, space, scenario, "
                                   "platform or price list"
                                 : "the file is no journal of tune",
                      "give another file with --journal, or remove this one");
    return false;
  }
  std::size_t whole = end + 1;
  std::uint32_t number = 1;
  while ((end = text.find('\n', whole)) != std::string::npos) {
    ++number;
    auto unit = line_to_unit(text.substr(whole, end - whole));
    if (!unit) {
      diagnostics.error("damaged-journal", {path, number, 1}, "this line is no finished unit",
                        "remove this line and those behind it");
      return false;
    }
    units_.insert(std::move(*unit));
    whole = end + 1;
  }
  if (whole < text.size()) std::filesystem::resize_file(path, whole);
  return true;
}

std::optional<TuningJournal> TuningJournal::open(const std::string& path,
                                                 const std::string& identity,
                                                 sim::Diagnostics& diagnostics) {
  TuningJournal journal;
  if (path.empty()) return journal;
  const std::string head = head_line(identity);
  journal.path_ = path;
  std::error_code error;
  if (std::filesystem::exists(path, error) && !journal.read(path, head, diagnostics)) {
    return std::nullopt;
  }
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  const bool is_new = !std::filesystem::exists(path, error) ||
                      std::filesystem::file_size(path, error) == 0;
  journal.stream_.open(path, std::ios::binary | std::ios::app);
  if (is_new) journal.stream_ << head << '\n' << std::flush;
  if (journal.stream_) return journal;
  diagnostics.error("output-not-writable", {path}, "the journal cannot be written",
                    "choose another file with --journal, or make its folder writable");
  return std::nullopt;
}

const UnitResult* TuningJournal::find(const std::string& key) const {
  const auto found = units_.find(key);
  return found == units_.end() ? nullptr : &found->second;
}

void TuningJournal::add(const std::string& key, const UnitResult& result) {
  if (!path_.empty()) {
    stream_ << unit_to_line(key, result) + '\n' << std::flush;
    if (!stream_) {
      throw std::system_error(errno, std::generic_category(), "cannot write " + path_);
    }
  }
  units_.insert_or_assign(key, result);
}

std::optional<std::string> merge_journals(const std::vector<std::string>& paths,
                                          sim::Diagnostics& diagnostics) {
  std::string merged;
  std::map<std::string, std::string> lines;  // of each unit
  for (const std::string& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    std::string line;
    if (!std::getline(stream, line) || line.find(kFormat) == std::string::npos) {
      diagnostics.error("no-journal", {path, 1, 1},
                        stream ? "the file is no journal of tune" : "there is no journal to read",
                        "name the files that were given with --journal");
      continue;
    }
    if (merged.empty()) merged = line + '\n';
    if (merged.substr(0, merged.find('\n')) != line) {
      diagnostics.error("other-journal", {path, 1, 1},
                        "the journal belongs to another search than " + paths.front(),
                        "merge journals of one version, space, platform and price list, and of "
                        "the same scenarios");
      continue;
    }
    std::uint32_t number = 1;
    // A line without an end was cut off by a kill.
    while (std::getline(stream, line) && !stream.eof()) {
      ++number;
      const auto unit = line_to_unit(line);
      if (!unit) {
        diagnostics.error("damaged-journal", {path, number, 1}, "this line is no finished unit",
                          "remove this line and those behind it");
        break;
      }
      const auto [known, is_new] = lines.emplace(unit->first, line);
      if (is_new) merged += line + '\n';
      if (known->second != line) {
        diagnostics.error("other-result", {path, number, 1},
                          "another journal holds another result of " + sim::shown(unit->first),
                          "one of the two was not written by this program, or was changed");
      }
    }
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return merged;
}

}  // namespace shopsim::analysis
