#pragma once
/// What a script sees of a call of shopsim.

namespace shopsim::cli {

enum ExitCode : int {
  kMet = 0,        ///< every promise is met; the call did what it should
  kMissed = 1,     ///< a promise is missed, or a check found errors in what it checked
  kBadInput = 2,   ///< a file or the command line is wrong; no output file was touched
  kUndecided = 3,  ///< an interval straddles its limit
  kInternal = 70,  ///< a bug of ours, or the machine failed (disk full)
  kInterrupted = 130,
};

}  // namespace shopsim::cli
