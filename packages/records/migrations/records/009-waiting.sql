-- What a supplier's extracts tell before it can be joined: people, and what codes mean, come a night or more after events.

-- The extract's own order of a row's versions: an older one that comes later does not count. 0: the row had none.
ALTER TABLE event ADD COLUMN source_order INTEGER NOT NULL DEFAULT 0;

-- Whose events wait: people who are not here, or whose event cannot be told before its code is explained. Their keys are
-- above those of patients.
CREATE TABLE awaited (
  key INTEGER PRIMARY KEY CHECK (key >= 33554432),
  practice_id TEXT NOT NULL UNIQUE
) STRICT;

-- Events that wait, in columns as `event` has them; `patient` is a key of `awaited`. Day -100000 is none. No answer and no
-- count reads this table.
CREATE TABLE waiting_event (
  patient INTEGER NOT NULL,
  day INTEGER NOT NULL,
  id INTEGER NOT NULL,
  code INTEGER NOT NULL,
  value REAL,
  measure INTEGER NOT NULL,
  quantity REAL,
  clinician INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  source_row INTEGER NOT NULL,
  source_order INTEGER NOT NULL,
  PRIMARY KEY (patient, day, id)
) STRICT, WITHOUT ROWID;

-- Codes that stand for an id of the extract until an extract explains it.
CREATE TABLE awaited_code (
  code INTEGER PRIMARY KEY REFERENCES code,
  id TEXT NOT NULL,                      -- the extract's, behind the name of its table
  confidential INTEGER NOT NULL,         -- 1: entered as confidential, so that an opt-out alone is kept
  waits INTEGER NOT NULL                 -- 1: no event before it is explained
) STRICT;
CREATE INDEX awaited_code_by_id ON awaited_code (id);

-- The order of rows that are no events any more, so that an older version of one does not bring it back.
CREATE TABLE gone_row (
  row INTEGER PRIMARY KEY,               -- see records/row-id.ts
  source_order INTEGER NOT NULL
) STRICT;

-- What rows said of a person by their order, in the importer's own form: later and older rows are folded into it.
CREATE TABLE kept_person (
  practice_id TEXT PRIMARY KEY,
  said TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether people of an EMIS Web extract are here of whom the loads before 007 did not keep number and marks (1): a bulk
-- extract that is all there is gives them.
ALTER TABLE store ADD COLUMN lacks_marks INTEGER NOT NULL DEFAULT 0;
UPDATE store SET lacks_marks = 1 WHERE EXISTS (SELECT 1 FROM import WHERE format = 'emis')
  AND EXISTS (SELECT 1 FROM patient WHERE number IS NULL);
