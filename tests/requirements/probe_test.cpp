#include <cstdio>
#include <cstdlib>
#include "reading_helper.hpp"
namespace shopsim::requirements {
TEST(Probe, Prints) {
  const char* file = std::getenv("PROBE");
  if (file == nullptr) return;
  std::ifstream stream(file);
  std::string line;
  while (std::getline(stream, line)) {
    if (line.empty()) continue;
    std::string text = line;
    std::size_t at;
    while ((at = text.find("\\n")) != std::string::npos) text.replace(at, 2, "\n");
    for (const auto& s : test::understood(text)) {
      if (s.status == Status::heading) continue;
      std::printf("%-18s %s\n    -> ", std::string(to_text(s.status)).c_str(), s.reading.clause.text.c_str());
      for (const auto& f : s.findings) std::printf("%s%s%s ", f.refused ? "!" : "", f.fact.c_str(), f.quantity ? ("[" + to_text(*f.quantity) + "]").c_str() : "");
      for (const auto& f : s.not_applied) std::printf("(%s%s) ", f.refused ? "!" : "", f.fact.c_str());
      if (!s.left.empty()) { std::printf(" LEFT:"); for (auto& w : s.left) std::printf(" %s", w.c_str()); }
      for (auto& r : s.reasons) std::printf(" {%s}", r.c_str());
      std::printf("\n");
    }
  }
}
}
