-- What the older tables can't hold (documents, people, tasks, milestones, records of newer kinds) is given up.
CREATE TABLE kept_cases AS SELECT * FROM cases;
CREATE TABLE kept_referrals AS SELECT * FROM referrals;
CREATE TABLE kept_warrn_records AS SELECT * FROM warrn_records;
CREATE TABLE kept_case_events AS SELECT * FROM case_events;
CREATE TABLE kept_case_recipients AS SELECT * FROM case_recipients;
CREATE TABLE kept_notices AS SELECT * FROM notices;
DROP TABLE case_links;
DROP TABLE case_documents;
DROP TABLE case_tasks;
DROP TABLE case_pauses;
DROP TABLE case_milestones;
DROP TABLE case_people;
DROP TABLE case_events;
DROP TABLE case_recipients;
DROP TABLE warrn_records;
DROP TABLE referrals;
DROP TABLE cases;
DROP TABLE notices;
CREATE TABLE referrals (
  id BLOB NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL,
  school_id BLOB NOT NULL REFERENCES schools (id),
  service_id BLOB NOT NULL REFERENCES services (id),
  pupil_id BLOB NOT NULL REFERENCES pupils (id),
  year_group INTEGER NOT NULL,
  key_area TEXT,
  urgency TEXT NOT NULL CHECK (urgency IN ('routine','soon','urgent')),
  state TEXT NOT NULL CHECK (state IN ('submitted','info_requested','accepted','declined','redirected')),
  officer_id BLOB REFERENCES officers (id),
  queue TEXT,
  routing TEXT NOT NULL CHECK (json_valid(routing)),
  reason TEXT,
  successor_id BLOB REFERENCES referrals (id),
  content BLOB NOT NULL,
  opened_by_kind TEXT NOT NULL CHECK (opened_by_kind IN ('person','client')),
  opened_by_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT referrals_reference_key UNIQUE (reference),
  CHECK ((officer_id IS NULL) <> (queue IS NULL))
) STRICT;
CREATE UNIQUE INDEX referrals_pupil_id_service_id_key ON referrals (pupil_id, service_id)
  WHERE state IN ('submitted','info_requested','accepted');
