DROP INDEX case_retention_confirmed_by_idx;
ALTER TABLE case_retention DROP COLUMN confirmed_at;
ALTER TABLE case_retention DROP COLUMN confirmed_by;
DROP INDEX subject_access_pieces_case_id_idx;
ALTER TABLE subject_access_pieces DROP COLUMN case_id;
