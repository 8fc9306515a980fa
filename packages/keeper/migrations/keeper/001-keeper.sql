-- What the practice was asked, what it decided and what left it. Nothing here is read from a record but the
-- releases, which are final. The log's own tables stand beside these (audit-log), in the same transactions.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Library versions that this keeper has verified; the newest is the one in force.
CREATE TABLE library (
  position INTEGER PRIMARY KEY,
  version TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL,          -- SHA-256 of the bundle
  bundle BLOB NOT NULL,
  verified_at INTEGER NOT NULL   -- milliseconds since 1970
) STRICT;

CREATE TABLE rule (
  grp TEXT PRIMARY KEY,          -- 'any' for groups without a rule of their own
  rule TEXT NOT NULL CHECK (rule IN ('ask', 'accept-signed', 'accept-after')),
  days INTEGER NOT NULL          -- of accept-after; else 0
) STRICT, WITHOUT ROWID;

-- Query versions that a group has asked for, and since when the practice has accepted them.
CREATE TABLE offered (
  digest BLOB NOT NULL,          -- SHA-256 of the query
  grp TEXT NOT NULL,
  query TEXT NOT NULL,
  version TEXT NOT NULL,
  offered_at INTEGER NOT NULL,
  accepted_at INTEGER,
  PRIMARY KEY (digest, grp)
) STRICT, WITHOUT ROWID;

CREATE TABLE declined (
  query TEXT PRIMARY KEY,        -- every version of it
  declined_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  run TEXT PRIMARY KEY,
  grp TEXT NOT NULL,
  query TEXT NOT NULL,
  version TEXT NOT NULL,
  digest BLOB NOT NULL,          -- SHA-256 of the query
  reference_date TEXT NOT NULL,
  floor_k INTEGER NOT NULL,      -- the group's
  floor_base INTEGER NOT NULL,
  floor_midpoint INTEGER NOT NULL,
  state TEXT NOT NULL,           -- src/runs/states.ts
  refusal_code TEXT,
  refusal_words TEXT,
  attempt INTEGER NOT NULL DEFAULT 0,  -- the hub's number of the newest lease
  starts INTEGER NOT NULL DEFAULT 0,   -- began to run and neither finished nor was called off
  change INTEGER NOT NULL              -- rises with every change of any run
) STRICT;
CREATE UNIQUE INDEX one_run_for_a_query_and_date ON run (digest, reference_date) WHERE state <> 'refused';
CREATE INDEX run_by_change ON run (change);

-- The exact bytes, made once: asking again gives these.
CREATE TABLE release (
  run TEXT PRIMARY KEY REFERENCES run (run),
  query TEXT NOT NULL,
  reference_date TEXT NOT NULL,
  bytes BLOB NOT NULL,
  digest BLOB NOT NULL,          -- SHA-256 of bytes
  query_digest BLOB NOT NULL,
  library_digest BLOB NOT NULL,
  k INTEGER NOT NULL,
  base INTEGER NOT NULL,
  midpoint INTEGER NOT NULL,
  log_index INTEGER NOT NULL,
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  record_basis INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE TRIGGER a_release_is_made_once_update BEFORE UPDATE ON release
BEGIN SELECT RAISE(ABORT, 'a release is made once'); END;
CREATE TRIGGER a_release_is_made_once_delete BEFORE DELETE ON release
BEGIN SELECT RAISE(ABORT, 'a release is made once'); END;

-- What disclosure control remembers of each table, as disclosure encodes it. Dates older than the kept history
-- are dropped, and refused from then on.
CREATE TABLE release_history (
  position INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run (run),
  query TEXT NOT NULL,
  digest TEXT NOT NULL,          -- hex SHA-256 of the query
  reference_date TEXT NOT NULL,
  entry BLOB NOT NULL
) STRICT;
CREATE INDEX history_by_date ON release_history (reference_date);
CREATE INDEX history_by_query ON release_history (query, reference_date);

-- Why cells were withheld. It stays here: the wire has one word for all of them.
CREATE TABLE withheld (
  run TEXT NOT NULL REFERENCES run (run),
  cell INTEGER NOT NULL,         -- position in the query's table
  part TEXT NOT NULL,            -- denominator or numerator
  reason TEXT NOT NULL,
  PRIMARY KEY (run, cell, part)
) STRICT, WITHOUT ROWID;

-- The hub's word that it holds a release.
CREATE TABLE receipt (
  run TEXT PRIMARY KEY REFERENCES run (run),
  release_digest BLOB NOT NULL,
  hub_log_index INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
