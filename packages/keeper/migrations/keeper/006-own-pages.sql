-- What the practice's own pages keep. Nothing of it leaves, and nothing that leaves is made from it.

-- What somebody here noted of a person on a query's worklist. By the practice's own identifier: it outlives an import.
CREATE TABLE mark (
  query TEXT NOT NULL,           -- every version of it
  patient TEXT NOT NULL,
  mark TEXT NOT NULL CHECK (mark IN ('seen', 'not-suitable', 'recalled')),
  why TEXT NOT NULL,             -- of 'not-suitable'; '' of the others
  by TEXT NOT NULL,
  at INTEGER NOT NULL,           -- milliseconds since 1970
  PRIMARY KEY (query, patient)
) STRICT, WITHOUT ROWID;

-- The practice's own exact total of each query at its newest date, as last counted for its first page.
CREATE TABLE own_number (
  digest TEXT PRIMARY KEY,       -- of the query, hex
  records TEXT NOT NULL,         -- identity and version of the records that were counted
  date TEXT NOT NULL,
  numerator INTEGER NOT NULL,
  denominator INTEGER NOT NULL,
  unanswerable TEXT NOT NULL     -- why these records cannot answer it; '' where they can
) STRICT, WITHOUT ROWID;
