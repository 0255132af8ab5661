DROP TABLE audit_checkpoints;
DROP INDEX child_keys_kek_id_idx;
DROP TABLE retired_keys;
DROP TABLE system_keys;
