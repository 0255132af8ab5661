DROP INDEX pupils_school_id_name_index_idx;
ALTER TABLE pupils DROP COLUMN name_index;
