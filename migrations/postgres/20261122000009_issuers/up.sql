-- People known by an OpenID Connect issuer: bound by issuer and subject, never by e-mail alone.
CREATE TABLE issuer_links (
  issuer text NOT NULL,
  subject text NOT NULL,
  person_id uuid NOT NULL REFERENCES people (id),
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject),
  CONSTRAINT issuer_links_person_id_issuer_key UNIQUE (person_id, issuer)
);
-- A sign-in on its way to an issuer and back: digests only, one use, ten minutes, bound to one browser.
CREATE TABLE issuer_states (
  state_hash bytea NOT NULL PRIMARY KEY,
  browser_hash bytea NOT NULL,
  issuer text NOT NULL,
  next text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX issuer_states_expires_at_idx ON issuer_states (expires_at);
-- The issuer a membership comes from; nothing for one an administrator gave.
ALTER TABLE memberships ADD COLUMN source text;
-- The code of the issuer a session was opened by; nothing for a password's.
ALTER TABLE sessions ADD COLUMN issuer text;