CREATE INDEX referrals_school_id_idx ON referrals (school_id, created_at DESC, id DESC);
CREATE INDEX referrals_service_id_idx ON referrals (service_id, created_at DESC, id DESC);
CREATE INDEX referrals_officer_id_idx ON referrals (officer_id, created_at DESC, id DESC);
CREATE INDEX referrals_created_at_idx ON referrals (created_at DESC, id DESC);
CREATE INDEX referrals_pupil_id_idx ON referrals (pupil_id);
CREATE INDEX referrals_successor_id_idx ON referrals (successor_id);
CREATE TABLE referral_events (
  id BLOB NOT NULL PRIMARY KEY,
  referral_id BLOB NOT NULL REFERENCES referrals (id),
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  note BLOB
) STRICT;
CREATE INDEX referral_events_referral_id_idx ON referral_events (referral_id, at, id);
CREATE TABLE warrn_records (
  id BLOB NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL,
  school_id BLOB NOT NULL REFERENCES schools (id),
  pupil_id BLOB NOT NULL REFERENCES pupils (id),
  agreement TEXT NOT NULL,
  expected_return_on TEXT,
  content BLOB NOT NULL,
  sent_by_kind TEXT NOT NULL CHECK (sent_by_kind IN ('person','client')),
  sent_by_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  CONSTRAINT warrn_records_reference_key UNIQUE (reference)
) STRICT;
CREATE INDEX warrn_records_school_id_idx ON warrn_records (school_id);
CREATE INDEX warrn_records_pupil_id_idx ON warrn_records (pupil_id);
CREATE INDEX warrn_records_received_at_idx ON warrn_records (received_at DESC, id DESC);
CREATE TABLE warrn_recipients (
  id BLOB NOT NULL PRIMARY KEY,
  record_id BLOB NOT NULL REFERENCES warrn_records (id),
  part TEXT NOT NULL CHECK (part IN ('dsp','ep')),
  deputy INTEGER NOT NULL,
  person_id BLOB REFERENCES people (id),
  officer_id BLOB REFERENCES officers (id),
  begins_at INTEGER NOT NULL,
  ends_at INTEGER,
  due_at INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by BLOB REFERENCES people (id),
  escalated_at INTEGER,
  CHECK ((person_id IS NULL) <> (officer_id IS NULL)),
  CONSTRAINT warrn_recipients_record_id_part_deputy_key UNIQUE (record_id, part, deputy)
) STRICT;
CREATE INDEX warrn_recipients_record_id_idx ON warrn_recipients (record_id);
CREATE INDEX warrn_recipients_person_id_idx ON warrn_recipients (person_id);
CREATE INDEX warrn_recipients_officer_id_idx ON warrn_recipients (officer_id);
CREATE INDEX warrn_recipients_acknowledged_by_idx ON warrn_recipients (acknowledged_by);
CREATE INDEX warrn_recipients_due_at_idx ON warrn_recipients (due_at) WHERE acknowledged_at IS NULL AND escalated_at IS NULL;
CREATE TABLE notices (
  id BLOB NOT NULL PRIMARY KEY,
  dedupe TEXT NOT NULL,
  wording TEXT NOT NULL,
  recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id BLOB NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('referral','warrn')),
  subject_id BLOB NOT NULL,
  reference TEXT NOT NULL,
  due_at INTEGER,
  state TEXT NOT NULL CHECK (state IN ('created','sending','delivered','permanent-failure','temporary-failure','technical-failure','withdrawn')),
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  leased_until INTEGER,
  problem TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CONSTRAINT notices_dedupe_key UNIQUE (dedupe)
) STRICT;
CREATE INDEX notices_next_at_idx ON notices (next_at, id) WHERE finished_at IS NULL;
CREATE INDEX notices_subject_idx ON notices (subject_kind, subject_id);
CREATE INDEX notices_created_at_idx ON notices (created_at DESC, id DESC);
INSERT INTO referrals (id, reference, school_id, service_id, pupil_id, year_group, key_area, urgency, state, officer_id, queue, routing, reason, successor_id, content, opened_by_kind, opened_by_id, version, created_at, updated_at)
  SELECT r.id, c.reference, c.school_id, c.service_id, c.pupil_id, r.year_group, r.key_area, r.urgency, r.state, c.officer_id, c.queue, r.routing, r.reason, r.successor_id, r.content, c.opened_by_kind, c.opened_by_id, c.version, c.opened_at, c.updated_at
  FROM kept_referrals r JOIN kept_cases c ON c.id = r.id;
INSERT INTO referral_events (id, referral_id, at, actor_kind, actor_id, kind, state, reason, note)
  SELECT e.id, e.case_id, e.at, e.actor_kind, e.actor_id, e.kind, e.state, e.reason, e.note FROM kept_case_events e JOIN kept_referrals r ON r.id = e.case_id;
INSERT INTO warrn_records (id, reference, school_id, pupil_id, agreement, expected_return_on, content, sent_by_kind, sent_by_id, version, received_at)
  SELECT w.id, c.reference, c.school_id, c.pupil_id, w.agreement, w.expected_return_on, w.content, c.opened_by_kind, c.opened_by_id, c.version, c.opened_at
  FROM kept_warrn_records w JOIN kept_cases c ON c.id = w.id;
INSERT INTO warrn_recipients (id, record_id, part, deputy, person_id, officer_id, begins_at, ends_at, due_at, acknowledged_at, acknowledged_by, escalated_at)
  SELECT id, case_id, part, stage, person_id, officer_id, begins_at, ends_at, due_at, acknowledged_at, acknowledged_by, escalated_at FROM kept_case_recipients WHERE stage < 2;
INSERT INTO notices SELECT * FROM kept_notices WHERE subject_kind IN ('referral','warrn');
DROP TABLE kept_cases;
DROP TABLE kept_referrals;
DROP TABLE kept_warrn_records;
DROP TABLE kept_case_events;
DROP TABLE kept_case_recipients;
DROP TABLE kept_notices;
