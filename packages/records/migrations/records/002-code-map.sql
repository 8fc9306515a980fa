-- What old codes mean today, as the practice last said it: it holds for everything in the store, whenever it came.

ALTER TABLE store ADD COLUMN code_map TEXT; -- digest of the map in force; null: there is none

CREATE TABLE code_map (
  system TEXT NOT NULL,                  -- of the code as recorded
  code TEXT NOT NULL,                    -- as recorded: letter case and spaces tell codes apart
  to_code TEXT,                          -- SNOMED CT; null where the map leaves it open
  PRIMARY KEY (system, code)
) STRICT, WITHOUT ROWID;
