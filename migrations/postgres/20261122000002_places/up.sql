-- The directory: schools, services, and the contact list of officers.
CREATE TABLE schools (
  id uuid NOT NULL PRIMARY KEY,
  number text NOT NULL,
  name_cy text NOT NULL,
  name_en text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('nursery','primary','middle','secondary','special','pru','independent')),
  medium text NOT NULL CHECK (medium IN ('welsh','dual_stream','transitional','bilingual','english_significant_welsh','english')),
  cluster text,
  opened_on date,
  closed_on date,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT schools_number_key UNIQUE (number)
);
CREATE TABLE services (
  id uuid NOT NULL PRIMARY KEY,
  code text NOT NULL,
  name_cy text NOT NULL,
  name_en text NOT NULL,
  gate jsonb NOT NULL,
  active boolean NOT NULL,
  CONSTRAINT services_code_key UNIQUE (code)
);
CREATE TABLE officers (
  id uuid NOT NULL PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  role_title text NOT NULL,
  phone text,
  lang text NOT NULL CHECK (lang IN ('cy','en','both')),
  deputy_id uuid REFERENCES officers (id),
  absent_from date,
  absent_until date,
  listed boolean NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT officers_email_key UNIQUE (email)
);
CREATE INDEX officers_deputy_id_idx ON officers (deputy_id);
CREATE TABLE officer_areas (
  officer_id uuid NOT NULL REFERENCES officers (id),
  area text NOT NULL,
  PRIMARY KEY (officer_id, area)
);
CREATE TABLE officer_services (
  officer_id uuid NOT NULL REFERENCES officers (id),
  service_id uuid NOT NULL REFERENCES services (id),
  PRIMARY KEY (officer_id, service_id)
);
CREATE INDEX officer_services_service_id_idx ON officer_services (service_id);
CREATE TABLE officer_coverage (
  officer_id uuid NOT NULL REFERENCES officers (id),
  kind text NOT NULL CHECK (kind IN ('all','school','cluster','phase','medium')),
  value text NOT NULL,
  PRIMARY KEY (officer_id, kind, value)
);
