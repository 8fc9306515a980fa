-- What a night names by its rows' ids alone is found without a walk over all events.
CREATE INDEX event_by_row ON event (source_row) WHERE source_row <> 0;

-- Which events the newest loads touched, so that postings are brought up to date for them alone. Code 0: all of the patient's.
CREATE TABLE touched_2 (
  version INTEGER NOT NULL,
  patient INTEGER NOT NULL,
  day INTEGER NOT NULL,
  code INTEGER NOT NULL,
  PRIMARY KEY (version, patient, day, code)
) STRICT, WITHOUT ROWID;
INSERT INTO touched_2 SELECT version, patient, 0, 0 FROM touched;
DROP TABLE touched;
ALTER TABLE touched_2 RENAME TO touched;

-- What was counted of the events at a version of the store, for the next load to count on from (quality/counts.ts).
CREATE TABLE event_counts (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,
  asked TEXT NOT NULL,                   -- a digest of the codelists that it was counted for
  body BLOB NOT NULL                     -- JSON, deflated
) STRICT;
