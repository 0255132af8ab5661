-- Questionnaires, campaigns and answers. Answers stand alone: no foreign key, no time, no order, no batch.
CREATE TABLE instruments (
  id uuid NOT NULL PRIMARY KEY,
  code text NOT NULL,
  version bigint NOT NULL,
  definition jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  CONSTRAINT instruments_code_version_key UNIQUE (code, version)
);
CREATE TABLE campaigns (
  id uuid NOT NULL PRIMARY KEY,
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  academic_year text NOT NULL,
  title_cy text NOT NULL,
  title_en text NOT NULL,
  opens_on date NOT NULL,
  closes_on date NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  CHECK (opens_on <= closes_on)
);
CREATE INDEX campaigns_instrument_id_idx ON campaigns (instrument_id);
CREATE TABLE campaign_schools (
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  roll bigint,
  PRIMARY KEY (campaign_id, school_id)
);
CREATE INDEX campaign_schools_school_id_idx ON campaign_schools (school_id);
CREATE TABLE responses (
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  id uuid NOT NULL,
  year_group smallint NOT NULL,
  answers bytea NOT NULL,
  PRIMARY KEY (campaign_id, school_id, id)
);
CREATE TABLE response_keys (
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  key_hash bytea NOT NULL,
  PRIMARY KEY (campaign_id, school_id, key_hash)
);
CREATE TABLE submissions (
  id uuid NOT NULL PRIMARY KEY,
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  digest bytea NOT NULL,
  accepted bigint NOT NULL,
  rejected bigint NOT NULL,
  duplicates bigint NOT NULL,
  received_on date NOT NULL,
  CONSTRAINT submissions_campaign_id_school_id_digest_key UNIQUE (campaign_id, school_id, digest)
);
CREATE INDEX submissions_school_id_idx ON submissions (school_id);
