-- Charters: what a group is. Those of the library in force, and of each group the one that a person here accepted.
CREATE TABLE charter (
  grp TEXT PRIMARY KEY,
  digest BLOB NOT NULL,          -- SHA-256 of bytes
  bytes BLOB NOT NULL            -- as signed
) STRICT, WITHOUT ROWID;

CREATE TABLE charter_accepted (
  grp TEXT PRIMARY KEY,
  digest BLOB NOT NULL,
  bytes BLOB NOT NULL,
  accepted_at INTEGER NOT NULL,  -- milliseconds since 1970
  by TEXT NOT NULL               -- a person, or the rule where the version widened nothing
) STRICT, WITHOUT ROWID;
