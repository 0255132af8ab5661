-- Break-glass accesses to one child's records, whom they were told to, and their reviews: written once, never changed.
CREATE TABLE emergency_accesses (
  id BLOB NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL,
  role TEXT NOT NULL,
  person_id BLOB NOT NULL REFERENCES people (id),
  pupil_id BLOB NOT NULL REFERENCES pupils (id),
  school_id BLOB NOT NULL REFERENCES schools (id),
  service_id BLOB REFERENCES services (id),
  reason BLOB NOT NULL,
  started_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  live INTEGER NOT NULL,
  CHECK (ends_at = started_at + 3600000000),
  CONSTRAINT emergency_accesses_reference_key UNIQUE (reference)
) STRICT;
-- One at a time for a person and a child. `live` is put out when the next one starts; what it opens depends on the times.
CREATE UNIQUE INDEX emergency_accesses_person_id_pupil_id_key ON emergency_accesses (person_id, pupil_id) WHERE live = 1;
CREATE INDEX emergency_accesses_person_id_idx ON emergency_accesses (person_id, ends_at);
CREATE INDEX emergency_accesses_pupil_id_idx ON emergency_accesses (pupil_id);
CREATE INDEX emergency_accesses_school_id_idx ON emergency_accesses (school_id);
CREATE INDEX emergency_accesses_service_id_idx ON emergency_accesses (service_id);
CREATE INDEX emergency_accesses_started_at_idx ON emergency_accesses (started_at DESC, id DESC);
CREATE TRIGGER emergency_accesses_no_update
  BEFORE UPDATE OF id, reference, role, person_id, pupil_id, school_id, service_id, reason, started_at, ends_at ON emergency_accesses
  BEGIN SELECT RAISE(ABORT, 'an emergency access is never changed'); END;
CREATE TRIGGER emergency_accesses_no_relive BEFORE UPDATE OF live ON emergency_accesses WHEN NOT (OLD.live = 1 AND NEW.live = 0)
  BEGIN SELECT RAISE(ABORT, 'an emergency access is never changed'); END;
CREATE TRIGGER emergency_accesses_no_delete BEFORE DELETE ON emergency_accesses
  BEGIN SELECT RAISE(ABORT, 'an emergency access is never changed'); END;
-- REPLACE INTO removes a row without its delete trigger.
CREATE TRIGGER emergency_accesses_no_replace BEFORE INSERT ON emergency_accesses
  WHEN EXISTS (SELECT 1 FROM emergency_accesses WHERE id = NEW.id OR reference = NEW.reference)
    OR EXISTS (SELECT 1 FROM emergency_accesses WHERE live = 1 AND NEW.live = 1 AND person_id = NEW.person_id AND pupil_id = NEW.pupil_id)
  BEGIN SELECT RAISE(ABORT, 'an emergency access is never changed'); END;
-- Whose records they are, and who was told at once.
CREATE TABLE emergency_owners (
  id BLOB NOT NULL PRIMARY KEY,
  emergency_id BLOB NOT NULL REFERENCES emergency_accesses (id),
  person_id BLOB REFERENCES people (id),
  officer_id BLOB REFERENCES officers (id),
  service_id BLOB REFERENCES services (id),
  CHECK ((person_id IS NOT NULL) + (officer_id IS NOT NULL) + (service_id IS NOT NULL) = 1)
) STRICT;
CREATE INDEX emergency_owners_emergency_id_idx ON emergency_owners (emergency_id);
CREATE INDEX emergency_owners_person_id_idx ON emergency_owners (person_id);
CREATE INDEX emergency_owners_officer_id_idx ON emergency_owners (officer_id);
CREATE INDEX emergency_owners_service_id_idx ON emergency_owners (service_id);
-- What another person made of it; the id is the access's own, so there is one.
CREATE TABLE emergency_reviews (
  id BLOB NOT NULL PRIMARY KEY REFERENCES emergency_accesses (id),
  reviewer_id BLOB NOT NULL REFERENCES people (id),
  outcome TEXT NOT NULL CHECK (outcome IN ('appropriate','not_appropriate','further_action')),
  note BLOB NOT NULL,
  reviewed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX emergency_reviews_reviewer_id_idx ON emergency_reviews (reviewer_id);
CREATE TRIGGER emergency_reviews_no_update BEFORE UPDATE ON emergency_reviews
  BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER emergency_reviews_no_delete BEFORE DELETE ON emergency_reviews
  BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER emergency_reviews_no_replace BEFORE INSERT ON emergency_reviews
  WHEN EXISTS (SELECT 1 FROM emergency_reviews WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER emergency_reviews_another BEFORE INSERT ON emergency_reviews
  WHEN EXISTS (SELECT 1 FROM emergency_accesses WHERE id = NEW.id AND person_id = NEW.reviewer_id)
  BEGIN SELECT RAISE(ABORT, 'another person reviews an emergency access'); END;
-- For who reads unusually much.
CREATE INDEX audit_entries_at_idx ON audit_entries (at);
