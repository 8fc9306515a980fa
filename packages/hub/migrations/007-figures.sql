-- A figure says of whose numerators it is, how many withheld theirs and how many are carried; a state is new.

CREATE TABLE figure_of_collection (
  collection INTEGER NOT NULL REFERENCES collection (id),
  query TEXT NOT NULL,
  reference_date TEXT NOT NULL,
  cell TEXT NOT NULL,                -- the split's keys and values as canonical JSON; {} is the total
  position INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('made', 'too-few', 'dominated', 'too-close', 'members-missing')),
  contributors INTEGER NOT NULL,
  contributor_set INTEGER REFERENCES contributor_set (id),
  numerator_set INTEGER REFERENCES contributor_set (id), -- of a sum that is shown; null in figures made before this column
  withheld INTEGER NOT NULL DEFAULT 0, -- contributors whose numerator was withheld
  carried INTEGER NOT NULL DEFAULT 0, -- contributors of which a number repeats an earlier period
  numerator_low INTEGER,
  numerator_high INTEGER,
  denominator_low INTEGER,
  denominator_high INTEGER,
  median_low REAL,                   -- of the practices' proportions
  median_high REAL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (collection, position)
) STRICT, WITHOUT ROWID;
INSERT INTO figure_of_collection (collection, query, reference_date, cell, position, state, contributors,
  contributor_set, numerator_low, numerator_high, denominator_low, denominator_high, median_low, median_high, withdrawn)
SELECT collection, query, reference_date, cell, position, state, contributors,
  contributor_set, numerator_low, numerator_high, denominator_low, denominator_high, median_low, median_high, withdrawn
FROM group_figure;
DROP TABLE group_figure;
ALTER TABLE figure_of_collection RENAME TO group_figure;
CREATE INDEX figure_of_cell ON group_figure (query, reference_date, cell);
