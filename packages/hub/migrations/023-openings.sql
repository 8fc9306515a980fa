-- What a firing decided to ask for and has not opened yet: some dates are opened at once, and a firing is for all of them.
CREATE TABLE opening (
  id INTEGER PRIMARY KEY,
  schedule INTEGER NOT NULL REFERENCES schedule (id),
  query TEXT NOT NULL,
  query_version TEXT NOT NULL,
  query_digest TEXT NOT NULL,
  reference_date TEXT NOT NULL,
  backfill INTEGER NOT NULL,         -- of the schedule's first batch
  retires INTEGER NOT NULL           -- older dates of the query are no longer asked for
) STRICT;

-- A practice's own moment within the spread comes while its agent waits for news.
CREATE INDEX run_not_due ON run (not_before) WHERE state = 'not-due';
