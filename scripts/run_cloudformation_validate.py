"""Runs AWS's own offline validator over templates; exits 1 on a finding of level WARN or worse.

    .venv/bin/python scripts/run_cloudformation_validate.py TEMPLATE...
"""

import sys

from cloudformation_validate import CompositeEngine  # type: ignore[import-untyped]

BLOCKING = {"FATAL", "ERROR", "WARN"}


def main() -> int:
    engine = CompositeEngine()
    blocking = 0
    for template in sys.argv[1:]:
        for finding in engine.validate_template(template).diagnostics:
            level = finding.severity.name
            blocking += level in BLOCKING
            print(f"{template}: {level.lower()} {finding.rule_id}: {finding.message}")
    return 1 if blocking else 0


if __name__ == "__main__":
    sys.exit(main())
