-- The secret before the present one: it lives on until a set time, so that two work while it is replaced.
ALTER TABLE api_clients ADD COLUMN old_secret_hash bytea;
ALTER TABLE api_clients ADD COLUMN old_secret_ends_at timestamptz;
-- Networks a client may call from (CIDR, separated by spaces); empty for any.
ALTER TABLE api_clients ADD COLUMN networks text NOT NULL DEFAULT '';
-- A school's consent that a client acts for it. In force until it is withdrawn; each giving is a row of its own.
CREATE TABLE client_consents (
  client_id uuid NOT NULL REFERENCES api_clients (id),
  school_id uuid NOT NULL REFERENCES schools (id),
  given_at timestamptz NOT NULL,
  basis text NOT NULL CHECK (basis IN ('school','operator','migration')),
  given_by uuid REFERENCES people (id),
  withdrawn_at timestamptz,
  withdrawn_by uuid REFERENCES people (id),
  PRIMARY KEY (client_id, school_id, given_at)
);
CREATE UNIQUE INDEX client_consents_client_id_school_id_key ON client_consents (client_id, school_id) WHERE withdrawn_at IS NULL;
CREATE INDEX client_consents_school_id_idx ON client_consents (school_id);
CREATE INDEX client_consents_given_by_idx ON client_consents (given_by);
CREATE INDEX client_consents_withdrawn_by_idx ON client_consents (withdrawn_by);
-- Clients that act for a school today go on: recorded as given by this migration, for the school to look at.
INSERT INTO client_consents (client_id, school_id, given_at, basis)
  SELECT client_id, school_id, MIN(begins_at), 'migration' FROM memberships
  WHERE client_id IS NOT NULL AND school_id IS NOT NULL AND state = 'confirmed' GROUP BY client_id, school_id;
