// What a person at a terminal sees, and what a pipe gets instead.
#include <pty.h>
#include <sys/wait.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

constexpr const char* kUtf8 = "TERM=xterm-256color LC_ALL=C.UTF-8";
constexpr char kEscape = '\x1b';

/// Standard output of the program on a terminal of 24 lines and so many columns, with no other
/// environment than the one given.
std::string on_terminal(const std::string& environment, const std::string& arguments,
                        unsigned short columns = 80) {
  const Folder folder;
  const std::string command = "cd '" + folder.path().string() + "' && exec env -i " + environment +
                              " '" SHOPSIM_PROGRAM "' " + arguments + " 2>/dev/null";
  winsize size{24, columns, 0, 0};
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  std::string output;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t count = read(terminal, part.data(), part.size());
    if (count <= 0) break;  // a terminal that nobody writes to any more gives an error
    output.append(part.data(), static_cast<std::size_t>(count));
  }
  close(terminal);
  int status = 0;
  waitpid(child, &status, 0);
  std::erase(output, '\r');
  return output;
}

std::string tiny_run(const std::string& options = "") {
  return short_run("black_friday") + "--set start=20:00 -q -r 5 -j 2 " + options;
}

/// The report without --quiet.
std::string tiny_report() {
  std::string arguments = tiny_run();
  arguments.erase(arguments.find("-q "), 3);
  return arguments;
}

bool has_blocks(const std::string& text) { return text.find("█") != text.npos; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Characters on the screen.
std::size_t width(const std::string& line) {
  const std::string plain = std::regex_replace(line, std::regex("\x1b\\[[0-9;]*m"), "");
  return static_cast<std::size_t>(std::count_if(plain.begin(), plain.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

TEST(Terminal, ShowsTheVerdictInColourAndAChartOfTheRun) {
  const std::string out = on_terminal(kUtf8, tiny_report());
  EXPECT_TRUE(std::regex_search(out, std::regex("^\x1b\\[1;3[123]m(MET|MISSED|UNDECIDED)\x1b")))
      << out.substr(0, 200);
  EXPECT_TRUE(has_blocks(out)) << out;
  for (const char* part : {"The run over time", "pages wanted", "web servers", "web CPU", "20:00",
                           "20:20", "means of 5 replications"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part;
  }
  const std::string chart = out.substr(out.find("  pages wanted"));
  for (const std::string& line : lines_of(chart.substr(0, chart.find("Latency over")))) {
    EXPECT_LE(width(line), 80U) << line;
  }
}

TEST(Terminal, RespectsNoColorButNotAnEmptyOne) {
  const std::string without = on_terminal(std::string(kUtf8) + " NO_COLOR=1", tiny_report());
  EXPECT_EQ(without.find(kEscape), std::string::npos);
  EXPECT_TRUE(has_blocks(without));
  const std::string with = on_terminal(std::string(kUtf8) + " NO_COLOR=", tiny_run());
  EXPECT_NE(with.find(kEscape), std::string::npos);
}

TEST(Terminal, IsPlainWhereTheLocaleOrTheTerminalIs) {
  const auto is_ascii = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
  };
  const std::string out = on_terminal("TERM=xterm LC_ALL=C LANG=C.UTF-8", tiny_report());
  EXPECT_NE(out.find("web CPU"), std::string::npos);
  EXPECT_TRUE(is_ascii(out)) << out;
  const std::string dumb = on_terminal("TERM=dumb LC_ALL=C.UTF-8", tiny_report());
  EXPECT_TRUE(is_ascii(dumb));
  EXPECT_EQ(dumb.find(kEscape), std::string::npos);
}

TEST(Terminal, TheChartIsAsWideAsTheTerminal) {
  const auto widest = [](const std::string& out) {
    std::size_t most = 0;
    for (const std::string& line : lines_of(out)) {
      if (line.starts_with("  pages wanted")) most = std::max(most, width(line));
    }
    return most;
  };
  const std::size_t narrow = widest(on_terminal(kUtf8, tiny_report(), 80));
  const std::size_t wide = widest(on_terminal(kUtf8, tiny_report(), 110));
  EXPECT_LE(narrow, 80U);
  EXPECT_GT(wide, narrow);
  EXPECT_LE(wide, 110U);
}

TEST(Terminal, APipeGetsNeitherColourNorChart) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), tiny_report());
  EXPECT_EQ(run.out.find(kEscape), std::string::npos);
  EXPECT_FALSE(has_blocks(run.out));
  EXPECT_EQ(run.out.find("The run over time"), std::string::npos);
  EXPECT_NE(run.out.find("Latency over the run"), std::string::npos);
}

TEST(Terminal, QuietShowsTheVerdictOnlyAndJsonIsJson) {
  const std::string quiet = on_terminal(kUtf8, tiny_run());
  EXPECT_FALSE(has_blocks(quiet));
  EXPECT_EQ(quiet.find("Latency over"), std::string::npos);
  EXPECT_LE(lines_of(quiet).size(), 10U);
  const std::string json = on_terminal(kUtf8, tiny_run("--json"));
  EXPECT_TRUE(nlohmann::json::accept(json)) << json;
  EXPECT_EQ(json.find(kEscape), std::string::npos);
}

TEST(Help, FitsOneScreenAndShowsWhatANewcomerNeeds) {
  const Folder folder;
  const Outcome help = shopsim(folder.path(), "--help");
  EXPECT_EQ(help.code, 0);
  const auto lines = lines_of(help.out);
  EXPECT_LE(lines.size(), 23U);  // and the next prompt
  for (const std::string& line : lines) EXPECT_LE(width(line), 80U) << line;
  for (const char* first : {"shopsim run scenarios/", "shopsim report results/",
                            "shopsim explain web."}) {
    EXPECT_NE(help.out.find(first), std::string::npos) << first;
  }
}

TEST(Help, OfEveryCommandIsAtMost80ColumnsWide) {
  const Folder folder;
  const std::string general = shopsim(folder.path(), "--help").out;
  for (const char* verb : {"run", "compare", "headroom", "report", "derive", "generate", "check",
                           "explain", "schema", "validate", "verify", "swarm", "completion",
                           "man"}) {
    EXPECT_TRUE(std::regex_search(general, std::regex(std::string("\\b") + verb + "\\b"))) << verb;
    const Outcome help = shopsim(folder.path(), std::string(verb) + " --help");
    EXPECT_EQ(help.code, 0) << verb;
    EXPECT_NE(help.out.find("-h, --help"), std::string::npos) << verb;
    for (const std::string& line : lines_of(help.out)) EXPECT_LE(width(line), 80U) << line;
  }
}

/// What bash offers after these words, from the script that the program prints.
std::string offers(const Folder& folder, const std::string& words, int position) {
  const std::string script =
      "set -eu; source <('" SHOPSIM_PROGRAM "' completion bash); cd '" + folder.path().string() +
      "'; COMP_WORDS=('" SHOPSIM_PROGRAM "' " + words + "); COMP_CWORD=" +
      std::to_string(position) + "; _shopsim; printf '%s\\n' \"${COMPREPLY[@]-}\"";
  std::ofstream(folder.path() / "try.sh") << script;
  const auto out = folder.path() / "offers";
  const std::string command =
      "bash '" + (folder.path() / "try.sh").string() + "' >'" + out.string() + "' 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << content(out);
  return content(out);
}

TEST(Completion, InBashOffersCommandsOptionsFilesAndKeys) {
  const Folder folder;
  std::ofstream(folder.path() / "black friday.yaml") << "";
  std::filesystem::create_directory(folder.path() / "blue");
  EXPECT_EQ(offers(folder, "hea", 1), "headroom\n");
  EXPECT_EQ(offers(folder, "run --plat", 2), "--platform\n");
  EXPECT_EQ(offers(folder, "run black", 2), "black friday.yaml\n");
  EXPECT_EQ(offers(folder, "run --engine s", 3), "simgrid\n");
  EXPECT_EQ(offers(folder, "run x.yaml -s web.scaling.mini", 4), "web.scaling.minimum=\n");
  EXPECT_EQ(offers(folder, "run x.yaml --set scenario.faults[0].a", 4),
            "scenario.faults[0].at=\nscenario.faults[0].after=\n");
  EXPECT_EQ(offers(folder, "explain platform.web.work", 2), "platform.web.workers\n");
  EXPECT_EQ(offers(folder, "schema pl", 2), "platform\n");
  EXPECT_EQ(offers(folder, "generate -o bl", 3), "blue\n");
  EXPECT_EQ(offers(folder, "run --seed 1", 3), "\n");  // a number is nobody's guess
}

/// Runs a checker over what the program prints; skips where there is no such checker.
void check_with(const std::string& checker, const std::string& words, const std::string& command) {
  if (std::system(("command -v " + checker + " >/dev/null").c_str()) != 0) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << checker << " must not be missing in CI";
    GTEST_SKIP() << checker << " is not installed: run make deps";
  }
  const Folder folder;
  const auto said = folder.path() / "said";
  const std::string line = "'" SHOPSIM_PROGRAM "' " + words + " >'" +
                           (folder.path() / "made").string() + "' && cd '" +
                           folder.path().string() + "' && " + command + " >said 2>&1";
  EXPECT_EQ(std::system(line.c_str()), 0) << content(said);
  EXPECT_EQ(content(said), "");
}

