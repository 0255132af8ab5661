-- An authority's own questionnaires while they are written. A published one goes to `instruments`, with its id.
CREATE TABLE instrument_drafts (
  id uuid NOT NULL PRIMARY KEY,
  code text NOT NULL,
  version bigint NOT NULL,
  definition jsonb NOT NULL,
  revision bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT instrument_drafts_code_key UNIQUE (code)
);
