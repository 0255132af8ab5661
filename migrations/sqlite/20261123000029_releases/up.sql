-- Releases of a campaign's results: decided whole, numbered, and never changed once published. A table of a release is kept as
-- the very text that is given out.
CREATE TABLE survey_releases (
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('deciding','refused','published')),
  reason TEXT NOT NULL CHECK (reason IN ('first','late_answers','mended_answers','mended_rolls','other')),
  asked_on TEXT NOT NULL,
  asked_by BLOB,
  published_on TEXT,
  refusal TEXT,
  header TEXT,
  digest TEXT,
  snapshot BLOB,
  PRIMARY KEY (campaign_id, number)
) STRICT;
CREATE TABLE survey_release_tables (
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  number INTEGER NOT NULL,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  school_id BLOB,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, number, place)
) STRICT;
