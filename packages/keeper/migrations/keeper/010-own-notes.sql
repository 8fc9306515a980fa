-- What the practice wrote down for itself about a question. Nothing of it leaves: the log holds the text's salted digest.
CREATE TABLE own_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- a number that is in the log is never another note's
  query TEXT NOT NULL,           -- every version of it
  date TEXT NOT NULL,            -- ISO: where it stands on the line
  text TEXT NOT NULL,
  salt BLOB NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL            -- milliseconds since 1970
) STRICT;
CREATE INDEX own_note_of_query ON own_note (query, date);
