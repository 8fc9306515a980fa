-- Practices' consents to be named, and their ends, as they were signed; none is ever deleted.
CREATE TABLE consent (
  hub_log_index INTEGER PRIMARY KEY,  -- of "consent-received" or "consent-ended"
  practice TEXT NOT NULL REFERENCES practice (id),
  group_name TEXT NOT NULL,
  to_role TEXT NOT NULL,              -- of the group's charter, whose people see the name
  charter_digest BLOB NOT NULL,
  until TEXT NOT NULL,                -- ISO day, the last on which it counts
  ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
  log_index INTEGER NOT NULL,         -- in the practice's own log
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  receipt BLOB NOT NULL
) STRICT;

CREATE INDEX consent_by_group ON consent (group_name, practice);
