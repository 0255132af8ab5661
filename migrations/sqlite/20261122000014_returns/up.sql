-- The calendar of terms, INSET days, holidays and closures: of all schools, or of one.
CREATE TABLE calendar_terms (
  id BLOB NOT NULL PRIMARY KEY,
  school_id BLOB REFERENCES schools (id),
  begins_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  name_cy TEXT NOT NULL,
  name_en TEXT NOT NULL,
  CHECK (begins_on <= ends_on)
) STRICT;
CREATE INDEX calendar_terms_school_id_idx ON calendar_terms (school_id, begins_on);
CREATE TABLE calendar_days (
  id BLOB NOT NULL PRIMARY KEY,
  school_id BLOB REFERENCES schools (id),
  kind TEXT NOT NULL CHECK (kind IN ('inset','holiday','closure','bank_holiday')),
  begins_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  name_cy TEXT NOT NULL,
  name_en TEXT NOT NULL,
  CHECK (begins_on <= ends_on)
) STRICT;
CREATE INDEX calendar_days_school_id_idx ON calendar_days (school_id, begins_on);
