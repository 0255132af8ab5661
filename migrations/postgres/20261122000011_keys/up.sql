-- Keys of ours that a new master key leaves as they are, master keys out of use, and signed checkpoints of the audit record.
CREATE TABLE system_keys (
  purpose text NOT NULL PRIMARY KEY CHECK (purpose IN ('system','index','tags')),
  kek_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL
);
-- A database that was used before: the next start puts in, wrapped, what was derived from its master key until now.
-- No key id and nothing wrapped says so. A new database has no rows and is given random keys.
INSERT INTO system_keys (purpose, kek_id, wrapped, created_at)
  SELECT p.column1, '', '\x', 'epoch' FROM (VALUES ('system'), ('index'), ('tags')) AS p WHERE (SELECT seq FROM audit_head) > 0;
CREATE TABLE retired_keys (
  kek_id text NOT NULL PRIMARY KEY,
  retired_at timestamptz NOT NULL
);
CREATE INDEX child_keys_kek_id_idx ON child_keys (kek_id, id);
CREATE TABLE audit_checkpoints (
  number bigint NOT NULL PRIMARY KEY,
  size bigint NOT NULL,
  head bytea NOT NULL,
  at timestamptz NOT NULL,
  digest bytea NOT NULL,
  line text NOT NULL
);
-- Append-only, like the entries they vouch for.
CREATE FUNCTION audit_checkpoints_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'checkpoints are append-only';
END $$;
CREATE TRIGGER audit_checkpoints_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit_checkpoints_refuse();
