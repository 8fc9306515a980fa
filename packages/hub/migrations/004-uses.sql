-- A release serves a group only under a use that its practice signed. Groups that ask the same share the run.

CREATE TABLE release_use (
  hub_log_index INTEGER PRIMARY KEY, -- of "use-received" or "use-ended"
  run TEXT NOT NULL REFERENCES run (id),
  correction INTEGER NOT NULL,       -- which release of the run
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  release_digest BLOB NOT NULL,
  charter_digest BLOB NOT NULL,
  ended INTEGER NOT NULL,
  log_index INTEGER NOT NULL,        -- of the practice's log
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  receipt BLOB NOT NULL,             -- the receipt's signature
  UNIQUE (run, signature)
) STRICT;

-- Which groups ask for a run, and where its practice says that each of them stands.
CREATE TABLE run_request (
  run TEXT NOT NULL REFERENCES run (id),
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  practice TEXT NOT NULL REFERENCES practice (id), -- the run's
  state TEXT NOT NULL CHECK
    (state IN ('asked', 'waiting-for-approval', 'ready', 'declined', 'refused', 'withdrawn', 'expired')),
  heard INTEGER NOT NULL DEFAULT 0,   -- the practice has said where it stands since it was last asked
  told INTEGER NOT NULL DEFAULT 0,    -- how often it was told since then
  tell_at INTEGER NOT NULL DEFAULT 0, -- not told again before this, where its agent holds the run already
  newest_use INTEGER REFERENCES release_use (hub_log_index),
  without_use INTEGER NOT NULL DEFAULT 0, -- this group's figures were made before there were uses: they needed none
  PRIMARY KEY (run, group_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_unheard ON run_request (practice) WHERE heard = 0;

-- Every group that asked before is asked again: its practice has signed no use for it yet.
INSERT INTO run_request (run, group_name, practice, state, without_use)
  SELECT run.id, collection.group_name, run.practice,
    CASE run.state WHEN 'expired' THEN 'expired' ELSE 'asked' END, collection.closed_at IS NOT NULL
  FROM collection_member
  JOIN collection ON collection.id = collection_member.collection
  JOIN run ON run.id = collection_member.run;
