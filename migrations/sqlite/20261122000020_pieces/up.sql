-- What was found for a child goes with the case it was found in. Pieces of before do not say which that was.
ALTER TABLE subject_access_pieces ADD COLUMN case_id BLOB REFERENCES cases (id);
CREATE INDEX subject_access_pieces_case_id_idx ON subject_access_pieces (case_id);
-- What was reviewed goes once a second person agrees.
ALTER TABLE case_retention ADD COLUMN confirmed_by BLOB REFERENCES people (id) CHECK (confirmed_by <> reviewed_by);
ALTER TABLE case_retention ADD COLUMN confirmed_at INTEGER;
CREATE INDEX case_retention_confirmed_by_idx ON case_retention (confirmed_by);
-- Special provision has a rule of its own: its cases are reckoned anew.
UPDATE case_retention SET reckoned_at = 0 WHERE review IS NULL AND case_id IN (SELECT record_id FROM provisions);
