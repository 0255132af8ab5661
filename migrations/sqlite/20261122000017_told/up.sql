-- Whom an emergency access was told to decides who may see it: written once, never changed.
CREATE TRIGGER emergency_owners_no_update BEFORE UPDATE ON emergency_owners
  BEGIN SELECT RAISE(ABORT, 'whom an emergency access was told to is never changed'); END;
CREATE TRIGGER emergency_owners_no_delete BEFORE DELETE ON emergency_owners
  BEGIN SELECT RAISE(ABORT, 'whom an emergency access was told to is never changed'); END;
-- REPLACE INTO removes a row without its delete trigger.
CREATE TRIGGER emergency_owners_no_replace BEFORE INSERT ON emergency_owners
  WHEN EXISTS (SELECT 1 FROM emergency_owners WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'whom an emergency access was told to is never changed'); END;
