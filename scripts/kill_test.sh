#!/usr/bin/env bash
# Kills (SIGKILL) a small search and a small run at random moments, so many times each, and looks
# whether they go on to the bytes of an undisturbed call without ever leaving a broken results file.
# `make test` does five kills of each.
#   scripts/kill_test.sh [KILLS]     default: 100; about a second each
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ! ${1:-100} =~ ^[1-9][0-9]*$ ]]; then
  echo "error: '$1' is no number of kills" >&2
  exit 2
fi
scripts/build.sh release test_cli
SHOPSIM_KILLS=${1:-100} build/release/tests/test_cli --gtest_filter='Kills.*'
