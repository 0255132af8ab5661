DROP TRIGGER emergency_owners_no_change ON emergency_owners;
DROP FUNCTION emergency_owners_refuse();
