DELETE FROM notices WHERE subject_kind = 'campaign';
CREATE TABLE kept_notices AS SELECT * FROM notices;
DROP TABLE notices;
CREATE TABLE notices (
  id BLOB NOT NULL PRIMARY KEY,
  dedupe TEXT NOT NULL,
  wording TEXT NOT NULL,
  recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id BLOB NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person')),
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
DROP TABLE campaign_rolls;
ALTER TABLE code_sheets DROP COLUMN voided;
ALTER TABLE campaign_schools DROP COLUMN begun_on;
ALTER TABLE campaign_schools DROP COLUMN reminded;
ALTER TABLE campaign_schools DROP COLUMN unlocked_for;
ALTER TABLE campaign_schools DROP COLUMN unlocked_until;
ALTER TABLE campaign_schools DROP COLUMN nil_return;
ALTER TABLE campaign_schools DROP COLUMN signed_off_by;
ALTER TABLE campaign_schools DROP COLUMN signed_off_on;
ALTER TABLE campaigns DROP COLUMN years;
ALTER TABLE campaigns DROP COLUMN late_days;
