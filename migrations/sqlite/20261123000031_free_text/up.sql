-- What pupils write in their own words, sealed: what has just come, and what waits for names to be taken out or was passed. No
-- time, order, code, year group or link to an answer. How many of a class answered on a day, until somebody looks. Concerns:
-- that somebody in a class wrote help words on a day. A notice may be about a concern.
CREATE TABLE survey_text_arrivals (
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  id BLOB NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (campaign_id, school_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_texts (
  id BLOB NOT NULL PRIMARY KEY,
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  after_release INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_texts_campaign_id_idx ON survey_texts (campaign_id, school_id);
CREATE TABLE survey_class_days (
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  year_group INTEGER NOT NULL,
  class TEXT NOT NULL,
  day TEXT NOT NULL,
  answered INTEGER NOT NULL,
  help INTEGER NOT NULL CHECK (help IN (0, 1)),
  PRIMARY KEY (campaign_id, school_id, year_group, class, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey_concerns (
  id BLOB NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL,
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  school_id BLOB NOT NULL REFERENCES schools (id),
  year_group INTEGER NOT NULL,
  class TEXT NOT NULL,
  day TEXT NOT NULL,
  acknowledged_by BLOB,
  acknowledged_at INTEGER,
  pressed_on TEXT,
  CONSTRAINT survey_concerns_reference_key UNIQUE (reference),
  CONSTRAINT survey_concerns_group_day_key UNIQUE (campaign_id, school_id, year_group, class, day)
) STRICT;
CREATE INDEX survey_concerns_school_id_idx ON survey_concerns (school_id);
CREATE TABLE kept_notices AS SELECT * FROM notices;
DROP TABLE notices;
CREATE TABLE notices (
  id BLOB NOT NULL PRIMARY KEY,
  dedupe TEXT NOT NULL,
  wording TEXT NOT NULL,
  recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id BLOB NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person','campaign','concern')),
  subject_id BLOB NOT NULL,
  reference TEXT NOT NULL,
  due_at INTEGER,
  state TEXT NOT NULL CHECK (state IN ('created','sending','delivered','permanent-failure','temporary-failure','technical-failure','withdrawn')),
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  leased_until INTEGER,
  problem TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CONSTRAINT notices_dedupe_key UNIQUE (dedupe)
) STRICT;
CREATE INDEX notices_next_at_idx ON notices (next_at, id) WHERE finished_at IS NULL;
CREATE INDEX notices_subject_idx ON notices (subject_kind, subject_id);
CREATE INDEX notices_created_at_idx ON notices (created_at DESC, id DESC);
INSERT INTO notices SELECT * FROM kept_notices;
DROP TABLE kept_notices;
