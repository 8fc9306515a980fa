-- What the server and every command beside it must read the same.
CREATE TABLE setting (
  name TEXT PRIMARY KEY CHECK (name IN ('offline_after')), -- milliseconds
  value INTEGER NOT NULL
) STRICT;
