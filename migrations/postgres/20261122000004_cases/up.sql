-- Children known to the authority, referrals, and WARRN records. Names and narrative are sealed.
CREATE TABLE pupils (
  id uuid NOT NULL PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES schools (id),
  key_id uuid NOT NULL REFERENCES child_keys (id),
  upn_index bytea,
  identity bytea NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pupils_upn_index_key UNIQUE (upn_index)
);
CREATE INDEX pupils_school_id_idx ON pupils (school_id);
CREATE INDEX pupils_key_id_idx ON pupils (key_id);
CREATE TABLE referrals (
  id uuid NOT NULL PRIMARY KEY,
  reference text NOT NULL,
  school_id uuid NOT NULL REFERENCES schools (id),
  service_id uuid NOT NULL REFERENCES services (id),
  pupil_id uuid NOT NULL REFERENCES pupils (id),
  year_group bigint NOT NULL,
  key_area text,
  urgency text NOT NULL CHECK (urgency IN ('routine','soon','urgent')),
  state text NOT NULL CHECK (state IN ('submitted','info_requested','accepted','declined','redirected')),
  officer_id uuid REFERENCES officers (id),
  queue text,
  routing jsonb NOT NULL,
  reason text,
  successor_id uuid REFERENCES referrals (id),
  content bytea NOT NULL,
  opened_by_kind text NOT NULL CHECK (opened_by_kind IN ('person','client')),
  opened_by_id uuid NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT referrals_reference_key UNIQUE (reference),
  CHECK ((officer_id IS NULL) <> (queue IS NULL))
);
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
  id uuid NOT NULL PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referrals (id),
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  kind text NOT NULL,
  state text NOT NULL,
  reason text,
  note bytea
);
CREATE INDEX referral_events_referral_id_idx ON referral_events (referral_id, at, id);
CREATE TABLE warrn_records (
  id uuid NOT NULL PRIMARY KEY,
  reference text NOT NULL,
  school_id uuid NOT NULL REFERENCES schools (id),
  pupil_id uuid NOT NULL REFERENCES pupils (id),
  agreement text NOT NULL,
  expected_return_on date,
  content bytea NOT NULL,
  sent_by_kind text NOT NULL CHECK (sent_by_kind IN ('person','client')),
  sent_by_id uuid NOT NULL,
  version bigint NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT warrn_records_reference_key UNIQUE (reference)
);
CREATE INDEX warrn_records_school_id_idx ON warrn_records (school_id);
CREATE INDEX warrn_records_pupil_id_idx ON warrn_records (pupil_id);
CREATE INDEX warrn_records_received_at_idx ON warrn_records (received_at DESC, id DESC);
-- Who may know, explicitly and dated. Nobody else of the same school does.
CREATE TABLE warrn_recipients (
  id uuid NOT NULL PRIMARY KEY,
  record_id uuid NOT NULL REFERENCES warrn_records (id),
  part text NOT NULL CHECK (part IN ('dsp','ep')),
  deputy boolean NOT NULL,
  person_id uuid REFERENCES people (id),
  officer_id uuid REFERENCES officers (id),
  begins_at timestamptz NOT NULL,
  ends_at timestamptz,
  due_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by uuid REFERENCES people (id),
  escalated_at timestamptz,
  CHECK ((person_id IS NULL) <> (officer_id IS NULL)),
  CONSTRAINT warrn_recipients_record_id_part_deputy_key UNIQUE (record_id, part, deputy)
);
CREATE INDEX warrn_recipients_record_id_idx ON warrn_recipients (record_id);
CREATE INDEX warrn_recipients_person_id_idx ON warrn_recipients (person_id);
CREATE INDEX warrn_recipients_officer_id_idx ON warrn_recipients (officer_id);
CREATE INDEX warrn_recipients_acknowledged_by_idx ON warrn_recipients (acknowledged_by);
CREATE INDEX warrn_recipients_due_at_idx ON warrn_recipients (due_at) WHERE acknowledged_at IS NULL AND escalated_at IS NULL;
