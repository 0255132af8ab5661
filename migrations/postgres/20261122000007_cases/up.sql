-- Referrals and WARRN records move onto one envelope, and get people, clocks, tasks, documents and links.
CREATE TABLE kept_referrals AS SELECT * FROM referrals;
CREATE TABLE kept_referral_events AS SELECT * FROM referral_events;
CREATE TABLE kept_warrn_records AS SELECT * FROM warrn_records;
CREATE TABLE kept_warrn_recipients AS SELECT * FROM warrn_recipients;
CREATE TABLE kept_notices AS SELECT * FROM notices;
DROP TABLE warrn_recipients;
DROP TABLE warrn_records;
DROP TABLE referral_events;
DROP TABLE referrals;
DROP TABLE notices;
-- The envelope of everything the service does about a child: who, where, for whom, since when. It names nobody and says
-- nothing of the matter; a referral or a record has the same id and holds the rest.
CREATE TABLE cases (
  id uuid NOT NULL PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('referral','warrn','handling_plan','reduced_timetable','eotas')),
  reference text NOT NULL,
  school_id uuid NOT NULL REFERENCES schools (id),
  service_id uuid REFERENCES services (id),
  pupil_id uuid NOT NULL REFERENCES pupils (id),
  officer_id uuid REFERENCES officers (id),
  queue text,
  opened_by_kind text NOT NULL CHECK (opened_by_kind IN ('person','client')),
  opened_by_id uuid NOT NULL,
  opened_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  closed_at timestamptz,
  close_reason text,
  version bigint NOT NULL,
  CONSTRAINT cases_reference_key UNIQUE (reference),
  CHECK ((closed_at IS NULL) = (close_reason IS NULL)),
  CHECK (kind <> 'referral' OR (officer_id IS NULL) <> (queue IS NULL))
);
-- One open referral for a child to a service.
CREATE UNIQUE INDEX cases_pupil_id_service_id_key ON cases (pupil_id, service_id) WHERE kind = 'referral' AND closed_at IS NULL;
CREATE INDEX cases_kind_opened_at_idx ON cases (kind, opened_at DESC, id DESC);
CREATE INDEX cases_school_id_idx ON cases (school_id, kind, opened_at DESC, id DESC);
CREATE INDEX cases_service_id_idx ON cases (service_id, kind, opened_at DESC, id DESC);
CREATE INDEX cases_officer_id_idx ON cases (officer_id, kind, opened_at DESC, id DESC);
CREATE INDEX cases_pupil_id_idx ON cases (pupil_id, opened_at DESC);
CREATE INDEX cases_opened_by_id_idx ON cases (opened_by_id, kind, opened_at DESC);
CREATE TABLE referrals (
  id uuid NOT NULL PRIMARY KEY REFERENCES cases (id),
  year_group bigint NOT NULL,
  key_area text,
  urgency text NOT NULL CHECK (urgency IN ('routine','soon','urgent')),
  state text NOT NULL CHECK (state IN ('submitted','info_requested','accepted','declined','redirected')),
  routing jsonb NOT NULL,
  reason text,
  successor_id uuid REFERENCES referrals (id),
  content bytea NOT NULL
);
CREATE INDEX referrals_successor_id_idx ON referrals (successor_id);
CREATE TABLE warrn_records (
  id uuid NOT NULL PRIMARY KEY REFERENCES cases (id),
  agreement text NOT NULL,
  expected_return_on date,
  content bytea NOT NULL
);
-- Who may know, explicitly and dated. Nobody else of the same school does. Stage 0 is who was named first, 1 their deputy,
-- 2 the authority's safeguarding leads.
CREATE TABLE case_recipients (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  part text NOT NULL CHECK (part IN ('dsp','ep')),
  stage bigint NOT NULL CHECK (stage BETWEEN 0 AND 2),
  person_id uuid REFERENCES people (id),
  officer_id uuid REFERENCES officers (id),
  begins_at timestamptz NOT NULL,
  ends_at timestamptz,
  due_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by uuid REFERENCES people (id),
  escalated_at timestamptz,
  CHECK ((person_id IS NULL) <> (officer_id IS NULL)),
  CONSTRAINT case_recipients_case_id_part_person_id_key UNIQUE (case_id, part, person_id),
  CONSTRAINT case_recipients_case_id_part_officer_id_key UNIQUE (case_id, part, officer_id)
);
-- One is named first, and one as deputy; leads may be several.
CREATE UNIQUE INDEX case_recipients_case_id_part_stage_key ON case_recipients (case_id, part, stage) WHERE stage < 2;
CREATE INDEX case_recipients_person_id_idx ON case_recipients (person_id);
CREATE INDEX case_recipients_officer_id_idx ON case_recipients (officer_id);
CREATE INDEX case_recipients_acknowledged_by_idx ON case_recipients (acknowledged_by);
CREATE INDEX case_recipients_due_at_idx ON case_recipients (due_at) WHERE acknowledged_at IS NULL AND escalated_at IS NULL;
-- What happened, in order. What was said with it is sealed.
CREATE TABLE case_events (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  kind text NOT NULL,
  state text NOT NULL,
  reason text,
  note bytea
);
CREATE INDEX case_events_case_id_idx ON case_events (case_id, at, id);
-- The people around a child in this matter: names and numbers are sealed.
CREATE TABLE case_people (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  relation text NOT NULL CHECK (relation IN ('parent','carer','key_adult','school_staff','health_worker','social_worker','other')),
  details bytea NOT NULL,
  added_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX case_people_case_id_idx ON case_people (case_id, added_at, id);
-- A step with a clock: by when, done when and by whom, told late to whom.
CREATE TABLE case_milestones (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  kind text NOT NULL,
  turn bigint NOT NULL,
  due_at timestamptz,
  done_at timestamptz,
  done_by uuid REFERENCES people (id),
  dropped_at timestamptz,
  stage bigint NOT NULL CHECK (stage BETWEEN 0 AND 2),
  next_stage_at timestamptz,
  CHECK (done_at IS NULL OR dropped_at IS NULL),
  CONSTRAINT case_milestones_case_id_kind_turn_key UNIQUE (case_id, kind, turn)
);
CREATE INDEX case_milestones_done_by_idx ON case_milestones (done_by);
CREATE INDEX case_milestones_next_stage_at_idx ON case_milestones (next_stage_at) WHERE done_at IS NULL AND dropped_at IS NULL;
-- A time in which clocks stand still, and why.
CREATE TABLE case_pauses (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  reason text NOT NULL CHECK (reason IN ('awaiting_consent','awaiting_school','awaiting_health','awaiting_panel','child_unavailable')),
  begins_at timestamptz NOT NULL,
  ends_at timestamptz,
  CHECK (ends_at IS NULL OR begins_at <= ends_at)
);
CREATE INDEX case_pauses_case_id_idx ON case_pauses (case_id, begins_at);
CREATE UNIQUE INDEX case_pauses_case_id_key ON case_pauses (case_id) WHERE ends_at IS NULL;
CREATE TABLE case_tasks (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  what bytea NOT NULL,
  person_id uuid NOT NULL REFERENCES people (id),
  due_on date,
  added_at timestamptz NOT NULL,
  done_at timestamptz,
  done_by uuid REFERENCES people (id)
);
CREATE INDEX case_tasks_case_id_idx ON case_tasks (case_id, added_at, id);
CREATE INDEX case_tasks_person_id_idx ON case_tasks (person_id, due_on) WHERE done_at IS NULL;
CREATE INDEX case_tasks_person_idx ON case_tasks (person_id);
CREATE INDEX case_tasks_done_by_idx ON case_tasks (done_by);
-- Documents: name and bytes are sealed apart, so that a list opens no bytes.
CREATE TABLE case_documents (
  id uuid NOT NULL PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  media_type text NOT NULL,
  size bigint NOT NULL,
  name bytea NOT NULL,
  content bytea NOT NULL,
  scan text NOT NULL CHECK (scan IN ('not_scanned','clean')),
  added_by_kind text NOT NULL,
  added_by_id uuid NOT NULL,
  added_at timestamptz NOT NULL
);
CREATE INDEX case_documents_case_id_idx ON case_documents (case_id, added_at, id);
-- What led to what.
CREATE TABLE case_links (
  from_id uuid NOT NULL REFERENCES cases (id),
  to_id uuid NOT NULL REFERENCES cases (id),
  kind text NOT NULL CHECK (kind IN ('led_to','redirected_to','related')),
  added_at timestamptz NOT NULL,
  PRIMARY KEY (from_id, to_id, kind),
  CHECK (from_id <> to_id)
);
CREATE INDEX case_links_to_id_idx ON case_links (to_id);
CREATE TABLE notices (
  id uuid NOT NULL PRIMARY KEY,
  dedupe text NOT NULL,
  wording text NOT NULL,
  recipient_kind text NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id uuid NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person')),
  subject_id uuid NOT NULL,
  reference text NOT NULL,
  due_at timestamptz,
  state text NOT NULL CHECK (state IN ('created','sending','delivered','permanent-failure','temporary-failure','technical-failure','withdrawn')),
  attempts bigint NOT NULL,
  next_at timestamptz NOT NULL,
  leased_until timestamptz,
  problem text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT notices_dedupe_key UNIQUE (dedupe)
);
CREATE INDEX notices_next_at_idx ON notices (next_at, id) WHERE finished_at IS NULL;
CREATE INDEX notices_subject_idx ON notices (subject_kind, subject_id);
CREATE INDEX notices_created_at_idx ON notices (created_at DESC, id DESC);
INSERT INTO cases (id, kind, reference, school_id, service_id, pupil_id, officer_id, queue, opened_by_kind, opened_by_id, opened_at, updated_at, closed_at, close_reason, version)
  SELECT id, 'referral', reference, school_id, service_id, pupil_id, officer_id, queue, opened_by_kind, opened_by_id, created_at, updated_at,
         CASE WHEN state IN ('declined','redirected') THEN updated_at END, CASE WHEN state IN ('declined','redirected') THEN state END, version FROM kept_referrals;
INSERT INTO cases (id, kind, reference, school_id, pupil_id, opened_by_kind, opened_by_id, opened_at, updated_at, version)
  SELECT id, 'warrn', reference, school_id, pupil_id, sent_by_kind, sent_by_id, received_at, received_at, version FROM kept_warrn_records;
INSERT INTO referrals (id, year_group, key_area, urgency, state, routing, reason, successor_id, content)
  SELECT id, year_group, key_area, urgency, state, routing, reason, successor_id, content FROM kept_referrals;
INSERT INTO warrn_records (id, agreement, expected_return_on, content) SELECT id, agreement, expected_return_on, content FROM kept_warrn_records;
INSERT INTO case_events (id, case_id, at, actor_kind, actor_id, kind, state, reason, note)
  SELECT id, referral_id, at, actor_kind, actor_id, kind, state, reason, note FROM kept_referral_events;
INSERT INTO case_recipients (id, case_id, part, stage, person_id, officer_id, begins_at, ends_at, due_at, acknowledged_at, acknowledged_by, escalated_at)
  SELECT id, record_id, part, CASE WHEN deputy THEN 1 ELSE 0 END, person_id, officer_id, begins_at, ends_at, due_at, acknowledged_at, acknowledged_by, escalated_at FROM kept_warrn_recipients;
INSERT INTO case_links (from_id, to_id, kind, added_at) SELECT id, successor_id, 'redirected_to', updated_at FROM kept_referrals WHERE successor_id IS NOT NULL;
INSERT INTO notices SELECT * FROM kept_notices;
DROP TABLE kept_referrals;
DROP TABLE kept_referral_events;
DROP TABLE kept_warrn_records;
DROP TABLE kept_warrn_recipients;
DROP TABLE kept_notices;
