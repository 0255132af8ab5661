DROP TABLE submissions;
DROP TABLE response_keys;
DROP TABLE responses;
DROP TABLE campaign_schools;
DROP TABLE campaigns;
DROP TABLE instruments;
