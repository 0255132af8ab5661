-- Releases of a campaign's results: decided whole, numbered, and never changed once published. A table of a release is kept as
-- the very text that is given out.
CREATE TABLE survey_releases (
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  number bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('deciding','refused','published')),
  reason text NOT NULL CHECK (reason IN ('first','late_answers','mended_answers','mended_rolls','other')),
  asked_on date NOT NULL,
  asked_by uuid,
  published_on date,
  refusal text,
  header text,
  digest text,
  snapshot bytea,
  PRIMARY KEY (campaign_id, number)
);
CREATE TABLE survey_release_tables (
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  number bigint NOT NULL,
  place bigint NOT NULL,
  kind text NOT NULL,
  school_id uuid,
  body text NOT NULL,
  PRIMARY KEY (campaign_id, number, place)
);
