DROP TABLE survey_release_tables;
DROP TABLE survey_releases;
