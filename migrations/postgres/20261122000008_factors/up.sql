-- A second factor, what replaces it once, invitations, one-time links, and what a session has proved.
ALTER TABLE sessions ADD COLUMN second_factor_at timestamptz;
ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '';
CREATE TABLE factors (
  id uuid NOT NULL PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people (id),
  secret bytea NOT NULL,
  last_step bigint NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz
);
CREATE INDEX factors_person_id_idx ON factors (person_id);
CREATE TABLE recovery_codes (
  person_id uuid NOT NULL REFERENCES people (id),
  code_hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (person_id, code_hash)
);
-- Of the link only a digest is kept; its secret is derived when the mail is written.
CREATE TABLE invitations (
  id uuid NOT NULL PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people (id),
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  voided_at timestamptz
);
CREATE INDEX invitations_person_id_idx ON invitations (person_id);
CREATE TABLE sign_in_links (
  id uuid NOT NULL PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people (id),
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT sign_in_links_secret_hash_key UNIQUE (secret_hash)
);
CREATE INDEX sign_in_links_person_id_idx ON sign_in_links (person_id);
-- Failed attempts for addresses nobody has, so that they are locked out as known ones are.
CREATE TABLE sign_in_misses (
  address_hash bytea NOT NULL PRIMARY KEY,
  failed bigint NOT NULL,
  locked_until timestamptz,
  updated_at timestamptz NOT NULL
);
CREATE INDEX sign_in_misses_updated_at_idx ON sign_in_misses (updated_at);
