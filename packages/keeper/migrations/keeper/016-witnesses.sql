-- What was proved to stand in the hub's log under a checkpoint with the witnesses' quorum.
CREATE TABLE hub_log_proof (
  origin TEXT NOT NULL,          -- of the hub's log
  position INTEGER NOT NULL,     -- in it
  proof TEXT NOT NULL,           -- C2SP tlog-proof, with the entry as its extra data
  PRIMARY KEY (origin, position)
) STRICT, WITHOUT ROWID;

-- Query versions of which a publication was proved so.
CREATE TABLE witnessed_query (
  digest BLOB PRIMARY KEY        -- SHA-256 of the query
) STRICT, WITHOUT ROWID;

-- When a receipt came, in milliseconds since 1970; of those from before, when they were first asked to be proved.
ALTER TABLE receipt ADD COLUMN received_at INTEGER NOT NULL DEFAULT 0;
UPDATE receipt SET received_at = unixepoch('now') * 1000;
