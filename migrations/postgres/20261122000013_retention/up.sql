-- How long what is held is kept, what must not go, what went, and what was given to whom it is about.
-- A case that was disposed of keeps its row: school, service, kind and year, so that no count of the past moves.
ALTER TABLE cases ADD COLUMN disposed_at timestamptz;
CREATE TABLE retention_rules (
  record_class text NOT NULL PRIMARY KEY CHECK (record_class IN ('referral','counselling_referral','warrn','provision','documents')),
  anchor text NOT NULL CHECK (anchor IN ('born_on','closed')),
  years bigint NOT NULL CHECK (years BETWEEN 1 AND 100),
  action text NOT NULL CHECK (action IN ('review','destroy')),
  source text NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL
);
INSERT INTO retention_rules (record_class, anchor, years, action, source, version, updated_at) VALUES
  ('referral', 'born_on', 25, 'destroy', 'IRMS toolkit (pupil file, date of birth + 25 years), to be confirmed by the authority''s lawyer', 1, 'epoch'),
  ('counselling_referral', 'born_on', 25, 'review', 'IRMS toolkit (pupil file, date of birth + 25 years; counselling notes follow a local rule), to be confirmed by the authority''s lawyer', 1, 'epoch'),
  ('warrn', 'born_on', 25, 'review', 'IRMS toolkit (child protection, date of birth + 25 years, then review), to be confirmed by the authority''s lawyer', 1, 'epoch'),
  ('provision', 'born_on', 31, 'destroy', 'IRMS toolkit (SEND or ALN file, date of birth + 31 years), to be confirmed by the authority''s lawyer', 1, 'epoch'),
  ('documents', 'born_on', 25, 'destroy', 'IRMS toolkit (pupil file, date of birth + 25 years), to be confirmed by the authority''s lawyer', 1, 'epoch');
