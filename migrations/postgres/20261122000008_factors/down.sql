DROP TABLE sign_in_misses;
DROP TABLE sign_in_links;
DROP TABLE invitations;
DROP TABLE recovery_codes;
DROP TABLE factors;
ALTER TABLE sessions DROP COLUMN device;
ALTER TABLE sessions DROP COLUMN second_factor_at;
