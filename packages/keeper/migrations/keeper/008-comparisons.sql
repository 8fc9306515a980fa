-- Comparisons that the hub made for the practice's groups, checked: the newest of each query version and date.

CREATE TABLE comparison (
  id INTEGER PRIMARY KEY,
  grp TEXT NOT NULL,
  query TEXT NOT NULL,
  query_digest BLOB NOT NULL,
  reference_date TEXT NOT NULL,  -- ISO
  revision INTEGER NOT NULL,
  digest BLOB NOT NULL,          -- SHA-256 of bytes
  bytes BLOB NOT NULL,           -- canonical JSON
  signature BLOB NOT NULL,       -- Ed25519 by the hub's log key
  origin TEXT NOT NULL,          -- of the hub's log that names it
  entry TEXT NOT NULL,           -- of that log, which does
  own INTEGER NOT NULL,          -- 1: this practice's own dots were found in it
  taken_at INTEGER NOT NULL,     -- milliseconds since 1970
  viewed INTEGER NOT NULL DEFAULT 0, -- 1: somebody here has looked at this revision
  UNIQUE (grp, query_digest, reference_date)
) STRICT;

-- Comparisons that were refused, by what came: each is in the log once. The bytes of those that differ from another are
-- kept as evidence, with that other's.
CREATE TABLE comparison_refused (
  digest BLOB NOT NULL,
  code TEXT NOT NULL,
  refused_at INTEGER NOT NULL,
  bytes BLOB,
  signature BLOB,
  origin TEXT,
  entry TEXT,
  against BLOB,                  -- bytes of the one that is here
  PRIMARY KEY (digest, code)
) STRICT;
