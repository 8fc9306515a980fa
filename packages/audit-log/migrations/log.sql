-- The log lives in its owner's database, so that an entry commits together with what it tells of.
CREATE TABLE IF NOT EXISTS log_entry (
  position INTEGER PRIMARY KEY, -- 0, 1, 2 ... without a gap
  time TEXT NOT NULL,           -- ISO 8601, UTC
  kind TEXT NOT NULL,
  body TEXT NOT NULL,           -- canonical JSON; stays here, the tree holds only its salted commitment
  salt BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS log_entry_of_run ON log_entry (kind, body ->> 'run'); -- the entries of a kind, or of one run
CREATE TRIGGER IF NOT EXISTS log_entry_is_append_only_update BEFORE UPDATE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS log_entry_is_append_only_delete BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- Hashes of complete subtrees: level 0 are the leaves, node (l, i) covers leaves i * 2^l up to (i + 1) * 2^l.
CREATE TABLE IF NOT EXISTS log_node (
  level INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
-- Logs that followed one another, once there is more than one: an owner that came back from a backup begins a new log.
-- The tables of one that is over are log_entry_N and log_node_N; the last of these rows is the present log's.
CREATE TABLE IF NOT EXISTS log_generation (
  number INTEGER PRIMARY KEY, -- 0 for the first log
  origin TEXT NOT NULL UNIQUE
) STRICT;
-- Each witness's newest countersigned checkpoint of each log.
CREATE TABLE IF NOT EXISTS log_cosigned (
  origin TEXT NOT NULL,
  witness TEXT NOT NULL,
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (origin, witness)
) STRICT;
