-- Whether people who opted out in the records are counted in what leaves, as the practice chose: each choice for the
-- reference dates after a day, until a later one. Before the first they are left out.
CREATE TABLE opt_out_choice (
  after TEXT PRIMARY KEY,   -- ISO day
  choice TEXT NOT NULL CHECK (choice IN ('left-out', 'counted'))
) STRICT, WITHOUT ROWID;

-- How what left for a date was made is asked for each request.
CREATE INDEX release_by_date ON release (reference_date, opt_outs);
