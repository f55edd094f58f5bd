#pragma once
/// A small shop with a rush, as files: a scenario of 20 minutes, its platform, and a space.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "analysis/tuning_search.hpp"
#include "models/page_table.hpp"

namespace shopsim::analysis::testing {

inline std::string small_scenario(const std::string& name, double sessions_per_day,
                                  double rush) {
  return "name: " + name + R"(
platform: platform.yaml
start: 12:00
duration: 20 min
warm_up: 3 min
traffic:
  sessions_per_day: )" + std::to_string(sessions_per_day) + R"(
  hourly_shape: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
  spikes:
    - {name: rush, start: "12:05", ramp_up: 1 min, hold: 7 min, ramp_down: 1 min, factor: )" +
         std::to_string(rush) + R"(}
clients:
  pages_per_session: 8
  think: {exponential: {mean: 4 s}}
catalogue: {products: 5000, images: 2000}
slos:
  - {name: checkout p95, metric: latency, request_class: checkout, percentile: 95,
     limit_time: 600 ms, window: 5 min}
  - {name: orders lost, metric: orders_lost, limit_share: 1 %}
replications: {least: 5, most: 5, seed: 7}
)";
}

/// The same shop with a tenth of the customers, whose pages take ten times the CPU: as near to its
/// limits for a tenth of the work.
inline std::string tiny_scenario() {
  std::string pages;
  for (const models::PageConfig& page : models::builtin_pages()) {
    const std::string seconds = std::to_string(10 * page.cpu.a);
    pages += "    - {name: " + page.name + ", cpu: {gamma: {mean: " + seconds +
             " s, cv: 0.7}}}\n";
  }
  std::string text = small_scenario("tiny", 45'000, 3);
  const auto replace = [&text](const std::string& old, const std::string& with) {
    text.replace(text.find(old), old.size(), with);
  };
  replace("clients:\n", "clients:\n  timeout: 60 s\n  pages:\n" + pages);
  replace("limit_time: 600 ms", "limit_time: 6 s");
  replace("duration: 20 min\n", "duration: 14 min\n");
  replace("{products: 5000, images: 2000}", "{products: 500, images: 200}");
  return text;
}

inline const char* const kSmallPlatform = R"(# the small shop
name: small
web:
  instance_type: t3.medium  # what it runs on
  workers: 32
  scaling:
    minimum: 1
    maximum: 3
    desired: 1
    policies:
      - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}
)";

inline const char* const kSmallSpace = R"(name: small
tunables:
  - path: web.instance_type
    values: [t3.medium, c7g.large, c7g.xlarge]
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    from: 1
    to: 3
constraints: [web.scaling.minimum <= web.scaling.maximum]
mission: {servers_least: 1}
)";

/// The files in a folder that is gone after the test.
class TuningFiles {
 public:
  TuningFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "shopsim-tune-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    write("scenario.yaml", small_scenario("small", 450'000, 3));
    write("platform.yaml", kSmallPlatform);
    write("space.yaml", kSmallSpace);
  }
  TuningFiles(const TuningFiles&) = delete;
  TuningFiles& operator=(const TuningFiles&) = delete;
  ~TuningFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  std::unique_ptr<TuningProblem> load(sim::Diagnostics& diagnostics,
                                      std::vector<std::string> sets = {}) const {
    TuningInput input{{path("scenario.yaml")}, path("space.yaml"), {}, "test"};
    input.load.sets = std::move(sets);
    return load_tuning_problem(input, diagnostics);
  }
  /// The same; the test fails with the findings if there are any.
  std::unique_ptr<TuningProblem> load() const {
    sim::Diagnostics diagnostics;
    auto problem = load(diagnostics);
    EXPECT_NE(problem, nullptr) << sim::to_text(diagnostics);
    return problem;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace shopsim::analysis::testing
