#!/usr/bin/env bash
# Builds and runs the benchmarks; results are printed and kept as JSON in build/bench-results.
#   scripts/bench.sh [filter]       a regular expression over the names of the benchmarks
set -euo pipefail
cd "$(dirname "$0")/.."
filter=${1:-.}
scripts/build.sh release
mkdir -p build/bench-results
shopt -s nullglob
programs=(build/release/bench/bench_*)
if [[ ${#programs[@]} -eq 0 ]]; then echo "there is no bench/*.cpp"; fi
for program in "${programs[@]}"; do
  if [[ ! -f $program || ! -x $program ]]; then continue; fi
  echo "=== $(basename "$program")"
  "$program" --benchmark_filter="$filter" --benchmark_out_format=json \
    --benchmark_out="build/bench-results/$(basename "$program").json"
done
if [[ report_load =~ $filter && -x .venv/bin/python ]]; then
  echo "=== report_load"
  .venv/bin/python bench/report_load.py
fi
