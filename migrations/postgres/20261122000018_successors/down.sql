DROP INDEX warrn_alerts_told_at_idx;
ALTER TABLE warrn_alerts DROP COLUMN told_at;
DROP INDEX case_recipients_case_id_part_stage_key;
-- Who was named first before another stands beside the leads: they keep their row and their days.
UPDATE case_recipients SET stage = 2 WHERE stage < 2 AND ends_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM case_recipients later
  WHERE later.case_id = case_recipients.case_id AND later.part = case_recipients.part
    AND later.stage = case_recipients.stage AND later.id > case_recipients.id
);
CREATE UNIQUE INDEX case_recipients_case_id_part_stage_key ON case_recipients (case_id, part, stage) WHERE stage < 2;
