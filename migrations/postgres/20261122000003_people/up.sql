-- Who signs in, as whom, and since when.
CREATE TABLE people (
  id uuid NOT NULL PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  lang text NOT NULL CHECK (lang IN ('cy','en','both')),
  password_hash text,
  active boolean NOT NULL,
  failed_sign_ins bigint NOT NULL,
  locked_until timestamptz,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT people_email_key UNIQUE (email)
);
CREATE TABLE sessions (
  id uuid NOT NULL PRIMARY KEY,
  token_hash bytea NOT NULL,
  person_id uuid NOT NULL REFERENCES people (id),
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT sessions_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX sessions_person_id_idx ON sessions (person_id);
CREATE TABLE api_clients (
  id uuid NOT NULL PRIMARY KEY,
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  scopes text NOT NULL,
  active boolean NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL
);
-- A role somewhere. Dated and stated: only a confirmed one that has begun and not ended counts.
CREATE TABLE memberships (
  id uuid NOT NULL PRIMARY KEY,
  person_id uuid REFERENCES people (id),
  client_id uuid REFERENCES api_clients (id),
  role text NOT NULL CHECK (role IN ('school_submitter','dsp','headteacher','officer','team_lead','safeguarding_lead','in_reach_worker','analyst','auditor','administrator','integration')),
  school_id uuid REFERENCES schools (id),
  service_id uuid REFERENCES services (id),
  officer_id uuid REFERENCES officers (id),
  deputy boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('invited','accepted','confirmed','ended')),
  begins_at timestamptz NOT NULL,
  ends_at timestamptz,
  CHECK ((person_id IS NULL) <> (client_id IS NULL))
);
CREATE INDEX memberships_person_id_idx ON memberships (person_id);
CREATE INDEX memberships_client_id_idx ON memberships (client_id);
CREATE INDEX memberships_school_id_idx ON memberships (school_id, role);
CREATE INDEX memberships_service_id_idx ON memberships (service_id);
CREATE INDEX memberships_officer_id_idx ON memberships (officer_id);
