-- Children known to the authority, referrals, and WARRN records. Names and narrative are sealed.
CREATE TABLE pupils (
  id BLOB NOT NULL PRIMARY KEY,
  school_id BLOB NOT NULL REFERENCES schools (id),
  key_id BLOB NOT NULL REFERENCES child_keys (id),
  upn_index BLOB,
  identity BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  CONSTRAINT pupils_upn_index_key UNIQUE (upn_index)
) STRICT;
CREATE INDEX pupils_school_id_idx ON pupils (school_id);
CREATE INDEX pupils_key_id_idx ON pupils (key_id);
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
-- One open referral for a child to a service.
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
-- Who may know, explicitly and dated. Nobody else of the same school does.
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
