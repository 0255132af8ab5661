DROP TABLE memberships;
DROP TABLE api_clients;
DROP TABLE sessions;
DROP TABLE people;
