DROP INDEX audit_entries_at_idx;
DROP TABLE emergency_reviews;
DROP TABLE emergency_owners;
DROP TABLE emergency_accesses;
DROP FUNCTION emergency_reviews_another();
DROP FUNCTION emergency_reviews_refuse();
DROP FUNCTION emergency_accesses_refuse();
