-- A release serves a group only under that group's signed use: who is in a group is the practice's own say, each
-- group asks for a run by itself, and uses are rows beside the release.

-- Groups that a person at the practice has accepted, and those that it left again.
CREATE TABLE membership (
  grp TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('joined', 'left')),
  since INTEGER NOT NULL         -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

-- What a person said of a query, for one group or ('') for every group without a say of its own.
CREATE TABLE query_said (
  query TEXT NOT NULL,           -- every version of it
  grp TEXT NOT NULL,
  said TEXT NOT NULL CHECK (said IN ('approved', 'declined')),
  said_at INTEGER NOT NULL,
  PRIMARY KEY (query, grp)
) STRICT, WITHOUT ROWID;
INSERT INTO query_said SELECT query, '', 'declined', declined_at FROM declined;
DROP TABLE declined;

-- One group's request for a run, with the floor and the charter that it asks under.
CREATE TABLE request (
  run TEXT NOT NULL REFERENCES run (run),
  grp TEXT NOT NULL,
  floor_k INTEGER NOT NULL,
  floor_base INTEGER NOT NULL,
  floor_midpoint INTEGER NOT NULL,
  charter_digest BLOB NOT NULL,  -- SHA-256; empty for a group without a charter
  state TEXT NOT NULL,           -- src/runs/requests.ts
  refusal_code TEXT,
  refusal_words TEXT,
  PRIMARY KEY (run, grp)
) STRICT, WITHOUT ROWID;
INSERT INTO request SELECT run, grp, floor_k, floor_base, floor_midpoint, x'', 'waiting-for-approval', NULL, NULL FROM run;
ALTER TABLE run DROP COLUMN grp;
ALTER TABLE run DROP COLUMN floor_k;
ALTER TABLE run DROP COLUMN floor_base;
ALTER TABLE run DROP COLUMN floor_midpoint;

-- A group's leave to one release, and its end. The newest row of a run, correction and group is the one in force.
CREATE TABLE release_use (
  position INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,   -- which release of the run
  grp TEXT NOT NULL,
  release_digest BLOB NOT NULL,
  charter_digest BLOB NOT NULL,
  ended INTEGER NOT NULL,        -- 1: the practice takes the use back
  log_index INTEGER NOT NULL,    -- of "use" or "use-ended" in the log
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  handed INTEGER NOT NULL,       -- 1: the courier has been given it, so it may have left
  acknowledged INTEGER NOT NULL, -- 1: the hub has said that it holds it
  why TEXT,                      -- of an end, in the practice's own words: the log holds their salted digest
  why_salt BLOB
) STRICT;
CREATE INDEX use_of_release ON release_use (run, correction, grp, position);

-- The hub's word that it holds a use, or took note of its end.
CREATE TABLE use_receipt (
  run TEXT NOT NULL,
  correction INTEGER NOT NULL,
  grp TEXT NOT NULL,
  ended INTEGER NOT NULL,
  release_digest BLOB NOT NULL,
  hub_log_index INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (run, correction, grp, ended)
) STRICT, WITHOUT ROWID;

-- When a library version runs out (milliseconds since 1970). One whose text does not say so has run out.
ALTER TABLE library ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
UPDATE library SET expires_at = coalesce(
  unixepoch(json_extract(json_extract(CAST(bundle AS TEXT), '$.content'), '$.expires')) * 1000, 0);
