#!/usr/bin/env bash
# What sealing and auditing cost: µs to seal, open and record, their share of POST referral and GET content, rows a second
# of a key rotation, entries a second of a verification. On SQLite, or on PostgreSQL with DOLEN_TEST_DATABASE=postgres://…
#
#   bench/sealing.sh [--requests 200] [--rows 20000] [--entries 100000]
#
# It builds tests/examples/sealing.rs with --release (PROFILE=dev for another) and runs it in one process with the service.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec cargo run --quiet --profile "${PROFILE:-release}" -p dolen-tests --example sealing -- "$@"
