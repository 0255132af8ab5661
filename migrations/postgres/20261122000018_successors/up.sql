-- Who left is followed by another: one is named first at a time. What was told of an alert is kept with it.
DROP INDEX case_recipients_case_id_part_stage_key;
CREATE UNIQUE INDEX case_recipients_case_id_part_stage_key ON case_recipients (case_id, part, stage)
  WHERE stage < 2 AND ends_at IS NULL;
ALTER TABLE warrn_alerts ADD COLUMN told_at timestamptz;
UPDATE warrn_alerts SET told_at = raised_at
  WHERE id IN (SELECT subject_id FROM notices WHERE subject_kind = 'alert');
CREATE INDEX warrn_alerts_told_at_idx ON warrn_alerts (raised_at) WHERE told_at IS NULL;
