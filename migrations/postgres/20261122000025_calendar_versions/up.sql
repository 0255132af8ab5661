-- The calendar has a number, and each record the number of the calendar its clocks were counted by. Times of day could not
-- tell what was counted while the calendar changed.
CREATE TABLE calendar_versions (
  version bigint NOT NULL PRIMARY KEY,
  made_at timestamptz NOT NULL
);
INSERT INTO calendar_versions (version, made_at)
  SELECT 1, max(changed_at) FROM calendar_changes HAVING count(*) > 0;
ALTER TABLE warrn_returns DROP COLUMN reckoned_at;
ALTER TABLE warrn_returns ADD COLUMN calendar_version bigint NOT NULL DEFAULT 0;
DROP TABLE calendar_changes;
