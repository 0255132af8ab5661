DROP TABLE calendar_days;
DROP TABLE calendar_terms;
