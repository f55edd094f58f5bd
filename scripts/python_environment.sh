#!/usr/bin/env bash
# Makes the Python environments of the tests and notebooks from the pinned lists; instant when
# they are up to date. checkov has its own, because it holds others' versions back by years.
#   .venv          python_packages.txt
#   .venv-checkov  python_packages_checkov.txt
set -euo pipefail
cd "$(dirname "$0")/.."
[[ ${SHOPSIM_SKIP_INSTALL:-} == 1 ]] && exit 0
python=${PYTHON:-/usr/bin/python3}

make_environment() {
  local folder=$1 list=$2 stamp
  stamp="$folder/made-from.txt"
  if cmp -s "$list" "$stamp"; then return; fi
  echo "making $folder from $list"
  rm -rf "$folder"
  "$python" -m venv "$folder"
  "$folder/bin/pip" install --quiet --no-deps --requirement "$list"
  "$folder/bin/pip" check --quiet
  cp "$list" "$stamp"
}

make_environment .venv scripts/python_packages.txt
make_environment .venv-checkov scripts/python_packages_checkov.txt
