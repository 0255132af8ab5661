-- Codes for pupils. A sheet and its unspent codes know each other; a spent code stands apart from its sheet, and no table of
-- answers has a code, a sheet, a time or an order. Answers that have just come wait apart, to be written in random order.
CREATE TABLE code_sheets (
  id uuid NOT NULL PRIMARY KEY,
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  year_group smallint NOT NULL,
  class text NOT NULL,
  size smallint NOT NULL,
  made_on date NOT NULL,
  voided_on date
);
CREATE INDEX code_sheets_campaign_id_idx ON code_sheets (campaign_id, school_id);
CREATE INDEX code_sheets_school_id_idx ON code_sheets (school_id);
CREATE TABLE survey_codes (
  code_hash bytea NOT NULL PRIMARY KEY,
  campaign_id uuid NOT NULL REFERENCES campaigns (id),
  sheet_id uuid NOT NULL REFERENCES code_sheets (id)
);
CREATE INDEX survey_codes_campaign_id_idx ON survey_codes (campaign_id);
CREATE INDEX survey_codes_sheet_id_idx ON survey_codes (sheet_id);
CREATE TABLE spent_codes (
  code_hash bytea NOT NULL PRIMARY KEY,
  campaign_id uuid NOT NULL
);
CREATE TABLE spent_arrivals (
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  code_hash bytea NOT NULL PRIMARY KEY
);
CREATE INDEX spent_arrivals_campaign_id_idx ON spent_arrivals (campaign_id, school_id);
CREATE TABLE arrivals (
  campaign_id uuid NOT NULL,
  school_id uuid NOT NULL,
  id uuid NOT NULL,
  year_group smallint NOT NULL,
  answers bytea NOT NULL,
  PRIMARY KEY (campaign_id, school_id, id)
);
