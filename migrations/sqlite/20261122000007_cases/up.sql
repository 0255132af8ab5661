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
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('referral','warrn','handling_plan','reduced_timetable','eotas')),
  reference TEXT NOT NULL,
  school_id BLOB NOT NULL REFERENCES schools (id),
  service_id BLOB REFERENCES services (id),
  pupil_id BLOB NOT NULL REFERENCES pupils (id),
  officer_id BLOB REFERENCES officers (id),
  queue TEXT,
  opened_by_kind TEXT NOT NULL CHECK (opened_by_kind IN ('person','client')),
  opened_by_id BLOB NOT NULL,
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  closed_at INTEGER,
  close_reason TEXT,
  version INTEGER NOT NULL,
  CONSTRAINT cases_reference_key UNIQUE (reference),
  CHECK ((closed_at IS NULL) = (close_reason IS NULL)),
  CHECK (kind <> 'referral' OR (officer_id IS NULL) <> (queue IS NULL))
) STRICT;
-- One open referral for a child to a service.
CREATE UNIQUE INDEX cases_pupil_id_service_id_key ON cases (pupil_id, service_id) WHERE kind = 'referral' AND closed_at IS NULL;
CREATE INDEX cases_kind_opened_at_idx ON cases (kind, opened_at DESC, id DESC);
CREATE INDEX cases_school_id_idx ON cases (school_id, kind, opened_at DESC, id DESC);
CREATE INDEX cases_service_id_idx ON cases (service_id, kind, opened_at DESC, id DESC);
CREATE INDEX cases_officer_id_idx ON cases (officer_id, kind, opened_at DESC, id DESC);
CREATE INDEX cases_pupil_id_idx ON cases (pupil_id, opened_at DESC);
CREATE INDEX cases_opened_by_id_idx ON cases (opened_by_id, kind, opened_at DESC);
CREATE TABLE referrals (
  id BLOB NOT NULL PRIMARY KEY REFERENCES cases (id),
  year_group INTEGER NOT NULL,
  key_area TEXT,
  urgency TEXT NOT NULL CHECK (urgency IN ('routine','soon','urgent')),
  state TEXT NOT NULL CHECK (state IN ('submitted','info_requested','accepted','declined','redirected')),
  routing TEXT NOT NULL CHECK (json_valid(routing)),
  reason TEXT,
  successor_id BLOB REFERENCES referrals (id),
  content BLOB NOT NULL
) STRICT;
CREATE INDEX referrals_successor_id_idx ON referrals (successor_id);
CREATE TABLE warrn_records (
  id BLOB NOT NULL PRIMARY KEY REFERENCES cases (id),
  agreement TEXT NOT NULL,
  expected_return_on TEXT,
  content BLOB NOT NULL
) STRICT;
-- Who may know, explicitly and dated. Nobody else of the same school does. Stage 0 is who was named first, 1 their deputy,
-- 2 the authority's safeguarding leads.
CREATE TABLE case_recipients (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  part TEXT NOT NULL CHECK (part IN ('dsp','ep')),
  stage INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 2),
  person_id BLOB REFERENCES people (id),
  officer_id BLOB REFERENCES officers (id),
  begins_at INTEGER NOT NULL,
  ends_at INTEGER,
  due_at INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by BLOB REFERENCES people (id),
  escalated_at INTEGER,
  CHECK ((person_id IS NULL) <> (officer_id IS NULL)),
  CONSTRAINT case_recipients_case_id_part_person_id_key UNIQUE (case_id, part, person_id),
  CONSTRAINT case_recipients_case_id_part_officer_id_key UNIQUE (case_id, part, officer_id)
) STRICT;
-- One is named first, and one as deputy; leads may be several.
CREATE UNIQUE INDEX case_recipients_case_id_part_stage_key ON case_recipients (case_id, part, stage) WHERE stage < 2;
CREATE INDEX case_recipients_person_id_idx ON case_recipients (person_id);
CREATE INDEX case_recipients_officer_id_idx ON case_recipients (officer_id);
CREATE INDEX case_recipients_acknowledged_by_idx ON case_recipients (acknowledged_by);
CREATE INDEX case_recipients_due_at_idx ON case_recipients (due_at) WHERE acknowledged_at IS NULL AND escalated_at IS NULL;
-- What happened, in order. What was said with it is sealed.
CREATE TABLE case_events (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  note BLOB
) STRICT;
CREATE INDEX case_events_case_id_idx ON case_events (case_id, at, id);
-- The people around a child in this matter: names and numbers are sealed.
CREATE TABLE case_people (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  relation TEXT NOT NULL CHECK (relation IN ('parent','carer','key_adult','school_staff','health_worker','social_worker','other')),
  details BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX case_people_case_id_idx ON case_people (case_id, added_at, id);
-- A step with a clock: by when, done when and by whom, told late to whom.
CREATE TABLE case_milestones (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL,
  turn INTEGER NOT NULL,
  due_at INTEGER,
  done_at INTEGER,
  done_by BLOB REFERENCES people (id),
  dropped_at INTEGER,
  stage INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 2),
  next_stage_at INTEGER,
  CHECK (done_at IS NULL OR dropped_at IS NULL),
  CONSTRAINT case_milestones_case_id_kind_turn_key UNIQUE (case_id, kind, turn)
) STRICT;
CREATE INDEX case_milestones_done_by_idx ON case_milestones (done_by);
CREATE INDEX case_milestones_next_stage_at_idx ON case_milestones (next_stage_at) WHERE done_at IS NULL AND dropped_at IS NULL;
-- A time in which clocks stand still, and why.
CREATE TABLE case_pauses (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  reason TEXT NOT NULL CHECK (reason IN ('awaiting_consent','awaiting_school','awaiting_health','awaiting_panel','child_unavailable')),
  begins_at INTEGER NOT NULL,
  ends_at INTEGER,
  CHECK (ends_at IS NULL OR begins_at <= ends_at)
) STRICT;
CREATE INDEX case_pauses_case_id_idx ON case_pauses (case_id, begins_at);
CREATE UNIQUE INDEX case_pauses_case_id_key ON case_pauses (case_id) WHERE ends_at IS NULL;
CREATE TABLE case_tasks (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  what BLOB NOT NULL,
  person_id BLOB NOT NULL REFERENCES people (id),
  due_on TEXT,
  added_at INTEGER NOT NULL,
  done_at INTEGER,
  done_by BLOB REFERENCES people (id)
) STRICT;
CREATE INDEX case_tasks_case_id_idx ON case_tasks (case_id, added_at, id);
CREATE INDEX case_tasks_person_id_idx ON case_tasks (person_id, due_on) WHERE done_at IS NULL;
CREATE INDEX case_tasks_person_idx ON case_tasks (person_id);
CREATE INDEX case_tasks_done_by_idx ON case_tasks (done_by);
-- Documents: name and bytes are sealed apart, so that a list opens no bytes.
CREATE TABLE case_documents (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL REFERENCES cases (id),
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  name BLOB NOT NULL,
  content BLOB NOT NULL,
  scan TEXT NOT NULL CHECK (scan IN ('not_scanned','clean')),
  added_by_kind TEXT NOT NULL,
  added_by_id BLOB NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX case_documents_case_id_idx ON case_documents (case_id, added_at, id);
-- What led to what.
CREATE TABLE case_links (
  from_id BLOB NOT NULL REFERENCES cases (id),
  to_id BLOB NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL CHECK (kind IN ('led_to','redirected_to','related')),
  added_at INTEGER NOT NULL,
  PRIMARY KEY (from_id, to_id, kind),
  CHECK (from_id <> to_id)
) STRICT;
CREATE INDEX case_links_to_id_idx ON case_links (to_id);
CREATE TABLE notices (
  id BLOB NOT NULL PRIMARY KEY,
  dedupe TEXT NOT NULL,
  wording TEXT NOT NULL,
  recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id BLOB NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('referral','warrn','provision','alert','emergency','person')),
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
