#!/usr/bin/env bash
# Installs the Debian packages of the groups named on the command line (see system_packages.txt).
# Does nothing, at once, when all of them are there.
#   scripts/install_system_packages.sh build [test]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[[ ${SHOPSIM_SKIP_INSTALL:-} == 1 ]] && exit 0

wanted=()
for group in "$@"; do
  while read -r line_group package _; do
    if [[ $line_group == "$group" ]]; then wanted+=("$package"); fi
  done <"$here/system_packages.txt"
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "error: this is no Debian system, so its packages cannot be installed for you." >&2
  echo "Install the counterparts of: ${wanted[*]}" >&2
  echo "and run again with SHOPSIM_SKIP_INSTALL=1." >&2
  exit 1
fi

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  if [[ $status != *installed || $status == *not-installed ]]; then missing+=("$package"); fi
done
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "error: these packages are missing and neither root nor sudo is at hand:" >&2
    echo "  ${missing[*]}" >&2
    echo "Ask an administrator to run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "installing: ${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
"${apt[@]}" update
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}"
