-- Questionnaires, campaigns and answers. Answers stand alone: no foreign key, no time, no order, no batch.
CREATE TABLE instruments (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  published_at INTEGER NOT NULL,
  CONSTRAINT instruments_code_version_key UNIQUE (code, version)
) STRICT;
CREATE TABLE campaigns (
  id BLOB NOT NULL PRIMARY KEY,
  instrument_id BLOB NOT NULL REFERENCES instruments (id),
  academic_year TEXT NOT NULL,
  title_cy TEXT NOT NULL,
  title_en TEXT NOT NULL,
  opens_on TEXT NOT NULL,
  closes_on TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (opens_on <= closes_on)
) STRICT;
CREATE INDEX campaigns_instrument_id_idx ON campaigns (instrument_id);
CREATE TABLE campaign_schools (
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  school_id BLOB NOT NULL REFERENCES schools (id),
  roll INTEGER,
  PRIMARY KEY (campaign_id, school_id)
) STRICT;
CREATE INDEX campaign_schools_school_id_idx ON campaign_schools (school_id);
CREATE TABLE responses (
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  id BLOB NOT NULL,
  year_group INTEGER NOT NULL,
  answers BLOB NOT NULL,
  PRIMARY KEY (campaign_id, school_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE response_keys (
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  key_hash BLOB NOT NULL,
  PRIMARY KEY (campaign_id, school_id, key_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE submissions (
  id BLOB NOT NULL PRIMARY KEY,
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  school_id BLOB NOT NULL REFERENCES schools (id),
  digest BLOB NOT NULL,
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  received_on TEXT NOT NULL,
  CONSTRAINT submissions_campaign_id_school_id_digest_key UNIQUE (campaign_id, school_id, digest)
) STRICT;
CREATE INDEX submissions_school_id_idx ON submissions (school_id);
