-- What was found for a child goes with the case it was found in. Pieces of before do not say which that was.
ALTER TABLE subject_access_pieces ADD COLUMN case_id BLOB REFERENCES cases (id);
CREATE INDEX subject_access_pieces_case_id_idx ON subject_access_pieces (case_id);
