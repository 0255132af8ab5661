DROP TABLE spent_arrivals;
DROP TABLE arrivals;
DROP TABLE spent_codes;
DROP TABLE survey_codes;
DROP TABLE code_sheets;
