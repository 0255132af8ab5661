-- The life of a campaign: which year groups it asks, how long who has begun may finish, each school's pupils on roll by year
-- group, its sign-off, its nil return, and the days the authority opened it again for. A notice may be about a campaign.
ALTER TABLE campaigns ADD COLUMN late_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN years INTEGER NOT NULL DEFAULT 32767;
ALTER TABLE campaign_schools ADD COLUMN signed_off_on TEXT;
ALTER TABLE campaign_schools ADD COLUMN signed_off_by BLOB;
ALTER TABLE campaign_schools ADD COLUMN nil_return TEXT CHECK (nil_return IN ('no_pupils','school_closed','not_taking_part'));
ALTER TABLE campaign_schools ADD COLUMN unlocked_until TEXT;
ALTER TABLE campaign_schools ADD COLUMN unlocked_for TEXT CHECK (unlocked_for IN ('started_late','technical_fault','mended_answers','joined_late','other'));
ALTER TABLE campaign_schools ADD COLUMN reminded INTEGER;
ALTER TABLE campaign_schools ADD COLUMN begun_on TEXT;
ALTER TABLE code_sheets ADD COLUMN voided INTEGER NOT NULL DEFAULT 0;
CREATE TABLE campaign_rolls (
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  school_id BLOB NOT NULL REFERENCES schools (id),
  year_group INTEGER NOT NULL,
  pupils INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, school_id, year_group)
) STRICT;
CREATE INDEX campaign_rolls_school_id_idx ON campaign_rolls (school_id);
CREATE TABLE kept_notices AS SELECT * FROM notices;
DROP TABLE notices;
CREATE TABLE notices (
  id BLOB NOT NULL PRIMARY KEY,
  dedupe TEXT NOT NULL,
  wording TEXT NOT NULL,
  recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id BLOB NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person','campaign')),
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
