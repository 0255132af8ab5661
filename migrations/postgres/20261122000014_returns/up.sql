-- The calendar of terms, INSET days, holidays and closures: of all schools, or of one.
CREATE TABLE calendar_terms (
  id uuid NOT NULL PRIMARY KEY,
  school_id uuid REFERENCES schools (id),
  begins_on date NOT NULL,
  ends_on date NOT NULL,
  name_cy text NOT NULL,
  name_en text NOT NULL,
  CHECK (begins_on <= ends_on)
);
CREATE INDEX calendar_terms_school_id_idx ON calendar_terms (school_id, begins_on);
CREATE TABLE calendar_days (
  id uuid NOT NULL PRIMARY KEY,
  school_id uuid REFERENCES schools (id),
  kind text NOT NULL CHECK (kind IN ('inset','holiday','closure','bank_holiday')),
  begins_on date NOT NULL,
  ends_on date NOT NULL,
  name_cy text NOT NULL,
  name_en text NOT NULL,
  CHECK (begins_on <= ends_on)
);
CREATE INDEX calendar_days_school_id_idx ON calendar_days (school_id, begins_on);
