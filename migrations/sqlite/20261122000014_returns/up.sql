-- The calendar of terms, INSET days, holidays and closures: of all schools, or of one.
CREATE TABLE calendar_terms (
  id BLOB NOT NULL PRIMARY KEY,
  school_id BLOB REFERENCES schools (id),
  begins_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  name_cy TEXT NOT NULL,
  name_en TEXT NOT NULL,
  CHECK (begins_on <= ends_on)
) STRICT;
CREATE INDEX calendar_terms_school_id_idx ON calendar_terms (school_id, begins_on);
CREATE TABLE calendar_days (
  id BLOB NOT NULL PRIMARY KEY,
  school_id BLOB REFERENCES schools (id),
  kind TEXT NOT NULL CHECK (kind IN ('inset','holiday','closure','bank_holiday')),
  begins_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  name_cy TEXT NOT NULL,
  name_en TEXT NOT NULL,
  CHECK (begins_on <= ends_on)
) STRICT;
CREATE INDEX calendar_days_school_id_idx ON calendar_days (school_id, begins_on);
-- People on leave: who stands in for them is named in their place from the start.
CREATE TABLE person_absences (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES people (id),
  begins_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  CHECK (begins_on <= ends_on)
) STRICT;
CREATE INDEX person_absences_person_id_idx ON person_absences (person_id, ends_on);
-- How a record came and how the child came back. Each record has one row; its steps' clocks are milestones of its case.
CREATE TABLE warrn_returns (
  id BLOB NOT NULL PRIMARY KEY REFERENCES warrn_records (id),
  source TEXT NOT NULL CHECK (source IN ('camhs_in_reach','school_nurse','other')),
  received_on TEXT NOT NULL,
  returned_on TEXT,
  attendance TEXT CHECK (attendance IN ('full_time','part_time')),
  CHECK ((returned_on IS NULL) = (attendance IS NULL))
) STRICT;
-- What was said at each step: sealed. Only the dates that clocks run by stand in the open.
CREATE TABLE warrn_steps (
  id BLOB NOT NULL PRIMARY KEY,
  record_id BLOB NOT NULL REFERENCES warrn_records (id),
  step TEXT NOT NULL CHECK (step IN ('risk_assessment','return_meeting','return_plan','return','full_time','review','close')),
  turn INTEGER NOT NULL,
  held_on TEXT NOT NULL,
  next_on TEXT,
  part_time_until TEXT,
  content BLOB,
  noted_at INTEGER NOT NULL,
  noted_by BLOB NOT NULL REFERENCES people (id),
  CONSTRAINT warrn_steps_record_id_step_turn_key UNIQUE (record_id, step, turn)
) STRICT;
CREATE INDEX warrn_steps_noted_by_idx ON warrn_steps (noted_by);
-- "Returning this week" is asked on every officer's first page.
CREATE INDEX warrn_records_expected_return_on_idx ON warrn_records (expected_return_on);
-- Records from before: they get their row and their open clocks. The acknowledgements keep their times; the rest has two weeks.
INSERT INTO warrn_returns (id, source, received_on)
  SELECT id, 'other', date(opened_at / 1000000, 'unixepoch') FROM cases WHERE kind = 'warrn';
INSERT INTO case_milestones (id, case_id, kind, turn, due_at, done_at, done_by, stage, next_stage_at)
  SELECT randomblob(16), r.case_id, 'acknowledge_' || r.part, 1, r.due_at, r.acknowledged_at, r.acknowledged_by,
         CASE WHEN r.escalated_at IS NULL THEN 0 ELSE 1 END, CASE WHEN r.escalated_at IS NULL THEN r.due_at END
  FROM case_recipients r JOIN cases c ON c.id = r.case_id AND c.kind = 'warrn' WHERE r.stage = 0;
INSERT INTO case_milestones (id, case_id, kind, turn, due_at, stage, next_stage_at)
  SELECT randomblob(16), c.id, k.kind, 1, c.opened_at + 1209600000000, 0, c.opened_at + 1209600000000
  FROM cases c, (SELECT 'risk_assessment' AS kind UNION ALL SELECT 'return_meeting' UNION ALL SELECT 'return_plan' UNION ALL SELECT 'return') k
  WHERE c.kind = 'warrn' AND c.closed_at IS NULL;
