-- A checksum over each blob and what it is of. Blobs of before have none: they are read from the events again.
DROP TABLE postings;
CREATE TABLE postings (
  key TEXT PRIMARY KEY,       -- digest of the codes, and which columns
  version INTEGER NOT NULL,   -- of the store it was read from
  state TEXT NOT NULL,        -- which store that was, and what it held: no other has the same
  checksum INTEGER NOT NULL,  -- CRC-32 over key, version, state and body
  body BLOB NOT NULL
) STRICT;
