-- A second factor, what replaces it once, invitations, one-time links, and what a session has proved.
ALTER TABLE sessions ADD COLUMN second_factor_at INTEGER;
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE TABLE factors (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES people (id),
  secret BLOB NOT NULL,
  last_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER
) STRICT;
CREATE INDEX factors_person_id_idx ON factors (person_id);
CREATE TABLE recovery_codes (
  person_id BLOB NOT NULL REFERENCES people (id),
  code_hash BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (person_id, code_hash)
) STRICT;
-- Of the link only a digest is kept; its secret is derived when the mail is written.
CREATE TABLE invitations (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES people (id),
  secret_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  voided_at INTEGER
) STRICT;
CREATE INDEX invitations_person_id_idx ON invitations (person_id);
CREATE TABLE sign_in_links (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES people (id),
  secret_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  CONSTRAINT sign_in_links_secret_hash_key UNIQUE (secret_hash)
) STRICT;
CREATE INDEX sign_in_links_person_id_idx ON sign_in_links (person_id);
-- Failed attempts for addresses nobody has, so that they are locked out as known ones are.
CREATE TABLE sign_in_misses (
  address_hash BLOB NOT NULL PRIMARY KEY,
  failed INTEGER NOT NULL,
  locked_until INTEGER,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_misses_updated_at_idx ON sign_in_misses (updated_at);
