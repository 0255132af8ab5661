DROP INDEX warrn_records_expected_return_on_idx;
DROP TABLE warrn_steps;
DROP TABLE warrn_returns;
DELETE FROM case_milestones WHERE case_id IN (SELECT id FROM cases WHERE kind = 'warrn');
DROP TABLE person_absences;
DROP TABLE calendar_days;
DROP TABLE calendar_terms;
