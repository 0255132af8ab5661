-- Keys of ours that a new master key leaves as they are, master keys out of use, and signed checkpoints of the audit record.
CREATE TABLE system_keys (
  purpose TEXT NOT NULL PRIMARY KEY CHECK (purpose IN ('system','index','tags')),
  kek_id TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
-- A database that was used before: the next start puts in, wrapped, what was derived from its master key until now.
-- No key id and nothing wrapped says so. A new database has no rows and is given random keys.
INSERT INTO system_keys (purpose, kek_id, wrapped, created_at)
  SELECT p.column1, '', x'', 0 FROM (VALUES ('system'), ('index'), ('tags')) AS p WHERE (SELECT seq FROM audit_head) > 0;
CREATE TABLE retired_keys (
  kek_id TEXT NOT NULL PRIMARY KEY,
  retired_at INTEGER NOT NULL
) STRICT;
CREATE INDEX child_keys_kek_id_idx ON child_keys (kek_id, id);
CREATE TABLE audit_checkpoints (
  number INTEGER NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  head BLOB NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB NOT NULL,
  line TEXT NOT NULL
) STRICT;
-- Append-only, like the entries they vouch for.
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER audit_checkpoints_no_replace BEFORE INSERT ON audit_checkpoints
  WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE number = NEW.number)
  BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
