#!/usr/bin/env bash
# Writes one verified backup of Dolen's database.
#
#   deploy/backup.sh DATABASE_URL FOLDER [KEEP_DAYS]
#
# DATABASE_URL is what the service uses: sqlite:PATH or postgres://…. The service may go on running. The result is
# FOLDER/dolen-TIME.db.gz or FOLDER/dolen-TIME.pgdump, with its SHA-256 beside it, readable by its owner alone.
# With KEEP_DAYS, older backups in FOLDER are removed after a new one is complete.
#
# The keys are not in it, and must not lie beside it: see docs/operations.md. Nothing in this script reads them.
set -euo pipefail
umask 077

[ $# -ge 2 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
url=$1 folder=$2 keep=${3:-}
case $keep in *[!0-9]*) echo "KEEP_DAYS is a whole number" >&2; exit 2 ;; esac
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
name=dolen-$(date -u +%Y%m%dT%H%M%SZ)
work=$(mktemp -d "$folder/.unfinished.XXXXXX")
trap 'rm -rf "$work"' EXIT

need() { command -v "$1" >/dev/null || { echo "$1 is needed and was not found" >&2; exit 1; }; }

case $url in
  postgres://* | postgresql://*)
    need pg_dump
    need pg_restore
    file=$name.pgdump
    pg_dump --dbname="$url" --format=custom --no-owner --no-privileges --file="$work/$file"
    pg_restore --list "$work/$file" >"$work/list"
    grep -q "TABLE DATA .* audit_entries" "$work/list" || { echo "the dump holds no audit record" >&2; exit 1; }
    rm "$work/list"
    ;;
  *)
    need sqlite3
    path=${url#sqlite:}
    path=${path#//}
    [ -f "$path" ] || { echo "$path is not there" >&2; exit 1; }
    file=$name.db.gz
    # One snapshot of one moment, whole and without what was deleted. Copying the file itself would miss its WAL.
    sqlite3 -bail "file:$(realpath "$path")?mode=ro" ".timeout 30000" "VACUUM INTO '$work/$name.db'"
    found=$(sqlite3 "$work/$name.db" "PRAGMA integrity_check; PRAGMA foreign_key_check;")
    [ "$found" = ok ] || { echo "the copy is damaged: $found" >&2; exit 1; }
    gzip "$work/$name.db"
    ;;
esac

(cd "$work" && sha256sum "$file" >"$file.sha256")
sync "$work/$file" "$work/$file.sha256"
# The checksum last: a backup without one is unfinished.
mv "$work/$file" "$folder/"
mv "$work/$file.sha256" "$folder/"
sync "$folder"
if [ -n "$keep" ]; then
  find "$folder" -maxdepth 1 -type f -name 'dolen-*' -mmin "+$((keep * 1440))" -delete
fi
echo "$folder/$file"
