DROP INDEX case_tasks_due_on_idx;
ALTER TABLE case_tasks DROP COLUMN told_at;
