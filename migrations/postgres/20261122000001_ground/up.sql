-- What everything stands on: the audit chain, keys of children, replayed requests, sessions and who may sign in.
CREATE TABLE audit_entries (
  seq bigint NOT NULL PRIMARY KEY,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('anonymous','person','client','system')),
  actor_id uuid,
  action text NOT NULL,
  object_kind text NOT NULL,
  object_id uuid,
  school_id uuid,
  request_id text NOT NULL,
  detail text NOT NULL,
  prev bytea NOT NULL,
  hash bytea NOT NULL
);
CREATE INDEX audit_entries_object_idx ON audit_entries (object_kind, object_id, seq);
-- One row: the last link. It is locked for the length of a commit, so the sequence has no gaps.
CREATE TABLE audit_head (
  id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
  seq bigint NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, decode(repeat('00',32),'hex'));
CREATE TABLE child_keys (
  id uuid NOT NULL PRIMARY KEY,
  kek_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE idempotency_keys (
  actor_kind text NOT NULL,
  actor_id uuid NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  status bigint NOT NULL,
  answer bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (actor_kind, actor_id, key)
);
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);
-- Append-only: an entry is never changed or removed.
CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are append-only';
END $$;
CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse();
