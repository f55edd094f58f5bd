#!/usr/bin/env bash
# The whole test suite, stage after stage, then one summary of what ran, failed and was skipped.
#   scripts/test.sh [long] [stage...]      stages: the stage_* functions below, in that order
#
# A test with "Heavy" in its name runs in the g++ build only: sanitizers make it too slow. `long`
# leaves nothing out and sets SHOPSIM_LONG=1, which tests may read to take larger samples.
# In CI a public validator that is missing is a failure; elsewhere it is a skip, by name.
set -uo pipefail
cd "$(dirname "$0")/.."

readonly results=$PWD/build/test-results
readonly sanitized_folders="sim models"
readonly required_validators="cfn-lint cloudformation-validate checkov cdk-nag"
readonly all_stages="release sanitizers replication fingerprints validators python"
skip_heavy=(-E 'Heavy|Fingerprint')  # the fingerprints have a stage of their own
if [[ ${1:-} == long ]]; then
  shift
  export SHOPSIM_LONG=1
  skip_heavy=(-E Fingerprint)
fi
if [[ ${CI:-} == true ]]; then export SHOPSIM_REQUIRE_VALIDATORS=1; fi
# Reports of the sanitizers with file and line, also where no llvm-symbolizer is installed.
export ASAN_OPTIONS=allow_addr2line=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=allow_addr2line=1:halt_on_error=1

has_tests() { compgen -G "tests/$1/*.cpp" >/dev/null; }
skip() { printf '%s\t%s\n' "$1" "$2" >>"$results/$stage/skipped.tsv"; }
record() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$results/$stage/checks.tsv"; }
run_ctest() {  # run_ctest BUILD [ctest option...]: the results go to the stage's folder
  local build=$1
  shift
  ${run_ctest_with:-} ctest --test-dir "build/$build" -j "$(nproc)" --output-on-failure --progress \
    --output-junit "$results/$stage/ctest.xml" "$@"
}

# Every test of the build that people use.
stage_release() {
  scripts/build.sh release || return
  run_ctest release
}

# Address and undefined behaviour, under the second compiler.
stage_sanitizers() {
  local folder targets=()
  for folder in $sanitized_folders; do
    if has_tests "$folder"; then targets+=("test_$folder"); fi
  done
  if [[ ${#targets[@]} -eq 0 ]]; then skip "sanitizers" "no test of $sanitized_folders"; return; fi
  scripts/build.sh clang-sanitize "${targets[@]}" || return
  ctest --test-dir build/clang-sanitize -N -R Heavy -L "^(${sanitized_folders// /|})$" |
    sed -n 's/^ *Test *#[0-9]*: //p' | while read -r heavy; do
      if [[ -z ${SHOPSIM_LONG:-} ]]; then skip "$heavy" "heavy: runs in the g++ build only"; fi
    done
  run_ctest clang-sanitize -L "^(${sanitized_folders// /|})$" "${skip_heavy[@]}"
}

# Data races in the one place that has threads: the replications.
stage_replication() {
  if ! grep -qs Replicat tests/analysis/*.cpp; then
    skip "replication under the thread sanitizer" "tests/analysis has no test named *Replicat*"
    return
  fi
  # The thread sanitizer of clang 14 cannot live with much randomness in addresses.
  local fixed_addresses=()
  if setarch -R true 2>/dev/null; then fixed_addresses=(setarch -R); fi
  "${fixed_addresses[@]}" scripts/build.sh tsan test_analysis || return
  run_ctest_with="${fixed_addresses[*]}" run_ctest tsan -L '^analysis$' -R Replicat
}

# The same numbers from both compilers, and from a CPU without FMA and AVX2.
stage_fingerprints() {
  if ! grep -rqs Fingerprint tests --include='*.cpp'; then
    skip "fingerprints" "there is no test named *Fingerprint*"
    return
  fi
  scripts/fingerprints.sh "$results/$stage"
}

stage_validators() {
  local validator seen
  for validator in $required_validators; do
    if seen=$(scripts/validate.sh --version-of "$validator" 2>&1); then
      record passed "validator $validator is installed" "$seen"
    elif [[ ${CI:-} == true ]]; then
      record failed "validator $validator is installed" "missing: run make deps"
    else
      skip "validator $validator" "not installed: run make deps"
    fi
  done
}

# Scripts, repository tidiness, notebooks. Exit code 5 of pytest means that there was no test.
stage_python() {
  local folders=() code=0
  if [[ ! -x .venv/bin/pytest ]]; then
    if [[ ${CI:-} == true ]]; then echo "no .venv: run make deps" >&2; return 1; fi
    skip "python" "no .venv: run make deps"
    return
  fi
  if [[ -d tests/python ]]; then folders+=(tests/python); fi
  if compgen -G 'notebooks/test_*.py' >/dev/null; then folders+=(notebooks); fi
  .venv/bin/python -m pytest -q --junitxml="$results/$stage/pytest.xml" "${folders[@]}" || code=$?
  if [[ $code -eq 5 ]]; then return 0; fi
  return "$code"
}

rm -rf "$results"
mkdir -p "$results"
for stage in ${*:-$all_stages}; do
  if ! declare -F "stage_$stage" >/dev/null; then
    echo "error: no stage is called '$stage': $all_stages" >&2
    exit 2
  fi
  echo
  echo "=== $stage"
  mkdir -p "$results/$stage"
  started=$SECONDS
  "stage_$stage"
  code=$?
  seconds=$((SECONDS - started))
  echo "=== $stage took $seconds s"
  printf '%s\t%d\t%d\n' "$stage" "$code" "$seconds" >>"$results/stages.tsv"
done
python3 scripts/summarize_tests.py "$results"
