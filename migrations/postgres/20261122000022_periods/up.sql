-- Who comes back as a recipient gets a row of their own, and the old one keeps its days: nobody is one twice at a time. A
-- review says whether the pupil attends, which a sustained return needs.
ALTER TABLE case_recipients DROP CONSTRAINT case_recipients_case_id_part_person_id_key;
ALTER TABLE case_recipients DROP CONSTRAINT case_recipients_case_id_part_officer_id_key;
CREATE INDEX case_recipients_case_id_idx ON case_recipients (case_id);
CREATE UNIQUE INDEX case_recipients_case_id_part_person_id_key ON case_recipients (case_id, part, person_id)
  WHERE ends_at IS NULL;
CREATE UNIQUE INDEX case_recipients_case_id_part_officer_id_key ON case_recipients (case_id, part, officer_id)
  WHERE ends_at IS NULL;
ALTER TABLE warrn_steps ADD COLUMN attendance text CHECK (attendance IN ('full_time','part_time','absent'));
