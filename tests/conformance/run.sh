#!/usr/bin/env bash
# Holds a running server against its own OpenAPI document: made-up requests, right and wrong ones.
#
#   tests/conformance/run.sh BASE_URL CREDENTIALS [further options of `schemathesis run`]
#
# DOLEN_CONFORMANCE_EXAMPLES: how many requests for each operation at most (25).
# DOLEN_CONFORMANCE_SEED: which ones (1), so that a failure can be seen again.
# Closes with `N passed, N failed`, an operation being one test.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -lt 2 ]; then
  echo "usage: tests/conformance/run.sh BASE_URL CREDENTIALS [options of schemathesis run]" >&2
  exit 2
fi
base=${1%/}
credentials=$(realpath "$2")
shift 2

bin=$(realpath "${DOLEN_VENV:-$here/../.cache/venv}")/bin
report=$here/../.cache/conformance
rm -rf "$report"
mkdir -p "$report"
# Its notes for a replay are left where it runs.
cd "$report"

# One worker and one seed: the same requests in the same order. No example database: a run owes nothing to the last.
# Valid data may still be refused (a closed campaign, a pupil of another school), so that check can't hold here.
# Below `limits.requests_per_minute`: 429 says nothing of what was asked.
# The health checks speak of slow generation, which is this machine's affair and not the API's.
code=0
DOLEN_BASE_URL=$base DOLEN_CREDENTIALS=$credentials PYTHONPATH=$here SCHEMATHESIS_HOOKS=hooks \
  "$bin/schemathesis" --config-file "$here/schemathesis.toml" --no-color run "$base/v1/openapi.json" \
  --origin "$base" \
  --workers 1 \
  --seed "${DOLEN_CONFORMANCE_SEED:-1}" \
  --max-examples "${DOLEN_CONFORMANCE_EXAMPLES:-25}" \
  --generation-database none \
  --checks all --exclude-checks positive_data_acceptance \
  --suppress-health-check all \
  --request-timeout 10 \
  --rate-limit 40/s \
  --continue-on-failure --max-failures 50 \
  --report junit --report-junit-path "$report/junit.xml" \
  "$@" || code=$?

counts=$("$bin/python" - "$report/junit.xml" "$code" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree

code = int(sys.argv[2])
passed = failed = skipped = 0
try:
    for case in tree.parse(sys.argv[1]).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
except (OSError, tree.ParseError) as error:
    print(f"no report: {error}", file=sys.stderr)
# The tool may stop before its first request; that must not read as a success.
if failed == 0 and (code != 0 or passed == 0):
    failed = 1
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
PYTHON
)
echo "$counts"
case $counts in *" 0 failed"*) exit "$code" ;; *) exit 1 ;; esac
