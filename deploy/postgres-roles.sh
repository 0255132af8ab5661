#!/usr/bin/env bash
# Makes the two roles and the database of compose.postgres.yaml, at PostgreSQL's first start.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v owner="$(cat /run/keys/owner)" -v service="$(cat /run/keys/postgres)" -U postgres <<'SQL'
CREATE ROLE dolen_owner LOGIN PASSWORD :'owner';
CREATE ROLE dolen LOGIN PASSWORD :'service';
CREATE DATABASE dolen OWNER dolen_owner ENCODING 'UTF8';
SQL
