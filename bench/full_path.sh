#!/usr/bin/env bash
# Every figure of docs/performance.md's first section: engine, whole path, threads, peak memory of
# each shipped scenario.
#   bench/full_path.sh [hours]      of the Black Friday (24); shorter days have colder caches
set -euo pipefail
cd "$(dirname "$0")/.."
export SHOPSIM_BENCH_DURATION="${1:-24} h"
scripts/build.sh release bench_engine bench_full_path shopsim
build/release/bench/bench_engine --benchmark_filter='run_plan|recursion'
build/release/bench/bench_full_path

# Peak memory of every shipped scenario at its full length.
measure() {
  /usr/bin/env python3 - "$@" <<'PY'
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"{peak:5d} MB  exit {code}  {' '.join(sys.argv[2:])}")
PY
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for scenario in scenarios/*.yaml; do
  case $scenario in */space.yaml | */season.yaml) continue ;; esac
  measure build/release/shopsim run "$scenario" --quiet -o "$folder/run.h5"
done
