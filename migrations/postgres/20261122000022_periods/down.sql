ALTER TABLE warrn_steps DROP COLUMN attendance;
-- One row for each again: the last, which is the one that counts. What stood before it is lost.
DELETE FROM case_recipients WHERE EXISTS (
  SELECT 1 FROM case_recipients later
  WHERE later.case_id = case_recipients.case_id AND later.part = case_recipients.part
    AND (later.person_id = case_recipients.person_id OR later.officer_id = case_recipients.officer_id)
    AND (later.begins_at > case_recipients.begins_at OR (later.begins_at = case_recipients.begins_at AND later.id > case_recipients.id))
);
DROP INDEX case_recipients_case_id_idx;
DROP INDEX case_recipients_case_id_part_officer_id_key;
DROP INDEX case_recipients_case_id_part_person_id_key;
ALTER TABLE case_recipients ADD CONSTRAINT case_recipients_case_id_part_person_id_key UNIQUE (case_id, part, person_id);
ALTER TABLE case_recipients ADD CONSTRAINT case_recipients_case_id_part_officer_id_key UNIQUE (case_id, part, officer_id);
