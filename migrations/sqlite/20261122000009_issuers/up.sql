-- People known by an OpenID Connect issuer: bound by issuer and subject, never by e-mail alone.
CREATE TABLE issuer_links (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id BLOB NOT NULL REFERENCES people (id),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject),
  CONSTRAINT issuer_links_person_id_issuer_key UNIQUE (person_id, issuer)
) STRICT;
-- A sign-in on its way to an issuer and back: digests only, one use, ten minutes, bound to one browser.
CREATE TABLE issuer_states (
  state_hash BLOB NOT NULL PRIMARY KEY,
  browser_hash BLOB NOT NULL,
  issuer TEXT NOT NULL,
  next TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX issuer_states_expires_at_idx ON issuer_states (expires_at);
-- The issuer a membership comes from; nothing for one an administrator gave.
ALTER TABLE memberships ADD COLUMN source TEXT;
-- The code of the issuer a session was opened by; nothing for a password's.
ALTER TABLE sessions ADD COLUMN issuer TEXT;
