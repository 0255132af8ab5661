-- Who comes back as a recipient gets a row of their own, and the old one keeps its days: nobody is one twice at a time. A
-- review says whether the pupil attends, which a sustained return needs.
CREATE TABLE kept_case_recipients AS SELECT * FROM case_recipients;
DROP TABLE case_recipients;
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
  CHECK ((person_id IS NULL) <> (officer_id IS NULL))
) STRICT;
INSERT INTO case_recipients (id, case_id, part, stage, person_id, officer_id, begins_at, ends_at, due_at, acknowledged_at, acknowledged_by, escalated_at)
  SELECT id, case_id, part, stage, person_id, officer_id, begins_at, ends_at, due_at, acknowledged_at, acknowledged_by, escalated_at FROM kept_case_recipients;
DROP TABLE kept_case_recipients;
CREATE INDEX case_recipients_case_id_idx ON case_recipients (case_id);
CREATE UNIQUE INDEX case_recipients_case_id_part_person_id_key ON case_recipients (case_id, part, person_id)
  WHERE ends_at IS NULL;
CREATE UNIQUE INDEX case_recipients_case_id_part_officer_id_key ON case_recipients (case_id, part, officer_id)
  WHERE ends_at IS NULL;
CREATE UNIQUE INDEX case_recipients_case_id_part_stage_key ON case_recipients (case_id, part, stage)
  WHERE stage < 2 AND ends_at IS NULL;
CREATE INDEX case_recipients_person_id_idx ON case_recipients (person_id);
CREATE INDEX case_recipients_officer_id_idx ON case_recipients (officer_id);
CREATE INDEX case_recipients_acknowledged_by_idx ON case_recipients (acknowledged_by);
CREATE INDEX case_recipients_due_at_idx ON case_recipients (due_at) WHERE acknowledged_at IS NULL AND escalated_at IS NULL;
ALTER TABLE warrn_steps ADD COLUMN attendance TEXT CHECK (attendance IN ('full_time','part_time','absent'));
