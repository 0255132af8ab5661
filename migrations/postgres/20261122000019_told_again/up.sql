-- What is late is told again until it is done. Steps told to the last in line, and those migration 14 took over as told once,
-- had no time at which anybody looks at them: the next look of the clock finds them.
UPDATE case_milestones SET next_stage_at = due_at
  WHERE next_stage_at IS NULL AND due_at IS NOT NULL AND stage > 0 AND done_at IS NULL AND dropped_at IS NULL
    AND case_id IN (SELECT id FROM cases WHERE kind = 'warrn' AND closed_at IS NULL);
