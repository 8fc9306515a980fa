-- Every version of a group's charter that was published; one at most of each group is in force, that of the newest
-- publication.
CREATE TABLE charter (
  group_name TEXT NOT NULL,
  digest BLOB NOT NULL,          -- SHA-256 of bytes, which uses name
  bytes BLOB NOT NULL,           -- as signed
  library TEXT NOT NULL,         -- version of the publication that brought it first
  in_force INTEGER NOT NULL CHECK (in_force IN (0, 1)),
  PRIMARY KEY (group_name, digest)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_charter_in_force ON charter (group_name) WHERE in_force = 1;
