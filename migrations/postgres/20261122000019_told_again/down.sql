-- The clock of before told the last in line once, and had no time for them afterwards.
UPDATE case_milestones SET next_stage_at = NULL
  WHERE stage = 2 AND done_at IS NULL AND dropped_at IS NULL
    AND case_id IN (SELECT id FROM cases WHERE kind = 'warrn');
