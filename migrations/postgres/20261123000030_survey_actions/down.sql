DROP TABLE survey_actions;