TEST(Completion, ForZshAndFishIsReadByThem) {
  check_with("zsh", "completion zsh",
             "zsh -fc 'autoload -Uz compinit; compinit -D -u; source ./made'");
  // fish tells what it would offer.
  check_with("fish", "completion fish",
             "export HOME=.; offers() { fish -c \"source made; complete -C 'shopsim $1'\"; }; "
             "offers 'schema pl' | grep -q platform && offers 'run --quie' | grep -q quiet && "
             "offers headr | grep -q headroom");
}

TEST(ManPage, IsWithoutFault) {
  check_with("groff", "man", "groff -man -Tutf8 -ww -z made");
  check_with("mandoc", "man", "mandoc -T lint -W warning made");  // no output, no fault
}

TEST(ManPage, NamesEveryOptionOfEveryCommand) {
  if (std::system("command -v groff >/dev/null") != 0) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << "groff must not be missing in CI";
    GTEST_SKIP() << "groff is not installed: run make deps";
  }
  const Folder folder;
  const std::string page = shopsim(folder.path(), "man | groff -man -Tascii -P-c -P-u -P-b").out;
  for (const char* part : {"shopsim run SCENARIO [options]", "-o, --output FILE", "--replications",
                           "NO_COLOR", "EXIT STATUS", "shopsim man [options]"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part << '\n' << page;
  }
}

}  // namespace
}  // namespace shopsim::cli
