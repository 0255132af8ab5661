DELETE FROM notices WHERE subject_kind = 'concern';
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
DROP TABLE survey_concerns;
DROP TABLE survey_class_days;
DROP TABLE survey_texts;
DROP TABLE survey_text_arrivals;
