-- Who signs in, as whom, and since when.
CREATE TABLE people (
  id BLOB NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  lang TEXT NOT NULL CHECK (lang IN ('cy','en','both')),
  password_hash TEXT,
  active INTEGER NOT NULL,
  failed_sign_ins INTEGER NOT NULL,
  locked_until INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  CONSTRAINT people_email_key UNIQUE (email)
) STRICT;
CREATE TABLE sessions (
  id BLOB NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL,
  person_id BLOB NOT NULL REFERENCES people (id),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  CONSTRAINT sessions_token_hash_key UNIQUE (token_hash)
) STRICT;
CREATE INDEX sessions_person_id_idx ON sessions (person_id);
CREATE TABLE api_clients (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash BLOB NOT NULL,
  scopes TEXT NOT NULL,
  active INTEGER NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
-- A role somewhere. Dated and stated: only a confirmed one that has begun and not ended counts.
CREATE TABLE memberships (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB REFERENCES people (id),
  client_id BLOB REFERENCES api_clients (id),
  role TEXT NOT NULL CHECK (role IN ('school_submitter','dsp','headteacher','officer','team_lead','safeguarding_lead','in_reach_worker','analyst','auditor','administrator','integration')),
  school_id BLOB REFERENCES schools (id),
  service_id BLOB REFERENCES services (id),
  officer_id BLOB REFERENCES officers (id),
  deputy INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('invited','accepted','confirmed','ended')),
  begins_at INTEGER NOT NULL,
  ends_at INTEGER,
  CHECK ((person_id IS NULL) <> (client_id IS NULL))
) STRICT;
CREATE INDEX memberships_person_id_idx ON memberships (person_id);
CREATE INDEX memberships_client_id_idx ON memberships (client_id);
CREATE INDEX memberships_school_id_idx ON memberships (school_id, role);
CREATE INDEX memberships_service_id_idx ON memberships (service_id);
CREATE INDEX memberships_officer_id_idx ON memberships (officer_id);
