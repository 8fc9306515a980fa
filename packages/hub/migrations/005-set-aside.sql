-- What failed is set aside, so that the rest goes on: it is said once, shown by name, and tried again later.

ALTER TABLE collection ADD COLUMN fault TEXT;       -- why it could not be closed; null: nothing failed
ALTER TABLE collection ADD COLUMN retry_at INTEGER;
ALTER TABLE schedule ADD COLUMN fault TEXT;         -- why it could not ask
ALTER TABLE schedule ADD COLUMN retry_at INTEGER;

-- Dates of a query that a schedule did not ask for, because no practice would answer them.
CREATE TABLE schedule_skip (
  schedule INTEGER NOT NULL REFERENCES schedule (id),
  due_at INTEGER NOT NULL,
  query TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (schedule, due_at, query)
) STRICT, WITHOUT ROWID;
