ALTER TABLE sessions DROP COLUMN issuer;
ALTER TABLE memberships DROP COLUMN source;
DROP TABLE issuer_states;
DROP TABLE issuer_links;
