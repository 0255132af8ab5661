-- How long what is held is kept, what must not go, what went, and what was given to whom it is about.
-- A case that was disposed of keeps its row: school, service, kind and year, so that no count of the past moves.
ALTER TABLE cases ADD COLUMN disposed_at INTEGER;
CREATE TABLE retention_rules (
  record_class TEXT NOT NULL PRIMARY KEY CHECK (record_class IN ('referral','counselling_referral','warrn','provision','documents')),
  anchor TEXT NOT NULL CHECK (anchor IN ('born_on','closed')),
  years INTEGER NOT NULL CHECK (years BETWEEN 1 AND 100),
  action TEXT NOT NULL CHECK (action IN ('review','destroy')),
  source TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO retention_rules (record_class, anchor, years, action, source, version, updated_at) VALUES
  ('referral', 'born_on', 25, 'destroy', 'IRMS toolkit (pupil file, date of birth + 25 years), to be confirmed by the authority''s lawyer', 1, 0),
  ('counselling_referral', 'born_on', 25, 'review', 'IRMS toolkit (pupil file, date of birth + 25 years; counselling notes follow a local rule), to be confirmed by the authority''s lawyer', 1, 0),
  ('warrn', 'born_on', 25, 'review', 'IRMS toolkit (child protection, date of birth + 25 years, then review), to be confirmed by the authority''s lawyer', 1, 0),
  ('provision', 'born_on', 31, 'destroy', 'IRMS toolkit (SEND or ALN file, date of birth + 31 years), to be confirmed by the authority''s lawyer', 1, 0),
  ('documents', 'born_on', 25, 'destroy', 'IRMS toolkit (pupil file, date of birth + 25 years), to be confirmed by the authority''s lawyer', 1, 0);
-- A change that keeps something for a shorter time waits for a second person.
CREATE TABLE retention_changes (
  id BLOB NOT NULL PRIMARY KEY,
  record_class TEXT NOT NULL REFERENCES retention_rules (record_class),
  anchor TEXT NOT NULL CHECK (anchor IN ('born_on','closed')),
  years INTEGER NOT NULL CHECK (years BETWEEN 1 AND 100),
  action TEXT NOT NULL CHECK (action IN ('review','destroy')),
  source TEXT NOT NULL,
  proposed_by BLOB NOT NULL REFERENCES people (id),
  proposed_at INTEGER NOT NULL,
  decided_by BLOB REFERENCES people (id),
  decided_at INTEGER,
  outcome TEXT CHECK (outcome IN ('approved','refused')),
  CHECK ((decided_by IS NULL) = (outcome IS NULL)),
  CHECK (decided_by <> proposed_by OR outcome = 'refused')
) STRICT;
CREATE INDEX retention_changes_record_class_idx ON retention_changes (record_class);
CREATE INDEX retention_changes_proposed_by_idx ON retention_changes (proposed_by);
CREATE INDEX retention_changes_decided_by_idx ON retention_changes (decided_by);
CREATE UNIQUE INDEX retention_changes_record_class_key ON retention_changes (record_class) WHERE outcome IS NULL;
-- What a run disposed of, as text that is hashed into the audit record.
CREATE TABLE retention_certificates (
  number INTEGER NOT NULL PRIMARY KEY,
  made_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  digest BLOB NOT NULL
) STRICT;
-- Until when each part of a case is kept. The day is a year's last, so that it gives no birthday away.
CREATE TABLE case_retention (
  case_id BLOB NOT NULL REFERENCES cases (id),
  record_class TEXT NOT NULL REFERENCES retention_rules (record_class),
  dispose_after TEXT,
  reckoned_at INTEGER NOT NULL,
  review TEXT CHECK (review IN ('keep','destroy')),
  reviewed_by BLOB REFERENCES people (id),
  reviewed_at INTEGER,
  disposed_at INTEGER,
  certificate INTEGER REFERENCES retention_certificates (number),
  PRIMARY KEY (case_id, record_class)
) STRICT;
CREATE INDEX case_retention_record_class_idx ON case_retention (record_class);
CREATE INDEX case_retention_reviewed_by_idx ON case_retention (reviewed_by);
CREATE INDEX case_retention_certificate_idx ON case_retention (certificate);
CREATE INDEX case_retention_dispose_after_idx ON case_retention (dispose_after) WHERE disposed_at IS NULL;
-- What must not go: everything of a child, or one case.
CREATE TABLE legal_holds (
  id BLOB NOT NULL PRIMARY KEY,
  pupil_id BLOB NOT NULL REFERENCES pupils (id),
  case_id BLOB REFERENCES cases (id),
  reason BLOB NOT NULL,
  placed_by BLOB NOT NULL REFERENCES people (id),
  placed_at INTEGER NOT NULL,
  until TEXT,
  ended_by BLOB REFERENCES people (id),
  ended_at INTEGER
) STRICT;
CREATE INDEX legal_holds_pupil_id_idx ON legal_holds (pupil_id);
CREATE INDEX legal_holds_case_id_idx ON legal_holds (case_id);
CREATE INDEX legal_holds_placed_by_idx ON legal_holds (placed_by);
CREATE INDEX legal_holds_ended_by_idx ON legal_holds (ended_by);
-- What went. The same is kept in a file outside the database, so that a backup from before brings nothing back.
CREATE TABLE tombstones (
  kind TEXT NOT NULL CHECK (kind IN ('pupil','case','documents')),
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  record_class TEXT NOT NULL,
  certificate INTEGER NOT NULL REFERENCES retention_certificates (number),
  PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX tombstones_certificate_idx ON tombstones (certificate);
-- A child's own data, asked for: everything found, piece by piece, and what was given.
CREATE TABLE subject_access_requests (
  id BLOB NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL,
  pupil_id BLOB NOT NULL REFERENCES pupils (id),
  asked_by TEXT NOT NULL CHECK (asked_by IN ('child','parent','representative')),
  received_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','gathered','released','withdrawn')),
  opened_by BLOB NOT NULL REFERENCES people (id),
  opened_at INTEGER NOT NULL,
  gathered_at INTEGER,
  finished_by BLOB REFERENCES people (id),
  finished_at INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT subject_access_requests_reference_key UNIQUE (reference)
) STRICT;
CREATE INDEX subject_access_requests_pupil_id_idx ON subject_access_requests (pupil_id);
CREATE INDEX subject_access_requests_opened_by_idx ON subject_access_requests (opened_by);
CREATE INDEX subject_access_requests_finished_by_idx ON subject_access_requests (finished_by);
CREATE INDEX subject_access_requests_opened_at_idx ON subject_access_requests (opened_at DESC, id DESC);
CREATE TABLE subject_access_pieces (
  id BLOB NOT NULL PRIMARY KEY,
  request_id BLOB NOT NULL REFERENCES subject_access_requests (id),
  number INTEGER NOT NULL,
  marked INTEGER NOT NULL,
  content BLOB NOT NULL,
  decision TEXT CHECK (decision IN ('keep','redact')),
  reason TEXT CHECK (reason IN ('third_party','serious_harm','legal_privilege','other')),
  decided_by BLOB REFERENCES people (id),
  decided_at INTEGER,
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((reason IS NOT NULL) = (decision IS NOT NULL AND decision = 'redact')),
  CONSTRAINT subject_access_pieces_request_id_number_key UNIQUE (request_id, number)
) STRICT;
CREATE INDEX subject_access_pieces_decided_by_idx ON subject_access_pieces (decided_by);
CREATE TABLE subject_access_bundles (
  id BLOB NOT NULL PRIMARY KEY,
  request_id BLOB NOT NULL REFERENCES subject_access_requests (id),
  format TEXT NOT NULL CHECK (format IN ('json','html','pdf')),
  content BLOB NOT NULL,
  size INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  CONSTRAINT subject_access_bundles_request_id_format_key UNIQUE (request_id, format)
) STRICT;
