CREATE TABLE calendar_changes (
  id BLOB NOT NULL PRIMARY KEY,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX calendar_changes_changed_at_idx ON calendar_changes (changed_at);
INSERT INTO calendar_changes (id, changed_at)
  SELECT randomblob(16), max(made_at) FROM calendar_versions HAVING count(*) > 0;
ALTER TABLE warrn_returns DROP COLUMN calendar_version;
ALTER TABLE warrn_returns ADD COLUMN reckoned_at INTEGER;
DROP TABLE calendar_versions;
