-- Break-glass accesses to one child's records, whom they were told to, and their reviews: written once, never changed.
CREATE TABLE emergency_accesses (
  id uuid NOT NULL PRIMARY KEY,
  reference text NOT NULL,
  role text NOT NULL,
  person_id uuid NOT NULL REFERENCES people (id),
  pupil_id uuid NOT NULL REFERENCES pupils (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  service_id uuid REFERENCES services (id),
  reason bytea NOT NULL,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  live boolean NOT NULL,
  CHECK (ends_at = started_at + interval '60 minutes'),
  CONSTRAINT emergency_accesses_reference_key UNIQUE (reference)
);
-- One at a time for a person and a child. `live` is put out when the next one starts; what it opens depends on the times.
CREATE UNIQUE INDEX emergency_accesses_person_id_pupil_id_key ON emergency_accesses (person_id, pupil_id) WHERE live;
CREATE INDEX emergency_accesses_person_id_idx ON emergency_accesses (person_id, ends_at);
CREATE INDEX emergency_accesses_pupil_id_idx ON emergency_accesses (pupil_id);
CREATE INDEX emergency_accesses_school_id_idx ON emergency_accesses (school_id);
CREATE INDEX emergency_accesses_service_id_idx ON emergency_accesses (service_id);
CREATE INDEX emergency_accesses_started_at_idx ON emergency_accesses (started_at DESC, id DESC);
CREATE FUNCTION emergency_accesses_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an emergency access is never changed';
END $$;
CREATE TRIGGER emergency_accesses_no_update
  BEFORE UPDATE OF id, reference, role, person_id, pupil_id, school_id, service_id, reason, started_at, ends_at ON emergency_accesses
  FOR EACH ROW EXECUTE FUNCTION emergency_accesses_refuse();
CREATE TRIGGER emergency_accesses_no_relive BEFORE UPDATE OF live ON emergency_accesses
  FOR EACH ROW WHEN (NOT (OLD.live AND NOT NEW.live)) EXECUTE FUNCTION emergency_accesses_refuse();
CREATE TRIGGER emergency_accesses_no_delete BEFORE DELETE OR TRUNCATE ON emergency_accesses
  FOR EACH STATEMENT EXECUTE FUNCTION emergency_accesses_refuse();
-- Whose records they are, and who was told at once.
CREATE TABLE emergency_owners (
  id uuid NOT NULL PRIMARY KEY,
  emergency_id uuid NOT NULL REFERENCES emergency_accesses (id),
  person_id uuid REFERENCES people (id),
  officer_id uuid REFERENCES officers (id),
  service_id uuid REFERENCES services (id),
  CHECK (num_nonnulls(person_id, officer_id, service_id) = 1)
);
CREATE INDEX emergency_owners_emergency_id_idx ON emergency_owners (emergency_id);
CREATE INDEX emergency_owners_person_id_idx ON emergency_owners (person_id);
CREATE INDEX emergency_owners_officer_id_idx ON emergency_owners (officer_id);
CREATE INDEX emergency_owners_service_id_idx ON emergency_owners (service_id);
-- What another person made of it; the id is the access's own, so there is one.
CREATE TABLE emergency_reviews (
  id uuid NOT NULL PRIMARY KEY REFERENCES emergency_accesses (id),
  reviewer_id uuid NOT NULL REFERENCES people (id),
  outcome text NOT NULL CHECK (outcome IN ('appropriate','not_appropriate','further_action')),
  note bytea NOT NULL,
  reviewed_at timestamptz NOT NULL
);
CREATE INDEX emergency_reviews_reviewer_id_idx ON emergency_reviews (reviewer_id);
CREATE FUNCTION emergency_reviews_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a review is never changed';
END $$;
CREATE TRIGGER emergency_reviews_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON emergency_reviews
  FOR EACH STATEMENT EXECUTE FUNCTION emergency_reviews_refuse();
CREATE FUNCTION emergency_reviews_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM emergency_accesses a WHERE a.id = NEW.id AND a.person_id = NEW.reviewer_id) THEN
    RAISE EXCEPTION 'another person reviews an emergency access';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER emergency_reviews_another BEFORE INSERT ON emergency_reviews
  FOR EACH ROW EXECUTE FUNCTION emergency_reviews_another();
-- For who reads unusually much.
CREATE INDEX audit_entries_at_idx ON audit_entries (at);
