-- What groups wrote down about their questions, which they look at first, and what they are compared with.

CREATE TABLE group_note (
  id INTEGER PRIMARY KEY,
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  query TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'aim', 'test-of-change')),
  date TEXT NOT NULL,                    -- ISO
  text TEXT NOT NULL,
  share REAL,                            -- of an aim, in 0..1
  measured_by TEXT,                      -- of a test of change
  until TEXT,                            -- ISO; of an aim and of a test of change
  written_by TEXT NOT NULL,
  written_at INTEGER NOT NULL,           -- milliseconds since 1970
  outcome TEXT CHECK (outcome IN ('kept', 'changed', 'dropped')),
  outcome_date TEXT,
  outcome_by TEXT,
  CHECK ((kind = 'aim') = (share IS NOT NULL)),
  CHECK ((kind = 'test-of-change') = (measured_by IS NOT NULL)),
  CHECK ((kind = 'note') = (until IS NULL)),
  CHECK (kind <> 'note' OR outcome IS NULL),
  CHECK ((outcome IS NULL) = (outcome_date IS NULL) AND (outcome IS NULL) = (outcome_by IS NULL))
) STRICT;
CREATE INDEX group_note_group ON group_note (group_name, date);

CREATE TABLE group_question (
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  query TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (group_name, query)
) STRICT;

CREATE TABLE published_reference (
  query TEXT NOT NULL,
  date TEXT NOT NULL,                    -- ISO
  source TEXT NOT NULL,
  practices INTEGER NOT NULL,
  p10 REAL NOT NULL,                     -- shares in 0..1
  p50 REAL NOT NULL,
  p90 REAL NOT NULL,
  tau2 REAL NOT NULL,
  PRIMARY KEY (query, date)
) STRICT;
