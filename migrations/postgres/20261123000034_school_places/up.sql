-- What phase and cluster a school was of, from which day on. What is known of today's schools holds as far back as anybody asks.
CREATE TABLE school_places (
  school_id uuid NOT NULL REFERENCES schools (id),
  from_on date NOT NULL,
  phase text NOT NULL CHECK (phase IN ('nursery','primary','middle','secondary','special','pru','independent')),
  cluster text,
  PRIMARY KEY (school_id, from_on)
);
INSERT INTO school_places (school_id, from_on, phase, cluster) SELECT id, '1900-01-01', phase, cluster FROM schools;
