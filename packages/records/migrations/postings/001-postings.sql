-- Disposable: every blob can be read from the events again.
CREATE TABLE postings (
  key TEXT PRIMARY KEY,   -- digest of the codes, and which columns
  state TEXT NOT NULL,    -- of the store it was read from
  body BLOB NOT NULL
) STRICT;
