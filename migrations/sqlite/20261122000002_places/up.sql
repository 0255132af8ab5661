-- The directory: schools, services, and the contact list of officers.
CREATE TABLE schools (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL,
  name_cy TEXT NOT NULL,
  name_en TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('nursery','primary','middle','secondary','special','pru','independent')),
  medium TEXT NOT NULL CHECK (medium IN ('welsh','dual_stream','transitional','bilingual','english_significant_welsh','english')),
  cluster TEXT,
  opened_on TEXT,
  closed_on TEXT,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT schools_number_key UNIQUE (number)
) STRICT;
CREATE TABLE services (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  name_cy TEXT NOT NULL,
  name_en TEXT NOT NULL,
  gate TEXT NOT NULL CHECK (json_valid(gate)),
  active INTEGER NOT NULL,
  CONSTRAINT services_code_key UNIQUE (code)
) STRICT;
CREATE TABLE officers (
  id BLOB NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  role_title TEXT NOT NULL,
  phone TEXT,
  lang TEXT NOT NULL CHECK (lang IN ('cy','en','both')),
  deputy_id BLOB REFERENCES officers (id),
  absent_from TEXT,
  absent_until TEXT,
  listed INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT officers_email_key UNIQUE (email)
) STRICT;
CREATE INDEX officers_deputy_id_idx ON officers (deputy_id);
CREATE TABLE officer_areas (
  officer_id BLOB NOT NULL REFERENCES officers (id),
  area TEXT NOT NULL,
  PRIMARY KEY (officer_id, area)
) STRICT;
CREATE TABLE officer_services (
  officer_id BLOB NOT NULL REFERENCES officers (id),
  service_id BLOB NOT NULL REFERENCES services (id),
  PRIMARY KEY (officer_id, service_id)
) STRICT;
CREATE INDEX officer_services_service_id_idx ON officer_services (service_id);
CREATE TABLE officer_coverage (
  officer_id BLOB NOT NULL REFERENCES officers (id),
  kind TEXT NOT NULL CHECK (kind IN ('all','school','cluster','phase','medium')),
  value TEXT NOT NULL,
  PRIMARY KEY (officer_id, kind, value)
) STRICT;
