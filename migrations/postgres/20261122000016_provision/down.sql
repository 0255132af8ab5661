DELETE FROM case_milestones WHERE kind IN ('provision_review','provision_end');
DROP TABLE provision_notes;
DROP TABLE provisions;
