DROP TABLE audit_checkpoints;
DROP FUNCTION audit_checkpoints_refuse();
DROP INDEX child_keys_kek_id_idx;
DROP TABLE retired_keys;
DROP TABLE system_keys;
