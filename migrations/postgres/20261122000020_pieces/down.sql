DROP INDEX subject_access_pieces_case_id_idx;
ALTER TABLE subject_access_pieces DROP COLUMN case_id;
