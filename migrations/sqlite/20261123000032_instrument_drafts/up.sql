-- An authority's own questionnaires while they are written. A published one goes to `instruments`, with its id.
CREATE TABLE instrument_drafts (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  revision INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  CONSTRAINT instrument_drafts_code_key UNIQUE (code)
) STRICT;
