#include "models/key_trace.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace shopsim::models {

namespace {

/// Renumbers ids of first appearance to ids by rank.
KeyTrace by_rank(std::vector<std::uint32_t> ids, const std::vector<std::uint64_t>& counts) {
  std::vector<std::uint32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
  std::vector<std::uint32_t> rank(counts.size());
  KeyTrace trace;
  trace.counts.resize(counts.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    trace.counts[i] = counts[order[i]];
  }
  for (auto& id : ids) id = rank[id];
  trace.ids = std::move(ids);
  return trace;
}

}  // namespace

std::optional<KeyTrace> parse_key_trace(std::string_view text, const std::string& file,
                                        sim::Diagnostics& diagnostics) {
  // Only looked up, never iterated: the order of ids comes from the text.
  std::unordered_map<std::string_view, std::uint32_t> known;
  std::vector<std::uint32_t> ids;
  std::vector<std::uint64_t> counts;
  std::uint32_t line = 0;
  while (!text.empty()) {
    ++line;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view key = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!key.empty() && key.back() == '\r') key.remove_suffix(1);
    if (key.empty()) {
      diagnostics.error("empty-key", {file, line, 1}, "an empty line where a cache key is expected",
                        "write one key per line and no empty lines");
      return std::nullopt;
    }
    const auto [entry, is_new] = known.emplace(key, static_cast<std::uint32_t>(counts.size()));
    if (is_new) counts.push_back(0);
    ++counts[entry->second];
    ids.push_back(entry->second);
  }
  if (ids.empty()) {
    diagnostics.error("empty-key-trace", {file, 0, 0}, "the key trace holds no key",
                      "write one key per line");
    return std::nullopt;
  }
  return by_rank(std::move(ids), counts);
}

}  // namespace shopsim::models
