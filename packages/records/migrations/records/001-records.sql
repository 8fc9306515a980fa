-- The practice's records: the system of record at the agent. Days count from 1970-01-01.

CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  identity TEXT NOT NULL,               -- random: a store that was made anew is another store
  version INTEGER NOT NULL,             -- rises with each load that changed something
  events INTEGER NOT NULL,              -- how many rows `event` holds
  practice TEXT,                        -- the practice that the records say they are of
  basis TEXT CHECK (basis IN ('registrations', 'birth', 'first-record')),
  covers_to INTEGER                     -- the last day for which the extracts are complete
) STRICT;
INSERT INTO store VALUES (1, lower(hex(randomblob(16))), 0, 0, NULL, NULL, NULL);

CREATE TABLE patient (
  key INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again for anyone else
  practice_id TEXT NOT NULL UNIQUE,      -- the practice's own identifier, for worklists only
  sex TEXT NOT NULL,
  birth_day INTEGER,
  birth_precision TEXT CHECK (birth_precision IN ('day', 'month', 'year')),
  death_day INTEGER,
  deprivation_fifth INTEGER NOT NULL,    -- 1 to 5, 0 unknown
  ethnic_group TEXT NOT NULL
) STRICT;

CREATE TABLE registration (
  patient INTEGER NOT NULL REFERENCES patient,
  start_day INTEGER NOT NULL,
  end_day INTEGER,
  PRIMARY KEY (patient, start_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
  key INTEGER PRIMARY KEY,
  system TEXT NOT NULL,
  code TEXT NOT NULL,                    -- text: SNOMED CT ids reach 18 digits, CPRD ids 19
  UNIQUE (system, code)
) STRICT;

-- How the code of an event came about where it is not simply as recorded.
CREATE TABLE origin (
  key INTEGER PRIMARY KEY,
  code INTEGER NOT NULL REFERENCES code, -- the code as recorded
  state TEXT NOT NULL CHECK (state IN ('mapped', 'unmapped', 'ambiguous')),
  UNIQUE (code, state)
) STRICT;

CREATE TABLE measure (
  key INTEGER PRIMARY KEY,
  unit TEXT NOT NULL,                    -- as recorded
  comparator TEXT NOT NULL CHECK (comparator IN ('', '<', '<=', '>', '>=', '~')),
  UNIQUE (unit, comparator)
) STRICT;

CREATE TABLE clinician (key INTEGER PRIMARY KEY, practice_id TEXT NOT NULL UNIQUE) STRICT;

-- The large one. No foreign keys: the load gives out every key itself, and four look-ups a row would double its time.
-- 0 stands for none, because it takes no room.
CREATE TABLE event (
  patient INTEGER NOT NULL,
  day INTEGER NOT NULL,
  id INTEGER NOT NULL,                   -- order of the rows of one patient and day
  code INTEGER NOT NULL,                 -- after mapping
  value REAL,
  measure INTEGER NOT NULL,              -- unit and comparator
  quantity REAL,
  clinician INTEGER NOT NULL,
  origin INTEGER NOT NULL,               -- 0: the code is as recorded
  source_row INTEGER NOT NULL,           -- the row's id in the extract: see records/row-id.ts
  PRIMARY KEY (patient, day, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_code ON event (code, patient, day, value, measure);

-- What was loaded, and what became of it.
CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  format TEXT NOT NULL,
  source TEXT NOT NULL,
  digest TEXT NOT NULL,                  -- of the content, whatever the files are called
  version INTEGER NOT NULL,              -- of the store after it
  covers_to INTEGER,
  report TEXT NOT NULL                   -- JSON: rows taken and skipped, reasons
) STRICT;
CREATE INDEX import_by_digest ON import (digest);

-- Which patients' events a load touched, so that postings can be brought up to date for them alone.
CREATE TABLE touched (
  version INTEGER NOT NULL,
  patient INTEGER NOT NULL,
  PRIMARY KEY (version, patient)
) STRICT, WITHOUT ROWID;
