-- Codes for pupils. A sheet and its unspent codes know each other; a spent code stands apart from its sheet, and no table of
-- answers has a code, a sheet, a time or an order. Answers that have just come wait apart, to be written in random order.
CREATE TABLE code_sheets (
  id BLOB NOT NULL PRIMARY KEY,
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  school_id BLOB NOT NULL REFERENCES schools (id),
  year_group INTEGER NOT NULL,
  class TEXT NOT NULL,
  size INTEGER NOT NULL,
  made_on TEXT NOT NULL,
  voided_on TEXT
) STRICT;
CREATE INDEX code_sheets_campaign_id_idx ON code_sheets (campaign_id, school_id);
CREATE INDEX code_sheets_school_id_idx ON code_sheets (school_id);
CREATE TABLE survey_codes (
  code_hash BLOB NOT NULL PRIMARY KEY,
  campaign_id BLOB NOT NULL REFERENCES campaigns (id),
  sheet_id BLOB NOT NULL REFERENCES code_sheets (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_codes_campaign_id_idx ON survey_codes (campaign_id);
CREATE INDEX survey_codes_sheet_id_idx ON survey_codes (sheet_id);
CREATE TABLE spent_codes (
  code_hash BLOB NOT NULL PRIMARY KEY,
  campaign_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE spent_arrivals (
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  code_hash BLOB NOT NULL,
  PRIMARY KEY (code_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_arrivals_campaign_id_idx ON spent_arrivals (campaign_id, school_id);
CREATE TABLE arrivals (
  campaign_id BLOB NOT NULL,
  school_id BLOB NOT NULL,
  id BLOB NOT NULL,
  year_group INTEGER NOT NULL,
  answers BLOB NOT NULL,
  PRIMARY KEY (campaign_id, school_id, id)
) STRICT, WITHOUT ROWID;
