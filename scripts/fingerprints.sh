#!/usr/bin/env bash
# Runs the fingerprint tests (name *Fingerprint*) of every suite with g++'s build, with clang's
# build, and with g++'s build on a CPU that seems to lack FMA and AVX2 to the C library. The
# fingerprints are constants in the tests, so that passing everywhere means: the same bytes
# everywhere.
#   scripts/fingerprints.sh [folder for JUnit files]
set -uo pipefail
cd "$(dirname "$0")/.."
results=${1:-build/test-results/fingerprints}
mkdir -p "$results"
failed=0

suites=()
for source in $(grep -rl Fingerprint tests --include='*.cpp' | cut -d/ -f2 | sort -u); do
  suites+=("test_$source")
done
if [[ ${#suites[@]} -eq 0 ]]; then echo "there is no test named *Fingerprint*"; exit 0; fi
scripts/build.sh release "${suites[@]}" && scripts/build.sh clang-sanitize "${suites[@]}" || exit

for suite in "${suites[@]}"; do
  run() {  # run NAME BUILD
    echo "--- $suite, $1"
    "build/$2/tests/$suite" --gtest_brief=1 --gtest_filter='*Fingerprint*' \
      --gtest_output="xml:$results/$suite.$1.xml" || failed=1
  }
  run g++ release
  run clang clang-sanitize
  GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA run without-fma release
done
exit "$failed"
