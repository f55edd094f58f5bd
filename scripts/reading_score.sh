#!/usr/bin/env bash
# Prints how much of other people's texts `shopsim derive` reads, and how much of that rightly.
# usage: scripts/reading_score.sh [--misses]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=build/release/tests/test_requirements
[ -x "$binary" ] || binary=build/release/test_requirements
if [ "${1:-}" = --misses ]; then export SHOPSIM_SHOW_MISSES=1; fi
"$binary" --gtest_filter='Gold.*' --gtest_brief=1
