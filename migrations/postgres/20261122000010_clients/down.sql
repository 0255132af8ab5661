DROP TABLE client_consents;
ALTER TABLE api_clients DROP COLUMN networks;
ALTER TABLE api_clients DROP COLUMN old_secret_ends_at;
ALTER TABLE api_clients DROP COLUMN old_secret_hash;
