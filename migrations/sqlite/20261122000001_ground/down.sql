DROP TABLE idempotency_keys;
DROP TABLE child_keys;
DROP TABLE audit_head;
DROP TABLE audit_entries;
