#!/usr/bin/env bash
# Resident memory of an idle `dolen serve`, on SQLite and on PostgreSQL, and the size of the binary.
#
#   bench/memory.sh [BINARY]        default: target/release/dolen
#
# The database holds the demonstration data; the worker runs inside, mail is off. Memory is read from /proc after the
# service has been ready for ten seconds, without a request (BENCH_SETTLE: other seconds). PostgreSQL's own memory
# is not counted; its half is left out, and said to be, where its programs are missing.
set -euo pipefail

binary=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../target/release/dolen}")
[ -x "$binary" ] || { echo "$binary is not there: cargo build --release" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/dolen-memory.XXXXXX")
settle=${BENCH_SETTLE:-10}
server='' postgres_bin='' as=()

finish() {
  trap - EXIT INT TERM
  set +e
  [ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null
  [ ! -f "$work/postgres/data/postmaster.pid" ] || (cd "$work/postgres" && "${as[@]}" "$postgres_bin/pg_ctl" -D data -m fast -s stop)
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_postgres() {
  postgres_bin=$(find /usr/lib/postgresql/*/bin -maxdepth 1 -name initdb 2>/dev/null | sort -V | tail -1)
  postgres_bin=${postgres_bin:-$(command -v initdb || true)}
  postgres_bin=${postgres_bin%/initdb}
  [ -n "$postgres_bin" ] || return 1
  local at=$work/postgres
  mkdir "$at"
  if [ "$(id -u)" -eq 0 ]; then
    # It refuses to run as root.
    as=(setpriv --reuid=postgres --regid=postgres --init-groups)
    chmod 711 "$work"
    chown postgres "$at"
  fi
  port=$(free_port)
  (
    cd "$at"
    "${as[@]}" "$postgres_bin/initdb" -D data -U dolen --auth=trust -E UTF8 --locale=C.UTF-8 >initdb.log
    "${as[@]}" "$postgres_bin/pg_ctl" -D data -l "$at/log" -w -s \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$at" start
  )
  "$postgres_bin/createdb" -h 127.0.0.1 -p "$port" -U dolen dolen
}

# NAME URL
measure() {
  local demo=$work/$1 port begun ready
  port=$(free_port)
  "$binary" demo --dir "$demo" --port "$port" --database-url "$2" --no-serve >/dev/null
  begun=$(date +%s%N)
  DOLEN_KEYS_MASTER_FILE=$demo/keys/master.hex DOLEN_KEYS_SIGNING_FILE=$demo/keys/signing.hex \
    "$binary" serve --database-url "$2" --set "server.bind=127.0.0.1:$port" --set server.metrics_bind= \
    --set mail.transport=off --set log.level=warn --set database.allow_superuser=true &
  server=$!
  until curl -sf --noproxy '*' -o /dev/null "http://127.0.0.1:$port/readyz"; do
    kill -0 "$server" 2>/dev/null || { echo "$1: the service stopped" >&2; exit 1; }
    sleep 0.01
  done
  ready=$(date +%s%N)
  sleep "$settle"
  awk -v name="$1" -v ms=$(((ready - begun) / 1000000)) \
    '/^VmRSS:/ { printf "%-10s idle %.1f MB resident, ready after %d ms\n", name, $2 * 1.024 / 1000, ms }' "/proc/$server/status"
  kill "$server"
  wait "$server" || true
  server=''
}

awk -v bytes="$(stat -c %s "$binary")" 'BEGIN { printf "binary     %.1f MB\n", bytes / 1e6 }'
measure sqlite "sqlite:$work/sqlite.db"
if start_postgres; then
  measure postgres "postgres://dolen@127.0.0.1:$port/dolen"
else
  echo "postgres   left out: initdb was not found"
fi
