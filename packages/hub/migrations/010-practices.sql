-- A practice can leave a group at the hub, and be forgotten; a join code ends where a newer one takes its place.

ALTER TABLE practice ADD COLUMN forgotten_at INTEGER;   -- not listed since then; invited again it is known again
ALTER TABLE invitation ADD COLUMN replaced_at INTEGER;  -- a newer code has taken its place, null before

CREATE TABLE request_of_group (
  run TEXT NOT NULL REFERENCES run (id),
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  practice TEXT NOT NULL REFERENCES practice (id), -- the run's
  state TEXT NOT NULL CHECK
    (state IN ('asked', 'waiting-for-approval', 'ready', 'declined', 'refused', 'withdrawn', 'expired', 'left')),
  heard INTEGER NOT NULL DEFAULT 0,   -- the practice has said where it stands since it was last asked
  told INTEGER NOT NULL DEFAULT 0,    -- how often it was told since then
  tell_at INTEGER NOT NULL DEFAULT 0, -- not told again before this, where its agent holds the run already
  newest_use INTEGER REFERENCES release_use (hub_log_index),
  without_use INTEGER NOT NULL DEFAULT 0, -- this group's figures were made before there were uses: they needed none
  group_waits INTEGER NOT NULL DEFAULT 0, -- with waiting-for-approval: nobody there has accepted the group itself
  PRIMARY KEY (run, group_name)
) STRICT, WITHOUT ROWID;
INSERT INTO request_of_group (run, group_name, practice, state, heard, told, tell_at, newest_use, without_use)
  SELECT run, group_name, practice, state, heard, told, tell_at, newest_use, without_use FROM run_request;
DROP TABLE run_request;
ALTER TABLE request_of_group RENAME TO run_request;
CREATE INDEX request_unheard ON run_request (practice) WHERE heard = 0;
