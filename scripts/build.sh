#!/usr/bin/env bash
# Configures and builds one of the three builds. Without targets: everything.
#   scripts/build.sh release|clang-sanitize|tsan [target...]
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
shift

case $name in
  release) options=(-DCMAKE_CXX_COMPILER=g++ -DCMAKE_C_COMPILER=gcc) ;;
  clang-sanitize) sanitizers=address,undefined ;;
  tsan) sanitizers=thread ;;
  *) echo "error: no build is called '$name': release, clang-sanitize, tsan" >&2; exit 2 ;;
esac
if [[ -n ${sanitizers:-} ]]; then
  # Open MPI leaks on purpose and is not built for the thread sanitizer.
  options=(-DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang -DSHOPSIM_BENCH=OFF
    -DSHOPSIM_MPI=OFF "-DSHOPSIM_SANITIZE=$sanitizers")
fi

log=build/$name.configure.log
mkdir -p build
if ! cmake -S . -B "build/$name" -G Ninja "${options[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
cmake --build "build/$name" --parallel "$(nproc)" ${1:+--target "$@"}
