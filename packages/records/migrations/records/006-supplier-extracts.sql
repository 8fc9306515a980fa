-- What the extracts of clinical systems' suppliers need, which come every night with what changed alone.

-- An origin can be the extract's own word: it gives the code that counts beside the older one that was recorded (1). No
-- code map changes that.
CREATE TABLE origin_2 (
  key INTEGER PRIMARY KEY,
  code INTEGER NOT NULL REFERENCES code, -- the code as recorded
  state TEXT NOT NULL CHECK (state IN ('mapped', 'unmapped', 'ambiguous')),
  by_extract INTEGER NOT NULL DEFAULT 0,
  UNIQUE (code, state, by_extract)
) STRICT;
INSERT INTO origin_2 (key, code, state) SELECT key, code, state FROM origin;
DROP TABLE origin;
ALTER TABLE origin_2 RENAME TO origin;

-- Rows of people's own tables, that later extracts correct or delete by their ids alone.
CREATE TABLE kept_row (
  kind TEXT NOT NULL,                    -- of which table: registration, address
  row INTEGER NOT NULL,                  -- see records/row-id.ts
  patient INTEGER NOT NULL,
  day INTEGER NOT NULL,                  -- from which on it holds
  value INTEGER,                         -- of a registration its end; of an address its deprivation fifth
  PRIMARY KEY (kind, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_row_by_patient ON kept_row (patient, kind);
