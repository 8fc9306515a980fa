-- Held releases that a person keeps here for good: no group gets one, whoever asks for its run later.
CREATE TABLE kept_here (
  run TEXT NOT NULL REFERENCES run (run),
  correction INTEGER NOT NULL,   -- which release of the run
  PRIMARY KEY (run, correction)
) STRICT, WITHOUT ROWID;
