-- The signed library: what is delivered to agents, file by file under the names that a delivery gives them. The table
-- library keeps the content of every version that was published, by which results are read.
CREATE TABLE library_file (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('root', 'metadata', 'target')),
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Versions signed by a single key are read on, and delivered no more.
ALTER TABLE library RENAME COLUMN bundle TO content;
ALTER TABLE library DROP COLUMN digest;
UPDATE library SET
  version = 'before-' || version,
  number = number - 1000000,
  content = CAST(json_extract(CAST(content AS TEXT), '$.content') AS BLOB);
