-- A release can be taken back, and one corrected run may follow it: both stay, told apart by their number.

ALTER TABLE run ADD COLUMN correction INTEGER NOT NULL DEFAULT 0;  -- of the release that counts: 0, or 1 once corrected

CREATE TABLE release_of_run (
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,
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
  signature BLOB NOT NULL,
  PRIMARY KEY (run, correction)
) STRICT;
INSERT INTO release_of_run SELECT run, 0, query, reference_date, bytes, digest, query_digest, library_digest, k, base,
  midpoint, log_index, log_size, log_root, record_basis, signature FROM release;
DROP TABLE release;
ALTER TABLE release_of_run RENAME TO release;
CREATE TRIGGER a_release_is_made_once_update BEFORE UPDATE ON release
BEGIN SELECT RAISE(ABORT, 'a release is made once'); END;
CREATE TRIGGER a_release_is_made_once_delete BEFORE DELETE ON release
BEGIN SELECT RAISE(ABORT, 'a release is made once'); END;
-- What the practice took back. Why is its own words, which may name a patient: they stay here, and the log holds
-- their salted digest.
CREATE TABLE withdrawal (
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,   -- of the release that is taken back
  why TEXT NOT NULL,
  why_salt BLOB NOT NULL,
  release_digest BLOB NOT NULL,
  withdrawn_at INTEGER NOT NULL,
  log_index INTEGER NOT NULL,    -- of "withdrawn" in the log
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  PRIMARY KEY (run, correction)
) STRICT, WITHOUT ROWID;

-- The one corrected run that the practice allowed after a withdrawal.
CREATE TABLE correction (
  run TEXT PRIMARY KEY REFERENCES run (run),
  correction INTEGER NOT NULL CHECK (correction = 1),
  allowed_at INTEGER NOT NULL,
  log_index INTEGER NOT NULL,    -- of "correction-allowed" in the log
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE withheld_of_release (
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,
  cell INTEGER NOT NULL,         -- position in the query's table
  part TEXT NOT NULL,            -- denominator or numerator
  reason TEXT NOT NULL,
  PRIMARY KEY (run, correction, cell, part)
) STRICT, WITHOUT ROWID;
INSERT INTO withheld_of_release SELECT run, 0, cell, part, reason FROM withheld;
DROP TABLE withheld;
ALTER TABLE withheld_of_release RENAME TO withheld;

CREATE TABLE receipt_for (
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,    -- 1: the hub's word that it took note of the withdrawal
  release_digest BLOB NOT NULL,
  hub_log_index INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (run, correction, withdrawn)
) STRICT, WITHOUT ROWID;
INSERT INTO receipt_for SELECT run, 0, 0, release_digest, hub_log_index, signature FROM receipt;
DROP TABLE receipt;
ALTER TABLE receipt_for RENAME TO receipt;

-- The practice's own log says so first, or there is no second one.
CREATE TRIGGER a_correction_is_allowed_first BEFORE INSERT ON release
WHEN new.correction > 0 AND NOT EXISTS (SELECT 1 FROM correction WHERE run = new.run AND correction = new.correction)
BEGIN SELECT RAISE(ABORT, 'a corrected release follows a logged correction'); END;
