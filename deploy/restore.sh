#!/usr/bin/env bash
# Restores a backup that deploy/backup.sh wrote into a new database, and proves it.
#
#   deploy/restore.sh BACKUP DATABASE_URL
#
# The database named must be new: a SQLite file that is not there, or a PostgreSQL database without tables. Stop `dolen
# serve` and `dolen worker` first if they would use it. Afterwards the schema is brought up to date and the audit record
# is verified with the `dolen` binary (DOLEN=path, default: the one in PATH).
#
# The keys are not in a backup. Proving the audit record needs none; the service needs the ones it had. With CHECKPOINTS
# (the folder) and PUBLIC_KEY (a file) set, the record is proved against the checkpoints kept elsewhere. On PostgreSQL give
# the owner's address, then run `dolen migrate up` with it and the service's address to let the service in.
set -euo pipefail
umask 077

[ $# -eq 2 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
backup=$(realpath "$1") url=$2
dolen=$(command -v "${DOLEN:-dolen}") || { echo "dolen was not found: set DOLEN to its path" >&2; exit 1; }
dolen=$(realpath "$dolen")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -f "$backup.sha256" ] || { echo "$backup.sha256 is missing: this backup is not complete" >&2; exit 1; }
(cd "$(dirname "$backup")" && sha256sum --check --quiet "$(basename "$backup").sha256")

case $url in
  postgres://* | postgresql://*)
    [[ $backup == *.pgdump ]] || { echo "$backup is no backup of PostgreSQL" >&2; exit 1; }
    tables=$(psql -X -A -t -d "$url" -c "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()")
    [ "$tables" = 0 ] || { echo "the database has tables already; restore into an empty one" >&2; exit 1; }
    pg_restore --dbname="$url" --single-transaction --exit-on-error --no-owner --no-privileges "$backup"
    ;;
  *)
    [[ $backup == *.db.gz ]] || { echo "$backup is no backup of SQLite" >&2; exit 1; }
    path=${url#sqlite:}
    path=$(realpath -m "${path#//}")
    url=sqlite:$path
    for one in "$path" "$path-wal" "$path-shm"; do
      [ ! -e "$one" ] || { echo "$one is there already; move it away first" >&2; exit 1; }
    done
    mkdir -p "$(dirname "$path")"
    gunzip --stdout "$backup" >"$path.restoring"
    found=$(sqlite3 "$path.restoring" "PRAGMA integrity_check; PRAGMA foreign_key_check;")
    [ "$found" = ok ] || { echo "the restored file is damaged: $found" >&2; exit 1; }
    sync "$path.restoring"
    mv "$path.restoring" "$path"
    ;;
esac

# Without keys, and away from any dolen.toml: neither command opens anything sealed.
against=()
if [ -n "${CHECKPOINTS:-}" ]; then
  against=(--checkpoints "$(realpath "$CHECKPOINTS")" --public-key "$(realpath "${PUBLIC_KEY:?the public half of the checkpoint key}")")
fi
cd "$work"
proof=(env -i "PATH=$PATH" "HOME=$work" "PGPASSFILE=${PGPASSFILE:-$HOME/.pgpass}" "$dolen")
"${proof[@]}" migrate up --database-url "$url"
"${proof[@]}" audit verify --database-url "$url" ${against[@]+"${against[@]}"} || {
  code=$?
  [ ${#against[@]} -eq 0 ] || echo "a backup is older than the newest checkpoints: that the end is missing is to be expected, anything else is not" >&2
  exit $code
}
echo "restored; give the file to the service's user if that is another, and start with the keys that belong to it"
