-- Numbered clinicians, and the version by itself, from which a blob can be brought up to date.
DROP TABLE postings;
CREATE TABLE postings (
  key TEXT PRIMARY KEY,      -- digest of the codes, and which columns
  version INTEGER NOT NULL,  -- of the store it was read from
  state TEXT NOT NULL,       -- which store that was, and what it held: no other has the same
  body BLOB NOT NULL
) STRICT;
