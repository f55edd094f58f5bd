#!/usr/bin/env bash
# Fuzzes a reader with libFuzzer (clang, address and undefined behaviour sanitizers).
#   scripts/fuzz.sh TARGET [SECONDS]     document, quantity, trace, results, templates, requirements
# New inputs stay in build/fuzz/corpus; one that crashes is written to build/fuzz. Put it into
# fuzz/corpus/<target>: the test suite replays that folder.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-document}
seconds=${2:-60}
cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang \
  -DSHOPSIM_FUZZ=ON -DSHOPSIM_TESTS=OFF -DSHOPSIM_BENCH=OFF \
  -DSHOPSIM_SANITIZE=fuzzer-no-link,address,undefined >build/fuzz.configure.log
cmake --build build/fuzz --parallel "$(nproc)" --target "fuzz_$target"
mkdir -p "build/fuzz/corpus/$target"
if [[ $target == results && ! -e build/fuzz/corpus/results/run.h5 ]]; then
  scripts/build.sh release shopsim
  build/release/shopsim run scenarios/normal_day.yaml -q -o build/fuzz/corpus/results/run.h5 \
    --set "duration=6 min" --set "warm_up=1 min" --set traffic.growth=0.02 || [[ $? -ne 2 ]]
fi
export LSAN_OPTIONS=suppressions=$PWD/fuzz/leak_suppressions.txt
longest=4096
[[ $target == results ]] && longest=2000000
exec "build/fuzz/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len="$longest" -timeout=10 \
  -artifact_prefix=build/fuzz/ "build/fuzz/corpus/$target" "fuzz/corpus/$target"
