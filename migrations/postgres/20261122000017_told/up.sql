-- Whom an emergency access was told to decides who may see it: written once, never changed.
CREATE FUNCTION emergency_owners_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'whom an emergency access was told to is never changed';
END $$;
CREATE TRIGGER emergency_owners_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON emergency_owners
  FOR EACH STATEMENT EXECUTE FUNCTION emergency_owners_refuse();
