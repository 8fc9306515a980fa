-- Months that a release was answered from and that hold hardly any events: it waits until somebody here has seen it.
-- Why stays here: what the hub is told is that of every release on hold.
CREATE TABLE thin_month (
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,   -- which release of the run
  month TEXT NOT NULL,           -- YYYY-MM
  PRIMARY KEY (run, correction, month)
) STRICT, WITHOUT ROWID;
