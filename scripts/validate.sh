#!/usr/bin/env bash
# Runs the public validators over CloudFormation templates (JSON or YAML). Exit code 0: all clean.
#   scripts/validate.sh TEMPLATE...
#   scripts/validate.sh --version-of VALIDATOR
set -uo pipefail
templates=()
if [[ ${1:-} != --version-of ]]; then
  for template in "$@"; do templates+=("$(realpath "$template")"); done
fi
cd "$(dirname "$0")/.." || exit

version_of() {
  case $1 in
    cfn-lint) .venv/bin/cfn-lint --version ;;
    cloudformation-validate)
      .venv/bin/python -c 'import cloudformation_validate as c; print(c.version())' ;;
    checkov) .venv-checkov/bin/checkov --version ;;
    cdk-nag)
      (cd scripts/node_packages &&
        ../../.venv/bin/node -p 'require("cdk-nag").AwsSolutionsChecks &&
          require("cdk-nag/package.json").version') ;;
    *) echo "no validator is called '$1'" >&2; return 2 ;;
  esac
}

if [[ ${1:-} == --version-of ]]; then version_of "${2:-}"; exit; fi
if [[ $# -eq 0 ]]; then
  echo 'error: name the templates: make lint-templates TEMPLATES="a.json b.json"' >&2
  exit 2
fi

failed=0
check() {  # check NAME COMMAND...: prints one line for the validator, its output if it complains
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "passed  $name"
  else
    printf '%s\nFAILED  %s\n' "$output" "$name"
    failed=1
  fi
}

for template in "${templates[@]}"; do
  if [[ ! -r $template ]]; then echo "error: cannot read $template" >&2; exit 2; fi
  echo "=== $template"
  check cfn-lint .venv/bin/cfn-lint -- "$template"
  check cloudformation-validate .venv/bin/python scripts/run_cloudformation_validate.py "$template"
  check checkov .venv-checkov/bin/checkov --framework cloudformation --compact --quiet \
    --skip-download --file "$template"
done
exit "$failed"
