-- A practice can take a release back and send one corrected release in its place. Nothing is deleted.

ALTER TABLE run ADD COLUMN correction INTEGER NOT NULL DEFAULT 0;  -- of the release that counts

CREATE TABLE release_of_run (
  run TEXT NOT NULL REFERENCES run (id),
  correction INTEGER NOT NULL,       -- 0, or 1 for the one that follows a withdrawal
  digest BLOB NOT NULL,
  bytes BLOB NOT NULL,
  library_digest BLOB NOT NULL,
  policy_k INTEGER NOT NULL,
  policy_base INTEGER NOT NULL,
  policy_midpoint INTEGER NOT NULL,
  log_index INTEGER NOT NULL,
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  record_basis TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  hub_log_index INTEGER NOT NULL,
  receipt BLOB NOT NULL,             -- the receipt's signature
  PRIMARY KEY (run, correction)
) STRICT;
INSERT INTO release_of_run SELECT run, 0, digest, bytes, library_digest, policy_k, policy_base, policy_midpoint,
  log_index, log_size, log_root, signature, record_basis, received_at, hub_log_index, receipt FROM release;
DROP TABLE release;
ALTER TABLE release_of_run RENAME TO release;

-- The practice's signed word that it takes a release back; the newest, which may allow a correction.
CREATE TABLE withdrawal (
  run TEXT NOT NULL REFERENCES run (id),
  correction INTEGER NOT NULL,       -- of the release that is taken back
  release_digest BLOB NOT NULL,
  correctable INTEGER NOT NULL,
  log_index INTEGER NOT NULL,        -- of the practice's log
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  hub_log_index INTEGER NOT NULL,    -- of "release-withdrawn"
  receipt BLOB NOT NULL,             -- the receipt's signature
  PRIMARY KEY (run, correction)
) STRICT, WITHOUT ROWID;
