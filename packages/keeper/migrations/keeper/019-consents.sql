-- Consents to be named, and their ends, as the practice signed them: of a group and a role the newest counts.
CREATE TABLE consent (
  position INTEGER PRIMARY KEY,
  grp TEXT NOT NULL,
  to_role TEXT NOT NULL,            -- of the group's charter, whose people see the name
  charter_digest BLOB NOT NULL,     -- SHA-256 of the charter accepted then: under no other it counts
  until TEXT NOT NULL,              -- ISO day, the last on which it counts
  ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
  log_index INTEGER NOT NULL,
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  acknowledged INTEGER NOT NULL DEFAULT 0 CHECK (acknowledged IN (0, 1)) -- the hub's receipt is in the log
) STRICT;

CREATE INDEX consent_by_group ON consent (grp, to_role, position);
