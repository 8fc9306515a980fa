-- The signed library: metadata that was verified last, by role, against which the next delivery is checked. The newest
-- delivery that was taken whole is the bundle of the newest library, and its version the one in force.
CREATE TABLE library_trust (
  role TEXT PRIMARY KEY,         -- root, timestamp, snapshot, targets, or a role that targets delegates to
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Libraries signed by a single key are in force no more: a person says whom to trust instead (cairn agent trust).
DELETE FROM library;
