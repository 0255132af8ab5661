-- Whose task was not done by its day is told, once.
ALTER TABLE case_tasks ADD COLUMN told_at timestamptz;
CREATE INDEX case_tasks_due_on_idx ON case_tasks (due_on) WHERE done_at IS NULL AND told_at IS NULL;
