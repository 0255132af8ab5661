-- What pupils write in their own words, sealed: what has just come, and what waits for names to be taken out or was passed. No
-- time, order, code, year group or link to an answer. How many of a class answered on a day, until somebody looks. Concerns:
-- that somebody in a class wrote help words on a day. A notice may be about a concern.
CREATE TABLE survey_text_arrivals (
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  id uuid NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (campaign_id, school_id, id)
);
CREATE TABLE survey_texts (
  id uuid NOT NULL PRIMARY KEY,
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  passed boolean NOT NULL,
  after_release bigint NOT NULL,
  content bytea NOT NULL
);
CREATE INDEX survey_texts_campaign_id_idx ON survey_texts (campaign_id, school_id);
CREATE TABLE survey_class_days (
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  year_group smallint NOT NULL,
  class text NOT NULL,
  day date NOT NULL,
  answered bigint NOT NULL,
  help boolean NOT NULL,
  PRIMARY KEY (campaign_id, school_id, year_group, class, day)
);
CREATE TABLE survey_concerns (
  id uuid NOT NULL PRIMARY KEY,
  reference text NOT NULL,
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  year_group smallint NOT NULL,
  class text NOT NULL,
  day date NOT NULL,
  acknowledged_by uuid,
  acknowledged_at timestamptz,
  pressed_on date,
  CONSTRAINT survey_concerns_reference_key UNIQUE (reference),
  CONSTRAINT survey_concerns_group_day_key UNIQUE (campaign_id, school_id, year_group, class, day)
);
CREATE INDEX survey_concerns_school_id_idx ON survey_concerns (school_id);
ALTER TABLE notices DROP CONSTRAINT notices_subject_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_subject_kind_check CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person','campaign','concern'));