-- A change that keeps something for a shorter time waits for a second person.
CREATE TABLE retention_changes (
  id uuid NOT NULL PRIMARY KEY,
  record_class text NOT NULL REFERENCES retention_rules (record_class),
  anchor text NOT NULL CHECK (anchor IN ('born_on','closed')),
  years bigint NOT NULL CHECK (years BETWEEN 1 AND 100),
  action text NOT NULL CHECK (action IN ('review','destroy')),
  source text NOT NULL,
  proposed_by uuid NOT NULL REFERENCES people (id),
  proposed_at timestamptz NOT NULL,
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  outcome text CHECK (outcome IN ('approved','refused')),
  CHECK ((decided_by IS NULL) = (outcome IS NULL)),
  CHECK (decided_by <> proposed_by OR outcome = 'refused')
);
CREATE INDEX retention_changes_record_class_idx ON retention_changes (record_class);
CREATE INDEX retention_changes_proposed_by_idx ON retention_changes (proposed_by);
CREATE INDEX retention_changes_decided_by_idx ON retention_changes (decided_by);
CREATE UNIQUE INDEX retention_changes_record_class_key ON retention_changes (record_class) WHERE outcome IS NULL;
-- What a run disposed of, as text that is hashed into the audit record.
CREATE TABLE retention_certificates (
  number bigint NOT NULL PRIMARY KEY,
  made_at timestamptz NOT NULL,
  body text NOT NULL,
  digest bytea NOT NULL
);
-- Until when each part of a case is kept. The day is a year's last, so that it gives no birthday away.
CREATE TABLE case_retention (
  case_id uuid NOT NULL REFERENCES cases (id),
  record_class text NOT NULL REFERENCES retention_rules (record_class),
  dispose_after date,
  reckoned_at timestamptz NOT NULL,
  review text CHECK (review IN ('keep','destroy')),
  reviewed_by uuid REFERENCES people (id),
  reviewed_at timestamptz,
  disposed_at timestamptz,
  certificate bigint REFERENCES retention_certificates (number),
  PRIMARY KEY (case_id, record_class)
);
CREATE INDEX case_retention_record_class_idx ON case_retention (record_class);
CREATE INDEX case_retention_reviewed_by_idx ON case_retention (reviewed_by);
CREATE INDEX case_retention_certificate_idx ON case_retention (certificate);
CREATE INDEX case_retention_dispose_after_idx ON case_retention (dispose_after) WHERE disposed_at IS NULL;
-- What must not go: everything of a child, or one case.
CREATE TABLE legal_holds (
  id uuid NOT NULL PRIMARY KEY,
  pupil_id uuid NOT NULL REFERENCES pupils (id),
  case_id uuid REFERENCES cases (id),
  reason bytea NOT NULL,
  placed_by uuid NOT NULL REFERENCES people (id),
  placed_at timestamptz NOT NULL,
  until date,
  ended_by uuid REFERENCES people (id),
  ended_at timestamptz
);
CREATE INDEX legal_holds_pupil_id_idx ON legal_holds (pupil_id);
CREATE INDEX legal_holds_case_id_idx ON legal_holds (case_id);
CREATE INDEX legal_holds_placed_by_idx ON legal_holds (placed_by);
CREATE INDEX legal_holds_ended_by_idx ON legal_holds (ended_by);
-- What went. The same is kept in a file outside the database, so that a backup from before brings nothing back.
CREATE TABLE tombstones (
  kind text NOT NULL CHECK (kind IN ('pupil','case','documents')),
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  record_class text NOT NULL,
  certificate bigint NOT NULL REFERENCES retention_certificates (number),
  PRIMARY KEY (kind, id)
);
CREATE INDEX tombstones_certificate_idx ON tombstones (certificate);
-- A child's own data, asked for: everything found, piece by piece, and what was given.
CREATE TABLE subject_access_requests (
  id uuid NOT NULL PRIMARY KEY,
  reference text NOT NULL,
  pupil_id uuid NOT NULL REFERENCES pupils (id),
  asked_by text NOT NULL CHECK (asked_by IN ('child','parent','representative')),
  received_on date NOT NULL,
  due_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('open','gathered','released','withdrawn')),
  opened_by uuid NOT NULL REFERENCES people (id),
  opened_at timestamptz NOT NULL,
  gathered_at timestamptz,
  finished_by uuid REFERENCES people (id),
  finished_at timestamptz,
  version bigint NOT NULL,
  CONSTRAINT subject_access_requests_reference_key UNIQUE (reference)
);
CREATE INDEX subject_access_requests_pupil_id_idx ON subject_access_requests (pupil_id);
CREATE INDEX subject_access_requests_opened_by_idx ON subject_access_requests (opened_by);
CREATE INDEX subject_access_requests_finished_by_idx ON subject_access_requests (finished_by);
CREATE INDEX subject_access_requests_opened_at_idx ON subject_access_requests (opened_at DESC, id DESC);
CREATE TABLE subject_access_pieces (
  id uuid NOT NULL PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES subject_access_requests (id),
  number bigint NOT NULL,
  marked boolean NOT NULL,
  content bytea NOT NULL,
  decision text CHECK (decision IN ('keep','redact')),
  reason text CHECK (reason IN ('third_party','serious_harm','legal_privilege','other')),
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((reason IS NOT NULL) = (decision IS NOT NULL AND decision = 'redact')),
  CONSTRAINT subject_access_pieces_request_id_number_key UNIQUE (request_id, number)
);
CREATE INDEX subject_access_pieces_decided_by_idx ON subject_access_pieces (decided_by);
CREATE TABLE subject_access_bundles (
  id uuid NOT NULL PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES subject_access_requests (id),
  format text NOT NULL CHECK (format IN ('json','html','pdf')),
  content bytea NOT NULL,
  size bigint NOT NULL,
  made_at timestamptz NOT NULL,
  CONSTRAINT subject_access_bundles_request_id_format_key UNIQUE (request_id, format)
);
