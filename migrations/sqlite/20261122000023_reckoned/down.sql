ALTER TABLE warrn_returns DROP COLUMN reckoned_at;
DROP TABLE calendar_changes;
