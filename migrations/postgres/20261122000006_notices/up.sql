-- The outbox: written with the change that caused it, delivered later, each row ends in a final state.
-- No text of a message is stored and no address: wording, recipient and link are looked up when it is sent.
CREATE TABLE notices (
  id uuid NOT NULL PRIMARY KEY,
  dedupe text NOT NULL,
  wording text NOT NULL,
  recipient_kind text NOT NULL CHECK (recipient_kind IN ('person','officer')),
  recipient_id uuid NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('referral','warrn')),
  subject_id uuid NOT NULL,
  reference text NOT NULL,
  due_at timestamptz,
  state text NOT NULL CHECK (state IN ('created','sending','delivered','permanent-failure','temporary-failure','technical-failure','withdrawn')),
  attempts bigint NOT NULL,
  next_at timestamptz NOT NULL,
  leased_until timestamptz,
  problem text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT notices_dedupe_key UNIQUE (dedupe)
);
CREATE INDEX notices_next_at_idx ON notices (next_at, id) WHERE finished_at IS NULL;
CREATE INDEX notices_subject_idx ON notices (subject_kind, subject_id);
CREATE INDEX notices_created_at_idx ON notices (created_at DESC, id DESC);
