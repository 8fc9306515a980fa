-- What else a night of a supplier's extract corrects beside the rows that it gives: what a code means, and the birth from which
-- an opt-out without a date holds.

-- The extract's own ids of codes, behind the name of their table.
CREATE TABLE source_code (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;

-- By which of them the code of an event was given; 0 where the extract gives the code itself.
ALTER TABLE event ADD COLUMN source_code INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waiting_event ADD COLUMN source_code INTEGER NOT NULL DEFAULT 0;

-- Whether events of an EMIS Web extract are here that came in before these ids were kept (1).
ALTER TABLE store ADD COLUMN lacks_source_codes INTEGER NOT NULL DEFAULT 0;
UPDATE store SET lacks_source_codes = 1 WHERE events > 0 AND EXISTS (SELECT 1 FROM import WHERE format = 'emis');

-- When the newest table of codes was taken from the system: an older one that comes later explains only what none has.
CREATE TABLE code_table (name TEXT PRIMARY KEY, moment TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Rows that are events only because their code says that somebody opted out, in the version of that order: they have no date
-- (`undated` 1), or were entered as confidential.
CREATE TABLE opt_out_row (
  row INTEGER PRIMARY KEY,               -- see records/row-id.ts
  source_order INTEGER NOT NULL,
  undated INTEGER NOT NULL
) STRICT;
