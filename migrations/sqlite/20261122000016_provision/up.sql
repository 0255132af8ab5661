-- Special provision for one child, each linked to the WARRN record it came from: a positive handling plan, a reduced
-- timetable, education otherwise than at school. Child and school are the case's. Only what clocks and counts run by
-- stands in the open; its clocks are milestones of the case, found by their turn.
CREATE TABLE provisions (
  id BLOB NOT NULL PRIMARY KEY,
  record_id BLOB NOT NULL REFERENCES warrn_records (id),
  reference TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('handling_plan','reduced_timetable','eotas')),
  starts_on TEXT NOT NULL,
  review_on TEXT,
  ends_on TEXT,
  minutes_per_week INTEGER,
  consent_on TEXT,
  placement TEXT CHECK (placement IN ('pupil_referral_unit','home_tuition','independent_school','further_education','work_based','youth_or_third_sector','private_provider','hospital','awaiting')),
  ended_on TEXT,
  ending TEXT CHECK (ending IN ('full_time','extended','placement_changed','returned_to_school','no_longer_needed')),
  review_turn INTEGER,
  end_turn INTEGER,
  content BLOB NOT NULL,
  started_at INTEGER NOT NULL,
  started_by BLOB NOT NULL REFERENCES people (id),
  version INTEGER NOT NULL,
  CHECK (starts_on < ends_on),
  CHECK ((ended_on IS NULL) = (ending IS NULL)),
  CHECK ((kind = 'reduced_timetable') = (minutes_per_week IS NOT NULL)),
  CHECK ((kind = 'reduced_timetable') = (consent_on IS NOT NULL)),
  CHECK (kind <> 'reduced_timetable' OR ends_on IS NOT NULL),
  CHECK ((kind = 'eotas') = (placement IS NOT NULL)),
  CONSTRAINT provisions_reference_key UNIQUE (reference)
) STRICT;
CREATE INDEX provisions_record_id_idx ON provisions (record_id);
CREATE INDEX provisions_started_by_idx ON provisions (started_by);
-- What was said at a review, an extension and the end: sealed.
CREATE TABLE provision_notes (
  id BLOB NOT NULL PRIMARY KEY,
  provision_id BLOB NOT NULL REFERENCES provisions (id),
  record_id BLOB NOT NULL REFERENCES warrn_records (id),
  kind TEXT NOT NULL CHECK (kind IN ('review','extension','end')),
  held_on TEXT NOT NULL,
  next_on TEXT,
  content BLOB NOT NULL,
  noted_at INTEGER NOT NULL,
  noted_by BLOB NOT NULL REFERENCES people (id)
) STRICT;
CREATE INDEX provision_notes_provision_id_idx ON provision_notes (provision_id);
CREATE INDEX provision_notes_record_id_idx ON provision_notes (record_id);
CREATE INDEX provision_notes_noted_by_idx ON provision_notes (noted_by);
